"""How long what the service has no reason to know is kept."""
