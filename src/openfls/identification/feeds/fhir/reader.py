"""FHIR JSON in, readings out: a bundle, a resource or a list of them, as one document or line by line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import orjson

from openfls.identification.feeds.fhir.context import Context, Entry, context_of
from openfls.identification.feeds.fhir.resources import read_resource
from openfls.identification.feeds.fhir.shape import Json, objs, text
from openfls.identification.feeds.options import FeedOptions
from openfls.record.feeds import Notice, Reading, Rejection, Source, SourceKind
from openfls.record.people import Demographics

DEEPEST = 20


def read_document(data: bytes, name: str, options: FeedOptions, server: str) -> Iterator[Reading]:
    """The readings of one JSON document that is held whole; one rejection where it is not JSON or no FHIR."""
    try:
        value = orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        yield Rejection(file_source(name), f"not readable as JSON ({error})")
        return
    yield from read_value(value, name, options, server)


def read_value(value: object, name: str, options: FeedOptions, server: str) -> Iterator[Reading]:
    """The readings of one decoded JSON value."""
    resources = [value] if isinstance(value, dict) else value if isinstance(value, list) else []
    entries = [entry for number, each in enumerate(resources) for entry in _entries(each, name, number)]
    if not entries:
        empty = isinstance(value, dict) and value.get("resourceType") == "Bundle"
        yield Rejection(
            file_source(name), "a bundle without entries" if empty else "JSON, but no FHIR resource in it"
        )
        return
    yield from read_entries(entries, context_of(entries, options, server))


def read_entries(entries: Iterable[Entry], context: Context) -> Iterator[Reading]:
    """The readings of resources; those not about fractures come at the end, counted by type, diagnoses one by one."""
    passed: Counter[str] = Counter()
    where = ""
    for entry in entries:
        where = where or entry.position
        kind = text(entry.resource.get("resourceType"))
        if not kind:
            yield Rejection(
                Source("fhir", entry.position, SourceKind.ENCOUNTER, entry.position), "no resource type"
            )
            continue
        try:
            readings = read_resource(entry, context)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            source = context.source(entry, SourceKind.ENCOUNTER)
            yield Rejection(source, f"not readable as a {kind} ({error})")
            continue
        if not readings and kind == "Condition":
            # One that told of a fracture before may have been coded anew: it keeps its own key.
            yield Notice(context.source(entry, SourceKind.DIAGNOSIS), Demographics(), "other", kind)
        elif not readings:
            passed[kind] += 1
        yield from readings
    for kind, count in passed.items():
        yield counted(kind, count, where)


def counted(kind: str, count: int, position: str) -> Notice:
    """``count`` records of a type that are not about fractures."""
    return Notice(
        Source("", f"{kind} at {position}", SourceKind.ENCOUNTER, position),
        Demographics(),
        "other",
        kind,
        count,
    )


def file_source(name: str) -> Source:
    """The source of a whole file: no record in it could be named."""
    return Source(name, "", SourceKind.ENCOUNTER, name)


def _entries(resource: object, name: str, number: int, depth: int = 0) -> Iterator[Entry]:
    if not isinstance(resource, dict) or depth > DEEPEST:
        return
    if resource.get("resourceType") != "Bundle":
        if resource:
            yield Entry(resource, "", f"{name}, resource {number + 1}")
        return
    for at, entry in enumerate(objs(resource.get("entry")), start=1):
        yield from bundle_entry(entry, name, at, depth)


def bundle_entry(entry: Json, name: str, at: int, depth: int = 0) -> Iterator[Entry]:
    """The resource of one bundle entry; a bundle within a bundle is opened."""
    inner = entry.get("resource")
    if isinstance(inner, dict) and inner.get("resourceType") == "Bundle":
        yield from _entries(inner, f"{name}, entry {at}", 0, depth + 1)
    elif isinstance(inner, dict):
        yield Entry(inner, text(entry.get("fullUrl")), f"{name}, entry {at}")
