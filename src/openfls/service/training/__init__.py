"""Training as a service keeps it: who learns, what was answered, papers, certificates, and what a supervisor sees."""
