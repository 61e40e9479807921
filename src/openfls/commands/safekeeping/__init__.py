"""Commands by which nothing is lost: backups, restores, and the whole of it taken to another database."""
