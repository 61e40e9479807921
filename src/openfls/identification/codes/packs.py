"""Code lists as files: a CSV whose first lines, each begun with ``#``, name the pack."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from importlib import resources
from pathlib import Path

from openfls.identification.codes.entries import CodeClass, CodeEntry, Pack
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


def read_trust_list(path: Path) -> list[CodeEntry]:
    """A trust's own list: columns ``system`` (or in the header), ``code``, ``site``, ``class``, others as in
    ours.

    Raises:
        BadInput: the file is not there, or a row names a system, site, side, class or kind that does not
            exist.
    """
    if not path.is_file():
        raise BadInput("no such file", where=str(path))
    try:
        header, rows = split_pack(path.read_text("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadInput("not text in UTF-8", where=str(path)) from error
    try:
        pack = pack_of(header)
    except ValueError as error:
        raise BadInput(f"the date in the header: {error}", where=str(path)) from error
    entries = []
    for number, row in rows:
        named = row.get("system") or header.get("system", "")
        system = system_named(named)
        if system is None:
            known = ", ".join(CodeSystem)
            raise BadInput(f"{named!r} is none of {known}", where=str(path), row=number, field="system")
        try:
            entries.append(entry_of(row, pack, system))
        except ValueError as error:
            raise BadInput(str(error), where=str(path), row=number) from error
    if not entries:
        raise BadInput("no code in the list", where=str(path))
    return entries
