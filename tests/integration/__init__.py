"""FHIR, calendars and files that leave."""
