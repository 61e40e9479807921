"""Fractures that no feed told of: heard on the telephone, on a ward round, read in a letter."""
