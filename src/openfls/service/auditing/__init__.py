"""Who did and who saw what: the chains of the log, the proof that they hold, and what information governance reads."""
