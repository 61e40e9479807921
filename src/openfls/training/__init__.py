"""Courses, virtual patients, certificates."""
