"""Nothing lost: backups that are tested, restores that refuse what is not whole, and all of it taken elsewhere."""
