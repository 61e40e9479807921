"""Virtual patients: people who unfold over simulated weeks, the expert's key to each, its scoring. Pure."""
