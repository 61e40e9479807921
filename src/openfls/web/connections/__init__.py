"""The manager's pages about other systems: who may read, who is told what happened, and what could not be delivered."""
