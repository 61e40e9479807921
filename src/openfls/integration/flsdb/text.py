"""The audit's file as CSV in memory: what a page sends and keeps. `openfls export` writes the same, line for line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

from openfls.integration.flsdb.writing import export_row, export_schema
from openfls.record.flsdb import Dataset


def csv_bytes(rows: Iterable[Mapping[str, Any]], dataset: Dataset) -> bytes:
    """The rows under the export's headings, in UTF-8."""
    names = export_schema().names
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        made = export_row(row, dataset)
        writer.writerow(["" if made.get(name) is None else made[name] for name in names])
    return text.getvalue().encode()
