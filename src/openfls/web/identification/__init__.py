"""Pages about how fractures come to be known: told by hand, dated in the future, put together wrongly."""
