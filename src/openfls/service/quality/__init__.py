"""What a service counts of itself: how it does over time, what of it may leave, and the rows it is counted from."""
