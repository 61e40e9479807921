"""Which column of the row a heading in somebody's file means."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from openfls.record.errors import BadInput
from openfls.record.flsdb import BY_NAME, COLUMNS

_NUMBER = re.compile(r"\s*['\"]?[Qq]?(\d\.\d\d)\b")


@dataclass(frozen=True, slots=True)
class Headings:
    """Columns found (name of ours to heading), headings that mean none, and columns of the export not there."""

    found: Mapping[str, str]
    strange: tuple[str, ...]
    missing: tuple[str, ...]


def key(heading: str) -> str:
    """A heading without its number, case, blanks and signs."""
    return re.sub(r"[^a-z0-9]", "", _NUMBER.sub("", heading).lower())


@cache
def _aliases() -> dict[str, str]:
    text = (
        files("openfls.integration.flsdb").joinpath("data", "column_aliases.csv").read_text(encoding="utf-8")
    )
    names = {row["heading"]: row["column"] for row in csv.DictReader(text.splitlines())}
    names |= {key(column.export_name): column.name for column in COLUMNS if column.export_name}
    return names | {key(column.name): column.name for column in COLUMNS}


@cache
def _numbers() -> dict[str, str]:
    return {column.field: column.name for column in COLUMNS if column.field}


def column_of(heading: str) -> str | None:
    """The column that a heading means: by its name, by a name in use elsewhere, or by its question number."""
    if heading in BY_NAME:
        return heading
    known = _aliases().get(key(heading))
    if known:
        return known
    number = _NUMBER.match(heading)
    return _numbers().get(number.group(1)) if number else None


def match(headings: Sequence[str], chosen: Mapping[str, str] | None = None) -> Headings:
    """Match every heading. ``chosen`` maps headings to columns where the user says so; the first match wins.

    Raises BadInput where ``chosen`` names a heading or a column that does not exist.
    """
    for heading, name in (chosen or {}).items():
        if heading not in headings:
            raise BadInput(f"the file has no column {heading!r}")
        if name not in BY_NAME:
            raise BadInput(f"the FLS-DB row has no column {name!r}", field=heading)
    found: dict[str, str] = {name: heading for heading, name in (chosen or {}).items()}
    strange = []
    # An exact name is sure: it is taken before a name that only resembles a column.
    for heading in sorted(headings, key=lambda heading: heading not in BY_NAME):
        if heading in (chosen or {}):
            continue
        meant = column_of(heading)
        if meant is None or meant in found:
            strange.append(heading)
        else:
            found[meant] = heading
    missing = tuple(column.name for column in COLUMNS if column.in_export and column.name not in found)
    return Headings(found, tuple(strange), missing)
