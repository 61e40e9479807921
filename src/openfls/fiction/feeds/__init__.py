"""The year as the files that hospital systems deliver: CSV, HL7 v2 and FHIR, with their usual faults."""

from __future__ import annotations

from openfls.fiction.feeds.csv_extract import emergency_files
from openfls.fiction.feeds.fhir import theatre_files
from openfls.fiction.feeds.hl7v2 import radiology_files, ward_files
from openfls.fiction.feeds.laboratory import laboratory_files, scan_files
from openfls.fiction.values import FeedFile, Year


def feed_files(year: Year) -> list[FeedFile]:
    """Every delivery of the year in the order of arrival; no two names are alike."""
    files = [
        *emergency_files(year),
        *radiology_files(year),
        *ward_files(year),
        *theatre_files(year),
        *laboratory_files(year),
        *scan_files(year),
    ]
    return sorted(files, key=lambda file: (file.delivered_on, file.name))


__all__ = ["feed_files"]
