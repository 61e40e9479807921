"""The command line: the same work from a shell."""
