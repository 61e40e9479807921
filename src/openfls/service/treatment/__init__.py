"""What is taken: courses worked out from what was told of them, entry by entry, and the courses of older databases."""
