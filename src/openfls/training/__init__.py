"""Courses, virtual patients, certificates. Not built yet."""
