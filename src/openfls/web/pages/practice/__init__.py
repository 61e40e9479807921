"""Practising on virtual patients: the cases, the door of one, its notes, and what it was worth."""

from openfls.web.pages.practice.pages import door, listed, notes, result

__all__ = ["door", "listed", "notes", "result"]
