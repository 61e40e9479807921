"""One row of a hospital's table as readings: its person, its codes, its report, or the reason why not."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from openfls.identification.codes import CodeSystem
from openfls.identification.episodes.judging import MINIMUM_AGE
from openfls.identification.feeds.csvfile.cells import FieldFault, Row, date_of
from openfls.identification.feeds.csvfile.columns import Columns, recognise, source_kind
from openfls.identification.feeds.csvfile.person import person_of, with_birth_note
from openfls.identification.feeds.csvfile.results import COLUMNS as RESULT_COLUMNS
from openfls.identification.feeds.csvfile.results import raw_of, result_of
from openfls.identification.feeds.csvfile.rows import PREFACE, Broken, rows
from openfls.identification.feeds.evidence import (
    Coding,
    Told,
    energy_among,
    from_codes,
    from_text,
    is_listed,
    is_named,
    side_in,
)
from openfls.identification.feeds.fhir.reader import counted, file_source
from openfls.identification.feeds.options import FeedOptions
from openfls.record.feeds import Energy, Notice, Observation, Reading, Rejection, Source, SourceKind
from openfls.record.people import Demographics

_EVIDENCE = frozenset({"code", "procedure", "text", "words"})
_TELLS_MORE = frozenset({"text", "words", "deceased", "deceased_on"})
NO_FRACTURE = "row without a fracture code"
_ABOUT_PEOPLE = frozenset({"hospital_number", "nhs_number", "deceased", "deceased_on"})
_MANGLED = re.compile(r"\d(?:\.\d+)?[Ee]\+\d+")
_WHOLE_NUMBER = re.compile(r"(\d{6,18})\.0")
_VALUE = re.compile(r"\d{6}|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")
"""A number or a day, as no name of a column has it."""
_SPLIT = re.compile(r"[;,|\s]+")


def read_csv(file: io.BufferedReader[Any], name: str, options: FeedOptions, label: str) -> Iterator[Reading]:
    """The readings of a CSV file. Each row that cannot be used is one rejection naming row, field and
    reason."""
    for _, readings in read_rows(file, name, options, label):
        yield from readings


@dataclass(slots=True)
class _Table:
    """What the header says, once it has been met."""

    columns: Columns | None = None
    width: int = 0


def read_rows(
    file: io.BufferedReader[Any], name: str, options: FeedOptions, label: str
) -> Iterator[tuple[int, list[Reading]]]:
    """Each row's line and readings; line 0 is about the file."""
    table = _Table()
    nothing = True
    titles: list[tuple[list[str], str]] = []
    for each in rows(file):
        if isinstance(each, Broken):
            nothing = False
            line = each.line
            yield line, [Rejection(_source(name, label, f"line {line}", line), each.reason)]
        elif table.columns is None:
            table.columns, why = header_columns(each[1], options)
            table.width = len(each[1])
            if table.columns is None:
                titles.append((each[1], why))
                if len(titles) >= PREFACE:
                    break
        else:
            nothing = False
            yield each[0], _guarded(each, table.width, table.columns, name=name, options=options, label=label)
    if table.columns is None and titles:
        header, why = max(titles, key=lambda title: len(title[0]))
        yield 0, [Rejection(file_source(name), why or _no_header(header))]
    elif nothing:
        yield 0, [Rejection(file_source(name), "a table without rows")]


def _no_header(row: list[str]) -> str:
    """Why a row is no header. Where it holds numbers or days it may be somebody's row: it is not shown."""
    cells = [cell.strip() for cell in row if cell.strip().isprintable()]
    if not any(cells):
        return "no column is recognised: its first lines hold no words"
    if any(_VALUE.search(cell) for cell in cells):
        return f"no line names its columns: the first with {len(cells)} values holds a row"
    return f"no column is recognised among: {', '.join(cell[:40] for cell in cells[:12])}"


def header_columns(row: list[str], options: FeedOptions) -> tuple[Columns | None, str]:
    """The columns that a header names, None for a row that is none; the reason where a mapping does not fit."""
    try:
        columns = recognise(row, options.columns)
    except ValueError as error:
        return None, str(error)
    if not set(columns) & (_EVIDENCE | _ABOUT_PEOPLE) or len(row) == 1:
        return None, ""
    return columns, ""


def _guarded(
    numbered: tuple[int, list[str]],
    width: int,
    columns: Columns,
    *,
    name: str,
    options: FeedOptions,
    label: str,
) -> list[Reading]:
    line, values = numbered
    row = Row(values, columns)
    raw = raw_of(row.one, options)
    if len(values) == width and raw is None and _of_no_concern(row, options):
        return [counted(NO_FRACTURE, 1, "")]
    source = replace(_source(name, options.feed or label, _key(row), line), version=row.one("version"))
    surplus = len(values) > width and any(value.strip() for value in values[width:])
    breaks = sum(value.count("\n") for value in values)
    if surplus or (len(values) < width and breaks):
        # A quotation mark that is not closed swallows the rows behind it; they are named by their lines.
        until = f" to {line + breaks}, is a quotation mark open?" if breaks else ""
        return [Rejection(source, f"line {line}{until}: {len(values)} values under {width} columns")]
    mangled = next((code for code in row.all("code") if _MANGLED.fullmatch(code)), "")
    if mangled:
        return [Rejection(source, f"line {line}, code: {mangled} was shortened by a spreadsheet")]
    try:
        if raw is not None:
            on = date_of(row, "on")
            return [result_of(raw, row.one, person_of(row, options, on), on, source, options)]
        return _readings(row, source, options)
    except FieldFault as error:
        return [Rejection(source, f"line {line}, {error}", person_of(row, options, None, lenient=True))]


def _of_no_concern(row: Row, options: FeedOptions) -> bool:
    """Whether a row holds codes alone and none that any list has, so that nothing else of it is looked at."""
    if not _TELLS_MORE.isdisjoint(row.columns):
        return False
    cells = [*row.all("code"), *row.all("procedure")]
    if not cells or any(_MANGLED.fullmatch(cell) for cell in cells):
        return False
    listed = [*_codings(row, "code"), *_codings(row, "procedure", CodeSystem.OPCS4)]
    return not any(is_listed(coding, options.lists) for coding in listed)


def _key(row: Row) -> str:
    """What names a row for good: the sender's own number and, behind a ``#``, what the row says.

    The number alone is not enough: an attendance has a row for each of its codes, an accession one for each
    film. A corrected text takes the place of the first only where a column says when a row was last changed. Another
    code never does: a later extract may hold the second code of an attendance alone, and no fracture may be lost.
    """
    told = [field for field in row.columns if field != "version" and field not in RESULT_COLUMNS]
    if row.one("version"):
        told = [field for field in told if field not in ("text", "words")]
    content = "\x1e".join("\x1f".join([field, *row.all(field)]) for field in sorted(told))
    return f"{row.one('record')}#{hashlib.sha256(content.encode('utf-8', 'replace')).hexdigest()[:12]}"


def _source(name: str, label: str, key: str, line: int) -> Source:
    return Source(f"csv {label}", key, SourceKind.DIAGNOSIS, f"{name}, line {line}")


def _readings(row: Row, source: Source, options: FeedOptions) -> list[Reading]:
    on = date_of(row, "on")
    person = person_of(row, options, on)
    diagnoses, operations = _codings(row, "code"), _codings(row, "procedure", CodeSystem.OPCS4)
    told = Told(
        source=source,
        person=person,
        on=on,
        energy=_energy(row, [*diagnoses, *_codings(row, "cause")], options),
        side=side_in(row.one("side")) if len(row.one("side")) > 1 else side_in(_letter(row.one("side"))),
    )
    source = with_birth_note(source, row, person)
    told = replace(told, source=source)
    young = _too_young(row, person)
    if young:
        return [Rejection(source, young, person)]
    readings: list[Reading] = []

    def add(key: str, kind: SourceKind, read: Callable[[Told], Reading | None]) -> None:
        # The first reading is the row's own; more of the same row are numbered by what they say.
        mine = replace(source, kind=source_kind(row.one("source"), kind))
        mine = replace(mine, record=f"{source.record} {key}") if readings else mine
        readings.extend(filter(None, [read(replace(told, source=mine))]))

    text = row.one("text")
    if text:
        add("report", SourceKind.RADIOLOGY, lambda at: from_text(text, at, row.one("exam")))
    for coding in diagnoses or [Coding("", "")]:
        add(coding.code, SourceKind.DIAGNOSIS, lambda at, c=coding: _coded(c, at, row, options))  # type: ignore[misc]
    for coding in operations:
        add(coding.code, SourceKind.THEATRE, lambda at, c=coding: from_codes([c], at, options.lists))  # type: ignore[misc]
    return _settled(readings, row, told)


def _too_young(row: Row, person: Demographics) -> str:
    """Why a row without a birth date is left out by its own column of ages; empty where it is not."""
    match = re.match(r"(\d{1,3})\b|(\d{1,3})[yY]", row.one("age"))
    if match is None or person.birth_date is not None:
        return ""
    age = int(match[1] or match[2])
    return f"aged {age} by the record's own column, under {MINIMUM_AGE}" if age < MINIMUM_AGE else ""


def _coded(coding: Coding, told: Told, row: Row, options: FeedOptions) -> Reading | None:
    words = row.one("words")
    side = told.side or side_in(words, coding.display)
    return from_codes([replace(coding, display=words)], replace(told, side=side), options.lists)


def _settled(readings: list[Reading], row: Row, told: Told) -> list[Reading]:
    """A row's observations; without one, its first rejection; without that, a person or a row of no
    concern."""
    observed: list[Reading] = [each for each in readings if isinstance(each, Observation)]
    if observed or readings:
        return observed or readings[:1]
    if not set(row.columns) & _EVIDENCE or told.person.deceased:
        if is_named(told.person):
            return [Notice(told.source, told.person, "death" if told.person.deceased else "demographics")]
        return [Rejection(told.source, "no person named", told.person)]
    if not any(row.all(field) for field in _EVIDENCE):
        return [Rejection(told.source, "neither code nor report", told.person)]
    return [counted(NO_FRACTURE, 1, told.source.position)]


def _codings(row: Row, field: str, system: str = "") -> list[Coding]:
    named = system or row.one("system")
    codes = [code for cell in row.all(field) for code in _codes_in(cell)]
    return [Coding(named, code) for code in dict.fromkeys(codes)]


def _codes_in(cell: str) -> list[str]:
    # "S52.5 - Fracture of lower end of radius", "S525;W010", "263199001 | Fracture of distal end of radius |"
    parts = [_WHOLE_NUMBER.sub(r"\1", part) for part in _SPLIT.split(cell) if part]
    coded = [part for part in parts if any(character.isdigit() for character in part)]
    return coded if len(coded) == len(parts) else coded[:1] or parts[:1]


def _energy(row: Row, codings: list[Coding], options: FeedOptions) -> Energy:
    stated = row.one("energy").casefold()
    if stated in set(Energy):
        return Energy(stated)
    return energy_among(codings, options.lists)


def _letter(side: str) -> str:
    return {"l": "left", "r": "right", "b": "both"}.get(side.casefold(), "")
