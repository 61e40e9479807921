"""The spec tables: one for a measure, cases as rows, days counted from the index diagnosis."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from openfls.quality import SET_IDS
from openfls.record.flsdb import BY_NAME, COLUMNS, ColumnKind

FOLDER = Path(__file__).parent / "spec"
INDEX = date(2024, 1, 1)
BASE = {"service": "Alder", "age": 80, "index_diagnosis_date": INDEX}


@dataclass(frozen=True)
class Case:
    set_id: str
    measure: str
    name: str
    as_of: date
    row: dict
    state: str
    reason: str


def cases() -> list[Case]:
    """Every case of every table."""
    found = []
    for path in sorted(FOLDER.glob("*.csv")):
        set_id = next(name for name in SET_IDS if path.stem.startswith(f"{name}-"))
        measure = path.stem.removeprefix(f"{set_id}-")
        with path.open(encoding="utf-8", newline="") as file:
            found += [_case(set_id, measure, line) for line in csv.DictReader(file)]
    return found


def _case(set_id: str, measure: str, line: dict[str, str]) -> Case:
    row: dict = dict.fromkeys(column.name for column in COLUMNS) | BASE
    for name, text in line.items():
        if name in BY_NAME:
            row[name] = _value(BY_NAME[name].kind, text)
    as_of = INDEX + timedelta(days=int(line["as_of_day"]))
    return Case(set_id, measure, line["case"], as_of, row, line["state"], line["reason"])


def _value(kind: ColumnKind, text: str):
    if text in ("", "-"):
        return None
    if kind is ColumnKind.DATE:
        return INDEX + timedelta(days=int(text))
    return int(text) if kind is ColumnKind.INTEGER else text
