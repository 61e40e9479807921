"""FHIR JSON of any size: small documents whole, lines one by one, a very large bundle entry by entry."""

from __future__ import annotations

import codecs
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from typing import Any

import orjson

from openfls.identification.feeds.fhir.context import Context, Entry
from openfls.identification.feeds.fhir.reader import (
    bundle_entry,
    file_source,
    read_document,
    read_entries,
    read_value,
)
from openfls.identification.feeds.options import FeedOptions
from openfls.record.feeds import Reading, Rejection, Source

WHOLE = 24 * 1024 * 1024
"""A document up to this size (bytes) is held whole, so that its references can be followed."""
CHUNK = 1024 * 1024
_ENTRIES = re.compile(r'"entry"\s*:\s*\[')
_BROKEN = object()
_BETWEEN = re.compile(r"[\s,]*")


def read_json(
    file: io.BufferedReader[Any], name: str, options: FeedOptions, server: str
) -> Iterator[Reading]:
    """The readings of a JSON or ndjson file.

    In lines, and in a bundle over `WHOLE`, resources that refer to each other are met by the identifier that
    a reference holds: the person is linked when all is read.
    """
    first = file.readline(WHOLE)
    value = _parsed(first)
    if value is not _BROKEN:
        rest = file.readline(WHOLE)
        while rest and not rest.strip():
            rest = file.readline(WHOLE)
        if not rest:
            yield from read_value(value, name, options, server)
        else:
            yield from _lines(
                chain([first, rest], iter(lambda: file.readline(WHOLE), b"")), name, options, server
            )
        return
    data = first + file.read(WHOLE)
    if len(data) <= WHOLE:
        if _looks_like_lines(name):
            yield from _lines(iter(data.splitlines(keepends=True)), name, options, server)
        else:
            yield from read_document(data, name, options, server)
    else:
        yield from _large_bundle(data, file, name, options, server)


def _parsed(line: bytes) -> object:
    try:
        value: object = orjson.loads(line.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        return _BROKEN
    return value


def _looks_like_lines(name: str) -> bool:
    return name.lower().endswith((".ndjson", ".jsonl"))


def _lines(lines: Iterator[bytes], name: str, options: FeedOptions, server: str) -> Iterator[Reading]:
    def entries() -> Iterator[Entry | Rejection | list[Reading]]:
        for number, line in enumerate(lines, start=1):
            where = f"{name}, line {number}"
            if not line.strip():
                continue
            try:
                value = orjson.loads(line.removeprefix(b"\xef\xbb\xbf"))
            except orjson.JSONDecodeError as error:
                yield Rejection(_line_source(name, number), f"not readable as JSON ({error})")
                continue
            if isinstance(value, dict) and value.get("resourceType") not in (None, "Bundle"):
                yield Entry(value, "", where)
            else:
                yield list(read_value(value, where, options, server))

    context = Context(options, server)
    waiting: list[Reading] = []

    def resources() -> Iterator[Entry]:
        for each in entries():
            if isinstance(each, Entry):
                yield each
            elif isinstance(each, Rejection):
                waiting.append(each)
            else:
                waiting.extend(each)

    for reading in read_entries(resources(), context):
        yield from _taken(waiting)
        yield reading
    yield from _taken(waiting)


def _taken(waiting: list[Reading]) -> list[Reading]:
    taken = list(waiting)
    waiting.clear()
    return taken


def _line_source(name: str, number: int) -> Source:
    return replace(file_source(name), record=f"line {number}", position=f"{name}, line {number}")


def _large_bundle(
    head: bytes, file: io.BufferedReader[Any], name: str, options: FeedOptions, server: str
) -> Iterator[Reading]:
    decoder = codecs.getincrementaldecoder("utf-8-sig")(errors="replace")
    text = decoder.decode(head)
    start = _ENTRIES.search(text)
    if start is None:
        yield Rejection(file_source(name), f"larger than {WHOLE} bytes and no bundle")
        return
    read_one = json.JSONDecoder().raw_decode
    cut_off = False

    def entries() -> Iterator[Entry]:
        nonlocal text, cut_off
        at, number = start.end(), 0
        while True:
            between = _BETWEEN.match(text, at)
            at = between.end() if between else at
            try:
                value, end = read_one(text, at)
            except json.JSONDecodeError:
                if text[at : at + 1] == "]":
                    return
                more = file.read(CHUNK)
                if not more:
                    cut_off = True
                    return
                text, at = text[at:] + decoder.decode(more), 0
                continue
            at, number = end, number + 1
            if isinstance(value, dict):
                yield from bundle_entry(value, name, number)

    yield from read_entries(entries(), Context(options, server))
    if cut_off:
        yield Rejection(file_source(name), "the bundle is cut off; what came before was read")
