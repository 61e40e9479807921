"""The one door: recognises what a file is and hands it to its reader."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

from openfls.identification.feeds.archives import BROKEN, Member, is_archive, members
from openfls.identification.feeds.csvfile.reader import read_csv
from openfls.identification.feeds.fhir.reader import file_source
from openfls.identification.feeds.fhir.stream import read_json
from openfls.identification.feeds.hl7v2.reader import read_hl7
from openfls.identification.feeds.options import FeedOptions, steady_name
from openfls.record.errors import BadInput
from openfls.record.feeds import Reading, Rejection

PEEK = 64 * 1024
_HL7 = re.compile(rb"(?:^|[\r\n\x0b])[ \t\x0b]*(?:MSH|FHS|BHS|EVN|PID)[^\w\s]")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_BINARY = (
    b"%PDF",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"\xfd7zXZ",
    b"PAR1",
    b"SQLite format",
    b"\x89PNG",
    b"\xd0\xcf\x11\xe0",
)


def read_feed(path: Path, options: FeedOptions | None = None) -> Iterator[Reading]:
    """The readings of a file, a folder or an archive of files; each file's format is recognised.

    Streams: no more is held than one bundle, one message or one row. A file that cannot be used is one
        rejection
    whose ``source.record`` is empty.

    Raises:
        BadInput: there is no such file or folder.
    """
    if not path.exists():
        raise BadInput("no such file or folder", where=str(path))
    return _read_members(path, options or FeedOptions())


def read_bytes(name: str, data: bytes, options: FeedOptions | None = None) -> Iterator[Reading]:
    """The readings of one delivered file or message. Any bytes end in readings, never in an exception."""
    return _read_member(Member(name, io.BytesIO(data)), options or FeedOptions(), steady_name(name), "here")


def _read_members(path: Path, options: FeedOptions) -> Iterator[Reading]:
    # The files of one export lie together in a folder or an archive: their short ids mean the same.
    apart = path.is_file() and not is_archive(path)
    server = steady_name(path.resolve().parent.name if apart else path.name)
    for found in members(path):
        if isinstance(found, Rejection):
            yield found
        else:
            yield from _read_member(found, options, steady_name(found.name), server)


def _read_member(member: Member, options: FeedOptions, steady: str, server: str) -> Iterator[Reading]:
    name, file = member.name, member.file
    server = options.feed or server
    buffered = io.BufferedReader(cast("Any", file), PEEK)
    try:
        kind = recognise(name, buffered.peek(PEEK)[:PEEK])
        if kind == "fhir":
            yield from read_json(buffered, name, options, server)
        elif kind == "hl7":
            yield from read_hl7(buffered, name, options)
        elif kind == "csv":
            yield from read_csv(buffered, name, options, steady)
        else:
            yield Rejection(file_source(name), kind)
    except BROKEN as error:
        yield Rejection(file_source(name), f"not readable to its end ({error})")
    finally:
        # The file is closed by who opened it, and may be by now where the reading was broken off.
        with suppress(ValueError):
            buffered.detach()


def recognise(name: str, head: bytes) -> str:
    """``fhir``, ``hl7`` or ``csv`` by the first bytes of a file, or the reason why it is none of them."""
    bare = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    lowered = name.lower()
    refused = _refused(lowered, head, bare)
    if refused:
        return refused
    if _HL7.search(head.removeprefix(b"\xef\xbb\xbf")[:4096]) or lowered.endswith(".hl7"):
        return "hl7"
    if bare[:1] in (b"{", b"[") or lowered.endswith((".json", ".ndjson", ".jsonl")):
        return "fhir"
    first = bare.splitlines()[0]
    separated = b"\x00" not in head and any(mark in first for mark in (b",", b";", b"\t", b"|"))
    if separated or head.startswith(_UTF16) or lowered.endswith((".csv", ".tsv", ".txt", ".psv")):
        return "csv"
    return "not recognised as FHIR JSON, HL7 v2 or CSV"


WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".numbers")
"""What spreadsheets write, by the ends of their names."""
_OF_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def _refused(lowered: str, head: bytes, bare: bytes) -> str:
    if not bare:
        return "the file is empty"
    if lowered.endswith(WORKBOOKS) and head.startswith(_OF_WORKBOOKS):
        return "a workbook is not read: open it and save the sheet as CSV"
    if head.startswith(_BINARY):
        return "a binary file: not JSON, HL7 or CSV"
    return "XML is not read; FHIR is read as JSON" if bare[:1] == b"<" else ""
