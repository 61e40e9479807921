"""What feeds tell of people without a fracture here: kept under their numbers, no person, no search."""
