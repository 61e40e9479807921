"""The quality pages: measures and their charts, what is taken away, the national audit file, other services."""
