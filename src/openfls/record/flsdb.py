"""The FLS-DB row: one flat row for one person's index fracture, as database, measures and export share it.

The columns are data (``data/flsdb_columns.csv``, ``data/flsdb_options.csv``). A value of a choice column is
kept in the words of the audit's own export, so that a row, an export and a measure need no translation.
A column without a field number is ours: keys, grouping, deaths, and steps that the audit does not ask for.

Source: names and quoted options of real exports, published in the analysis of the ADOPT study (Oxford, 2026).
An option list marked ``recalled`` is not confirmed against the audit's own specification.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from openfls.record.advice import Confidence


class ColumnKind(StrEnum):
    """The type of a column's values. An empty value is always possible and means *not recorded*."""

    TEXT = "text"
    DATE = "date"
    INTEGER = "integer"
    NUMBER = "number"
    CHOICE = "choice"
    CHOICES = "choices"  # one or more options, joined by JOINER


class Dataset(StrEnum):
    """Version of the audit's option lists: ``2020`` as in exports of 2023, ``2024`` as in exports of 2024."""

    V2020 = "2020"
    V2024 = "2024"


JOINER = ";"
"""Joins the options of a ``choices`` column, as in real exports: ``Alendronate;Denosumab``."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the row.

    ``field`` is the audit's question number, empty for a column of ours; ``export_name`` the name without it.
    ``confidence`` is how the field's meaning and options are known, None for a column of ours.
    """

    name: str
    field: str
    export_name: str
    kind: ColumnKind
    meaning: str
    confidence: Confidence | None
    option_list: str = ""

    @property
    def header(self) -> str:
        """The heading in the audit's export: number and name (the age stands without a number)."""
        return self.export_name if self.name == "age" else f"{self.field} {self.export_name}".strip()

    @property
    def in_export(self) -> bool:
        """Whether the audit's export has this column."""
        return bool(self.field)

    def options(self, dataset: Dataset = Dataset.V2024) -> tuple[str, ...]:
        """The allowed options in that version; empty where they are not known or the column is no choice."""
        return _options().get((self.option_list, dataset), ())

    @property
    def all_options(self) -> tuple[str, ...]:
        """The options of every version, the newest version's first, each once."""
        return tuple(dict.fromkeys(self.options(Dataset.V2024) + self.options(Dataset.V2020)))


def _table(name: str) -> list[dict[str, str]]:
    text = files("openfls.record").joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def _options() -> dict[tuple[str, Dataset], tuple[str, ...]]:
    found: dict[tuple[str, Dataset], tuple[str, ...]] = {}
    for row in _table("flsdb_options.csv"):
        for dataset in [Dataset(row["dataset"])] if row["dataset"] else list(Dataset):
            key = (row["list"], dataset)
            found[key] = (*found.get(key, ()), row["option"])
    return found


COLUMNS: tuple[Column, ...] = tuple(
    Column(
        name=row["name"],
        field=row["field"],
        export_name=row["export_name"],
        kind=ColumnKind(row["kind"]),
        meaning=row["meaning"],
        confidence=Confidence(row["confidence"]) if row["confidence"] else None,
        option_list=row["options"],
    )
    for row in _table("flsdb_columns.csv")
)
"""Every column in the order of the row: ours first, then by field number, then ours again."""

BY_NAME: dict[str, Column] = {column.name: column for column in COLUMNS}

DRUGS: tuple[str, ...] = (
    "Alendronate",
    "Risedronate",
    "Ibandronate",
    "Zoledronate",
    "Denosumab",
    "Teriparatide",
    "Romosozumab",
    "Alfacalcidol",
    "Systemic Oestrogens",
)
"""The options of fields 4.01, 6.05 and 7.05 that name a drug."""

REFERRED: tuple[str, ...] = ("Referred for further clinical opinion", "Referred to GP to decide prescription")
"""The options of field 4.01 that refer the decision to somebody else."""

SITE_2020: dict[str, str] = {
    "Humerus": "Non hip/non spine",
    "Pelvis": "Non hip/non spine",
    "Wrist": "Non hip/non spine",
    "Other": "Non hip/non spine",
}
"""Options of field 1.11 that the version of 2020 does not know, and what they are in it."""
