"""What a service is to expect in a year: its own figures, and the one answer to "whom do we miss?"."""
