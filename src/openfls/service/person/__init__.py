"""What is read of one person, wherever it is shown."""
