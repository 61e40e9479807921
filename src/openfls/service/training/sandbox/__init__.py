"""Practising on virtual patients: the room of each try, its days, what was recorded in it, and what that was worth."""
