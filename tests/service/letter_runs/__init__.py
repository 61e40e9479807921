"""Work on all letters of a batch."""
