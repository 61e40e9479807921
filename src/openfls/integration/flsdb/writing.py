"""The audit's export: rows checked, what is to be mended first, and the file in either version of the data set."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import duckdb
import pyarrow as pa

from openfls.integration.flsdb.problems import Problem, checks, held, shown
from openfls.record.flsdb import COLUMNS, JOINER, SITE_2020, Column, ColumnKind, Dataset

_ARROW = {ColumnKind.DATE: pa.date32(), ColumnKind.INTEGER: pa.int64(), ColumnKind.NUMBER: pa.float64()}
_KEYS = ("record_id", "service")
_SINGLE_CHOICE = {Dataset.V2024: ("bone_therapy",)}
"""Fields that were seen with one option only in that version's exports."""

SCHEMA = pa.schema([(column.name, _ARROW.get(column.kind, pa.string())) for column in COLUMNS])
"""The row as an Arrow schema."""


@cache
def export_columns() -> tuple[Column, ...]:
    """The columns of the file: our two keys, then the audit's in its order."""
    return tuple(column for column in COLUMNS if column.in_export or column.name in _KEYS)


def export_schema() -> pa.Schema:
    """The export's headings with their types: what a `TableWriter` asks for."""
    return pa.schema(
        [(column.header or column.name, SCHEMA.field(column.name).type) for column in export_columns()]
    )


def export_row(row: Mapping[str, Any], dataset: Dataset) -> dict[str, Any]:
    """A row under the export's headings, its options in the words of that version.

    The version of 2020 has three sites, so there a wrist becomes *Non hip/non spine*: that cannot be undone.
    """
    made = {column.header or column.name: row.get(column.name) for column in export_columns()}
    if dataset is Dataset.V2020:
        for column in export_columns():
            if column.option_list == "site":
                made[column.header] = SITE_2020.get(row.get(column.name) or "", row.get(column.name))
    return made


def mend_list(rows: Iterable[Mapping[str, Any]], dataset: Dataset, as_of: date) -> Iterator[Problem]:
    """Everything to look at before the rows are sent; ``row`` counts the rows from 1.

    Problems whose ``action`` is ``mend`` break a rule between fields or an option list; those marked ``look`` may
    be right as they are. The rules are ours: the audit's own validation was not found.
    """
    listed = list(rows)
    fields = _option_fields(dataset)
    for number, row in enumerate(listed, start=1):
        for field in fields:
            value = row.get(field.name)
            if value is not None and value not in field.known:
                yield from field.problems(number, row, value)
    yield from _repeated(listed)
    yield from _broken(listed, as_of)


def _broken(rows: Sequence[Mapping[str, Any]], as_of: date) -> Iterator[Problem]:
    """The rows that break a rule between fields."""
    # Only what the rules read goes to DuckDB, column by column: rows by rows would take ten times as long.
    used = [name for name in SCHEMA.names if name in _USED]
    table = pa.table(
        {name: pa.array([row.get(name) for row in rows], SCHEMA.field(name).type) for name in used}
    )
    with closing(duckdb.connect()) as connection:
        connection.register("given", table)
        failing = connection.execute(
            f"""SELECT * FROM (SELECT row_number() OVER (), coalesce(record_id, ''), {held(as_of)} AS held, {shown()}
            FROM given) WHERE list_contains(held, TRUE) ORDER BY 1"""
        ).fetchall()
    for number, record_id, broken, values in failing:
        for check, is_broken, value in zip(checks(), broken, values, strict=True):
            if is_broken:
                action = "mend" if check.level == "error" else "look"
                yield Problem(number, record_id, check.column, value or "", check.problem, action)


_USED = frozenset(
    {"record_id"}
    | {check.column for check in checks()}
    | {word for check in checks() for word in re.findall(r"[a-z_0-9]+", check.condition)}
)


@dataclass(frozen=True, slots=True)
class _OptionField:
    """A field with options in a version: those ``known`` as whole values, those allowed as parts of a joined one."""

    name: str
    dataset: Dataset
    known: frozenset[str]
    joined: bool
    single: bool

    def problems(self, number: int, row: Mapping[str, Any], value: str) -> Iterator[Problem]:
        """What is wrong with a value that is none of the options as it stands."""
        parts = value.split(JOINER) if self.joined else [value]
        record_id = row.get("record_id") or ""
        if any(part not in self.known for part in parts):
            problem = f"not an option of the data set of {self.dataset.value}"
            yield Problem(number, record_id, self.name, value, problem, "mend")
        if len(parts) > 1 and self.single:
            problem = f"more than one option; the exports of {self.dataset.value} have one"
            yield Problem(number, record_id, self.name, value, problem, "look")


@cache
def _option_fields(dataset: Dataset) -> tuple[_OptionField, ...]:
    found = []
    for column in export_columns():
        options = column.options(dataset)
        if options:
            # What the version of 2020 does not know is written as what it is there.
            also = SITE_2020 if dataset is Dataset.V2020 and column.option_list == "site" else ()
            single = column.name in _SINGLE_CHOICE.get(dataset, ())
            joined = column.kind is ColumnKind.CHOICES
            found.append(_OptionField(column.name, dataset, frozenset((*options, *also)), joined, single))
    return tuple(found)


def _repeated(rows: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for number, row in enumerate(rows, start=1):
        key = row.get("record_id") or ""
        if not key:
            yield Problem(number, "", "record_id", "", "no record_id", "mend")
        elif key in seen:
            yield Problem(number, key, "record_id", key, f"the same as in row {seen[key]}", "mend")
        seen.setdefault(key, number)
