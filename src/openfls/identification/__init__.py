"""Feeds in, report text, code lists: fractures found, and why."""
