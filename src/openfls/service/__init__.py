"""What is kept, and who did it: tables, actions, permissions, audit log."""
