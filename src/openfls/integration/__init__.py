"""What leaves the service: the national audit row and its file."""
