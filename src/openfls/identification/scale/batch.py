"""One batch of reports in, one row for each out: what every engine runs."""

from __future__ import annotations

import json
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from openfls.identification.reports.reader import read_report
from openfls.identification.scale.candidates import may_mention
from openfls.identification.scale.columns import names_of, texts_of
from openfls.record.findings import Finding, Triage, triage

RESULT: Final = pa.schema(
    [("id", pa.string()), ("triage", pa.string()), ("findings", pa.string()), ("error", pa.string())]
)
"""The columns of what comes out: ``findings`` is a JSON list, ``error`` null but for a row that could not be read."""

_NOTHING: Final = "[]"
_write = json.JSONEncoder(ensure_ascii=False).encode


def read_batch(batch: pa.RecordBatch, *, evidence: bool = False) -> pa.RecordBatch:
    """The triage and the findings of each report of a batch, in its order; never raises for a row.

    Args:
        batch: with the columns ``id`` (text or a number) and ``text``; others are passed over.
        evidence: whether each finding gets its places in the text and the rules used.

    Returns:
        A batch of the schema `RESULT`. A report that could not be read (no text, not text, broken bytes, a fault of
        the reader) is a ``review``, for nobody knows what it says, with the reason in ``error``.

    Raises:
        KeyError: the batch has no column ``id`` or ``text``.
    """
    names, unnamed = names_of(batch.column("id"))
    texts, unread = texts_of(batch.column("text"))
    triages = [Triage.NONE.value] * len(texts)
    findings = [_NOTHING] * len(texts)
    chosen = may_mention(texts).fill_null(False)
    rows = pc.indices_nonzero(chosen).to_pylist()
    for row, text in zip(rows, texts.filter(chosen).to_pylist(), strict=True):
        try:
            found = read_report(text, evidence=evidence)
            if found:
                findings[row] = _write([as_object(finding, text, evidence=evidence) for finding in found])
                triages[row] = triage(found).value
        except Exception as error:
            # Whatever goes wrong in one report costs only that report. The text itself stays out of the reason.
            unread[row] = f"text: the reader failed ({type(error).__name__})"
    for row in unread:
        triages[row], findings[row] = Triage.REVIEW.value, _NOTHING
    faults = {**unread, **unnamed}
    errors = [faults.get(row) for row in range(len(texts))] if faults else [None] * len(texts)
    columns = (pa.array(each, pa.string()) for each in (triages, findings, errors))
    return pa.RecordBatch.from_arrays([names, *columns], schema=RESULT)


def as_object(finding: Finding, text: str, *, evidence: bool) -> dict[str, Any]:
    """One finding as `openfls read` writes it."""
    row: dict[str, Any] = {
        "site": finding.site.value,
        "side": finding.side.value,
        "levels": ";".join(finding.levels),
        "certainty": finding.certainty.value,
        "age": finding.age.value,
        "kind": finding.kind.value,
    }
    if evidence:
        row["evidence"] = [
            {"start": span.start, "end": span.end, "rule": span.rule, "text": text[span.start : span.end]}
            for span in finding.spans
        ]
    return row
