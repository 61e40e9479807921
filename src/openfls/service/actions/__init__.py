"""One function for each thing that happens: keyword arguments, ``by`` required, one transaction, one audit event."""
