"""Filling a new installation with a fictional hospital's year, through the same doors as real work."""
