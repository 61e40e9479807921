"""Pages of the clinic: its levelled days, its settings, and the calendar that other programs read."""
