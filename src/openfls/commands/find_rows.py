"""A found fracture and a record left out, as rows of the tables that `openfls find` writes."""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa

from openfls.identification.episodes.persons import INVALID_NHS_NUMBER, nhs_number
from openfls.record.feeds import FoundFracture, Observation, Source
from openfls.record.people import Demographics

FOUND = pa.schema(
    [
        ("person_id", pa.string()),
        ("nhs_number", pa.string()),
        ("birth_date", pa.date32()),
        ("sex", pa.string()),
        ("deceased", pa.string()),
        ("fracture_date", pa.date32()),
        ("age_at_fracture", pa.int64()),
        ("site", pa.string()),
        ("side", pa.string()),
        ("levels", pa.string()),
        ("triage", pa.string()),
        ("reason", pa.string()),
        ("sources", pa.string()),
        ("evidence", pa.string()),
    ]
)
LEFT_OUT = pa.schema([(name, pa.string()) for name in ("feed", "position", "record", "person_id", "reason")])


def found_row(found: FoundFracture) -> dict[str, Any]:
    """One fracture as a row. ``deceased`` is the day, ``true`` where the day is not known, or empty."""
    person = found.person
    return {
        "person_id": found.person_id,
        "nhs_number": nhs_number(person),
        "birth_date": person.birth_date,
        "sex": person.sex.value,
        "deceased": _deceased(person),
        "fracture_date": found.on,
        "age_at_fracture": found.age_at_fracture,
        "site": found.site.value,
        "side": found.side.value,
        "levels": ";".join(found.levels),
        "triage": found.triage.value,
        "reason": "; ".join([found.reason, *_flagged_numbers(person)]),
        "sources": "; ".join(f"{each.source.kind} {own_record(each.source)}" for each in found.observations),
        "evidence": json.dumps([_evidence(each) for each in found.observations], ensure_ascii=False),
    }


def own_record(source: Source) -> str:
    """The record as its sender names it; what the reader added behind a ``#`` to a table's row is left
    off."""
    own, mark, added = source.record.partition("#")
    return (own or added) if mark and source.feed.startswith("csv ") else source.record


def _deceased(person: Demographics) -> str:
    if person.deceased_on is not None:
        return person.deceased_on.isoformat()
    return "true" if person.deceased else ""


def _flagged_numbers(person: Demographics) -> list[str]:
    return [
        f"NHS number {each.value} fails its check digit and was not matched on"
        for each in person.identifiers
        if each.system == INVALID_NHS_NUMBER
    ]


def _evidence(observation: Observation) -> dict[str, Any]:
    source = observation.source
    told: dict[str, Any] = {
        "source": source.kind.value,
        "feed": source.feed,
        "record": own_record(source),
        "position": source.position,
        "on": observation.on.isoformat() if observation.on else None,
        "code": observation.code,
        "display": observation.display,
        "energy": observation.energy.value,
        "remark": observation.remark,
        "findings": [
            {
                "site": finding.site.value,
                "side": finding.side.value,
                "levels": ";".join(finding.levels),
                "certainty": finding.certainty.value,
                "age": finding.age.value,
                "kind": finding.kind.value,
                "spans": [
                    {
                        "start": span.start,
                        "end": span.end,
                        "rule": span.rule,
                        "text": observation.text[span.start : span.end],
                    }
                    for span in finding.spans
                ],
            }
            for finding in observation.findings
        ],
    }
    return {name: value for name, value in told.items() if value not in ("", None)}
