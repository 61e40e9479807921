"""Code lists as files: a CSV whose first lines, each begun with ``#``, name the pack."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from importlib import resources
from pathlib import Path

from openfls.identification.codes.entries import CodeClass, CodeEntry, Pack
from openfls.identification.codes.icd10 import normal
from openfls.identification.codes.systems import CodeSystem, system_named
from openfls.record.advice import Confidence
from openfls.record.errors import BadInput
from openfls.record.findings import Kind
from openfls.record.sites import Side, Site

Rows = Iterator[tuple[int, dict[str, str]]]


def read_pack(name: str) -> tuple[dict[str, str], Rows]:
    """The header and the rows of one of our own lists, ``data/<name>.csv``."""
    text = resources.files("openfls.identification.codes").joinpath("data", f"{name}.csv").read_text("utf-8")
    return split_pack(text)


def split_pack(text: str) -> tuple[dict[str, str], Rows]:
    """The ``# name: value`` header of a list's text, and its rows with their line numbers."""
    lines = text.splitlines()
    header: dict[str, str] = {}
    while lines and lines[0].startswith("#"):
        name, _, value = lines.pop(0).lstrip("# ").partition(":")
        header[name.strip()] = value.strip()
    return header, _rows(lines, first_line=len(header) + 2)


def _rows(lines: list[str], first_line: int) -> Rows:
    for number, row in enumerate(csv.DictReader(lines), start=first_line):
        yield number, {name: (value or "").strip() for name, value in row.items() if isinstance(name, str)}


def pack_of(header: dict[str, str]) -> Pack:
    """The pack that a header names; a trust's list needs only an ``id``."""
    on = header.get("date", "")
    return Pack(
        id=header.get("id", "local"),
        version=header.get("version", ""),
        on=date.fromisoformat(on) if on else date.min,
        source=header.get("source", ""),
    )


def entry_of(row: dict[str, str], pack: Pack, system: str) -> CodeEntry:
    """One row as an entry. Raises ValueError with the reason where a value is not one of ours."""
    code_class = CodeClass(row.get("class", "") or "review")
    site = Site(row["site"]) if row.get("site") else None
    if site is None and code_class is not CodeClass.FLAG:
        raise ValueError("no site")
    if not row.get("code"):
        raise ValueError("no code")
    return CodeEntry(
        system=system,
        code=row["code"],
        title=row.get("title", ""),
        site=site,
        side=Side(row.get("side", "")),
        code_class=code_class,
        kind=Kind(row["kind"]) if row.get("kind") else Kind.TRAUMATIC,
        note=row.get("note", ""),
        source=row.get("source", ""),
        confidence=Confidence(row["confidence"]) if row.get("confidence") else Confidence.CHECKED,
        pack=pack,
    )


@dataclass(frozen=True, slots=True)
class Refused:
    """A row of a list that cannot be used, and why; ``row`` is its line."""

    row: int
    field: str
    reason: str
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class TrustList:
    """A trust's own list as read: its pack, its rows with their lines, and the rows that were refused."""

    pack: Pack
    entries: tuple[tuple[int, CodeEntry], ...]
    refused: tuple[Refused, ...]


def parse_trust_list(text: str, where: str = "") -> TrustList:
    """A trust's own list from its text: columns ``system`` (or in the header), ``code``, ``site``, ``class``, others
    as in ours. Of two rows for one code the later one is refused.

    Raises:
        BadInput: the header's date is none, a needed column is missing, or there is no row.
    """
    header, rows = split_pack(text)
    try:
        pack = pack_of(header)
    except ValueError as error:
        raise BadInput(f"the date in the header: {error}", where=where) from error
    entries: list[tuple[int, CodeEntry]] = []
    refused: list[Refused] = []
    seen: dict[tuple[str, str], int] = {}
    for number, row in rows:
        if "code" not in row:
            raise BadInput(f"no column code among {', '.join(row)}", where=where, field="code")
        if not any(row.values()):
            continue
        try:
            entry = _trust_entry(row, pack, header)
        except _BadField as error:
            refused.append(Refused(number, error.field, str(error), row))
            continue
        first = seen.setdefault((entry.system, entry.code), number)
        if first != number:
            refused.append(Refused(number, "code", f"{entry.code} stands in row {first} already", row))
            continue
        entries.append((number, entry))
    if not entries and not refused:
        raise BadInput("no code in the list", where=where)
    return TrustList(pack, tuple(entries), tuple(refused))


class _BadField(ValueError):
    """A value that is not one of ours."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


_CHOICES: dict[str, type[StrEnum]] = {
    "class": CodeClass,
    "site": Site,
    "side": Side,
    "kind": Kind,
    "confidence": Confidence,
}


def _trust_entry(row: dict[str, str], pack: Pack, header: dict[str, str]) -> CodeEntry:
    named = row.get("system") or header.get("system", "")
    system = system_named(named)
    if system is None:
        raise _BadField("system", f"{named!r} is none of {', '.join(CodeSystem)}")
    for field, kind in _CHOICES.items():
        if row.get(field) and row[field] not in set(kind):
            raise _BadField(field, f"{row[field]!r} is none of {', '.join(filter(None, kind))}")
    if not row["code"]:
        raise _BadField("code", "no code")
    if system is not CodeSystem.SNOMED and not normal(row["code"]):
        raise _BadField("code", f"{row['code']!r} is no code of {system}")
    if system is CodeSystem.SNOMED and not row["code"].isdigit():
        raise _BadField("code", f"{row['code']!r} is no code of {system}")
    try:
        return entry_of(row, pack, system)
    except ValueError as error:
        raise _BadField("site" if str(error) == "no site" else "", str(error)) from error


def read_trust_list(path: Path) -> list[CodeEntry]:
    """A trust's own list out of a file, whole or not at all.

    Raises:
        BadInput: the file is not there, is no text, or a row is refused (see `parse_trust_list`).
    """
    if not path.is_file():
        raise BadInput("no such file", where=str(path))
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput("not text in UTF-8", where=str(path)) from error
    read = parse_trust_list(text, str(path))
    for bad in read.refused:
        raise BadInput(bad.reason, where=str(path), row=bad.row, field=bad.field)
    return [entry for _, entry in read.entries]
