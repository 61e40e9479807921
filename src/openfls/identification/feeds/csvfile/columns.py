"""Which column of a hospital's file is what: recognised by name, or named by the service."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from openfls.identification.feeds.options import FeedOptions
from openfls.identification.results.catalogue import check_own
from openfls.record.errors import BadInput
from openfls.record.feeds import SourceKind

Columns = dict[str, list[int]]
"""The positions of each field's columns."""


@lru_cache(maxsize=1)
def _known() -> dict[str, Any]:
    file = resources.files("openfls.identification.feeds.csvfile").joinpath("data", "columns.toml")
    return tomllib.loads(file.read_text("utf-8"))


@lru_cache(maxsize=1)
def _names() -> tuple[dict[str, str], dict[str, str]]:
    whole: dict[str, str] = {}
    numbered: dict[str, str] = {}
    for field, names in _known()["fields"].items():
        for name in (field, *names):
            into = numbered if name.endswith("*") else whole
            into.setdefault(bare(name), field)
    return whole, numbered


def bare(name: str) -> str:
    """A column's name without case, spaces and punctuation."""
    return re.sub(r"[^a-z0-9]", "", name.casefold())


def fields() -> frozenset[str]:
    """The fields that a mapping may name."""
    return frozenset(_known()["fields"])


def fields_in_order() -> tuple[str, ...]:
    """The same in the order of our list."""
    return tuple(_known()["fields"])


def check_columns(columns: object, where: str) -> dict[str, str]:
    """A mapping from field to column, checked.

    Raises:
        BadInput: it is no mapping from text to text, or names a field that does not exist.
    """
    if not isinstance(columns, dict) or not all(isinstance(each, str) for each in columns.values()):
        raise BadInput("columns must name one column for each field", where=where)
    for field in columns:
        if field not in fields():
            raise BadInput(
                f"no such field; there are {', '.join(sorted(fields()))}", where=where, field=field
            )
    return columns


def recognise(header: Sequence[str], mapping: Mapping[str, str]) -> Columns:
    """The columns of each field, by the service's mapping first and by known names after.

    A field mapped to an empty name has no column in the file, whatever its columns are called.
    Raises ValueError with the reason where the mapping names a column that the file does not have.
    """
    columns: Columns = {}
    names = [bare(name) for name in header]
    taken: set[int] = set()
    for field, column in mapping.items():
        wanted = bare(column)
        if not wanted:
            continue
        at = [position for position, name in enumerate(names) if name == wanted]
        if not at:
            raise ValueError(f"the mapping's column {column!r} for {field} is not in the file")
        columns[field] = at
        taken.update(at)
    whole, numbered = _names()
    for position, name in enumerate(names):
        if position in taken or not name:
            continue
        field = (
            whole.get(name) or numbered.get(re.sub(r"\d+(?:code|cd)?$", "", name)) or numbered.get(name, "")
        )
        if (
            field
            and field not in mapping
            and (field not in columns or field in ("code", "cause", "procedure"))
        ):
            columns.setdefault(field, []).append(position)
    return columns


def source_kind(words: str, otherwise: SourceKind) -> SourceKind:
    """The kind of record that the words of a source column mean."""
    lowered = words.strip().casefold()
    for kind, beginnings in _known()["sources"].items():
        if lowered and any(lowered.startswith(each) for each in beginnings):
            return SourceKind(kind)
    return otherwise


def load_mapping(path: Path, options: FeedOptions | None = None) -> FeedOptions:
    """A service's mapping file (TOML) laid over ``options``: ``feed``, ``hospital_system``, and the tables
    ``columns`` and ``results``.

    Raises:
        BadInput: the file is not there, is no TOML, or names a field that does not exist.
    """
    from dataclasses import replace

    if not path.is_file():
        raise BadInput("no such file", where=str(path))
    try:
        told = tomllib.loads(path.read_text("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"not readable as TOML ({error})", where=str(path)) from error
    columns = check_columns(told.get("columns", {}), str(path))
    base = options or FeedOptions()
    return replace(
        base,
        columns={**base.columns, **columns},
        results={**base.results, **check_own(told.get("results", {}), str(path))},
        feed=str(told.get("feed", base.feed)),
        hospital_system=str(told.get("hospital_system", base.hospital_system)),
    )
