"""Other systems: who may read what, what is gathered for them, and the outbox that tells them what happened."""
