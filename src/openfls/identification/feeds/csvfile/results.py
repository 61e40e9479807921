"""A row that holds a result: columns for code or test, value, unit and date."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from openfls.identification.feeds.measured import Result, from_result, may_be_held
from openfls.identification.feeds.options import FeedOptions
from openfls.identification.results.interpret import Raw
from openfls.record.feeds import Reading, Source
from openfls.record.people import Demographics

COLUMNS = frozenset({"value", "unit", "test"})
One = Callable[[str], str]


def raw_of(one: One, options: FeedOptions) -> Raw | None:
    """The result that a row holds, where it is of a kind that we read."""
    code, test = one("code"), one("test")
    if not options.measured or not (code or test):
        return None
    codings = ((one("system"), code, test), ("", test, test))
    raw = Raw(codings, one("value"), one("unit"), options.results)
    known = options.catalogue.knows(codings, options.results)
    return raw if known or may_be_held(raw, options) else None


def result_of(
    raw: Raw, one: One, person: Demographics, on: date | None, source: Source, options: FeedOptions
) -> Reading:
    """The row as a reading."""
    told = Result(
        source=replace(source, record=_key(raw, one, person)),
        person=person,
        on=on,
        teller=one("source") or source.feed,
    )
    reading = from_result(raw, told, options)
    assert reading is not None
    return reading


def _key(raw: Raw, one: One, person: Demographics) -> str:
    """What names the result for good. Only a row that names itself can be corrected: else its value is part of it."""
    _, code, test = raw.codings[0]
    own = one("record")
    told: Mapping[str, str] = {
        "person": ",".join(f"{each.system}|{each.value}" for each in person.identifiers),
        "test": code or test,
        "on": one("on"),
    }
    parts = [*told.values()] if own or one("version") else [*told.values(), raw.value, raw.unit]
    digest = hashlib.sha256("\x1e".join(parts).encode("utf-8", "replace")).hexdigest()[:16]
    return f"result {own}#{digest}"
