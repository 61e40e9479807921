"""Every file of a case by its name, as the command writes it and a page hands it out."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from openfls.record.cells import safe_cell
from openfls.toolkit.analysis import tables
from openfls.toolkit.charts import charts
from openfls.toolkit.evaluate import Prepared
from openfls.toolkit.report import pdf
from openfls.toolkit.run_record import parameter_rows
from openfls.toolkit.wording import against, sentences


def files(
    prepared: Prepared, found: Mapping[str, Any], record: Mapping[str, Any]
) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file; the same inputs give the same bytes."""
    drawings = charts(found)
    yield (
        "summary.json",
        as_json({"sentences": sentences(found), "against": against(found), **found}),
    )
    yield "run-record.json", as_json(record)
    for name, rows in tables(prepared).items():
        yield f"{name}-by-year.csv", as_csv(rows)
    yield "parameters.csv", as_csv(parameter_rows(prepared))
    for name, svg in drawings.items():
        yield f"{name}.svg", svg.encode()
    yield "report.pdf", pdf(found, drawings, record)


def as_json(value: object) -> bytes:
    """A value as readable JSON."""
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def as_csv(rows: Sequence[Mapping[str, object]]) -> bytes:
    """Rows as CSV with a heading; a text cell that a spreadsheet would take for a formula gets an apostrophe."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: _safe(value) for key, value in row.items()} for row in rows)
    return out.getvalue().encode()


def _safe(value: object) -> object:
    return safe_cell(value) if isinstance(value, str) else value
