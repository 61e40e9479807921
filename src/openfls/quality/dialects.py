"""The engines that a measure can run on, and what is the same for all of them."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

EPOCH = date(1970, 1, 1)
"""Days are counted from here."""

LATER = date(9871, 6, 5)
"""The day that stands for the day of the count in a compiled text; no rule has a number like it."""

MADE_SPLITS = ("age_band", "deprivation_fifth")
"""Columns of the prepared row by which counts can be divided, besides those of the row itself."""


class Dialect(StrEnum):
    """The engines that a measure can run on."""

    DUCKDB = "duckdb"
    SQLITE = "sqlite"
    POSTGRES = "postgres"
    SPARK = "pyspark"
