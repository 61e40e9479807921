"""Rows made up for the tests: seeded, and full of the days on which a definition turns."""

from __future__ import annotations

import random
from datetime import date, timedelta

from openfls.record.flsdb import BY_NAME, COLUMNS, DRUGS, ColumnKind

EDGES = (
    -400,
    -1,
    0,
    1,
    2,
    83,
    84,
    85,
    89,
    90,
    91,
    111,
    112,
    113,
    335,
    336,
    363,
    364,
    365,
    391,
    392,
    393,
    500,
)
AS_OF = date(2024, 6, 30)


def _some(rng: random.Random, options, blank=0.2):
    return None if rng.random() < blank else rng.choice(options)


def made_row(rng: random.Random, number: int) -> dict[str, object]:
    """One row; every column there, None where blank."""
    index = (
        None if rng.random() < 0.03 else AS_OF - timedelta(days=rng.choice((*EDGES[1:], *range(0, 900, 17))))
    )

    def event(blank=0.3):
        if rng.random() < blank:
            return None
        start = index or date(2023, 5, 1)
        return start + timedelta(days=rng.choice(EDGES))

    row: dict[str, object] = dict.fromkeys(column.name for column in COLUMNS)
    for column in COLUMNS:
        if column.kind is ColumnKind.CHOICE:
            row[column.name] = _some(rng, column.all_options)
    died = rng.random() < 0.1
    row |= {
        "record_id": f"r{number:06d}",
        "service": rng.choice(("Alder", "Birch", "Cedar's")),
        "age": _some(rng, (49, 50, 62, 74, 75, 76, 90), 0.05),
        "index_diagnosis_date": index,
        "fls_contact_date": event(),
        "fls_assessment_date": event(),
        "dxa_date": event(),
        "follow_up_16_weeks_date": event(),
        "follow_up_52_weeks_date": event(),
        "information_given_date": event(),
        "bone_therapy_started_date": event(),
        "gp_letter_date": event(),
        "patient_letter_date": event(),
        "dxa": _some(rng, ("Ordered", "Recommended", "Recommended", "No")),
        "followed_up_16_weeks": _some(rng, ("Yes", "Yes", "Yes", "No", "Died")),
        "followed_up_52_weeks": _some(rng, ("Yes", "Yes", "Yes", "No", "Died")),
        "deceased": "Yes" if died else _some(rng, ("No",)),
        "death_date": event() if died else None,
        "bone_therapy": _therapy(rng, "bone_therapy"),
        "bone_therapy_16_weeks": _therapy(rng, "bone_therapy_16_weeks"),
        "bone_therapy_52_weeks": _therapy(rng, "bone_therapy_52_weeks"),
        "referrals": _some(rng, ("Falls clinic", "None", "Falls clinic;Physiotherapy", "Don't know"), 0.5),
    }
    return row


def _therapy(rng: random.Random, column: str):
    draw = rng.random()
    if draw < 0.2:
        return None
    if draw < 0.6:
        return rng.choice(DRUGS)
    if draw < 0.7:
        return ";".join(rng.sample(BY_NAME[column].all_options, 2))
    return rng.choice(BY_NAME[column].all_options)


def made_rows(seed: int, count: int) -> list[dict[str, object]]:
    """``count`` rows from ``seed``."""
    rng = random.Random(seed)
    return [made_row(rng, number) for number in range(count)]
