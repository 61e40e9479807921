"""The clinic: reviews levelled over its days, and calendars that other programs read."""
