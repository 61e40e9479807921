"""From a result as sent to a reading: the value in our unit, or its rejection with the reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from openfls.identification.episodes.persons import matchable
from openfls.identification.feeds.evidence import NO_PERSON, is_named
from openfls.identification.feeds.options import FeedOptions
from openfls.identification.results.catalogue import Catalogue, is_number, local_code
from openfls.identification.results.interpret import CannotUse, Raw, Understood, UnknownUnit, interpret
from openfls.record.feeds import Measured, Rejection, ResultStatus, Source, SourceKind, Unread
from openfls.record.people import Demographics

SENT = 100
NOT_MAPPED = "result {}: a code of its sender’s own, not mapped yet"


@dataclass(frozen=True, slots=True)
class Result:
    """What a record says beside the code and the value. ``withdrawn``: why its sender takes it back, else empty."""

    source: Source
    person: Demographics
    on: date | None
    at: str = ""
    status: ResultStatus = ResultStatus.FINAL
    withdrawn: str = ""
    teller: str = ""


def from_result(raw: Raw, told: Result, options: FeedOptions) -> Measured | Rejection | None:
    """A result as a reading; None where it is of no kind that we read. The reason names the test, never the value."""
    named = next((name or code for _, code, name in raw.codings if name or code), "result")[:SENT]
    source = replace(told.source, kind=SourceKind.RESULT)

    def left_out(why: str) -> Rejection:
        return Rejection(source, f"result {named}: {why}", told.person)

    unknown = options.catalogue.field_of(raw.codings, raw.own) is None
    if unknown and not may_be_held(raw, options):
        return None
    if told.withdrawn:
        return left_out(told.withdrawn)
    if not is_named(told.person):
        return Rejection(source, f"{NO_PERSON}; result {named}", told.person)
    if not matchable(told.person) or told.on is None:
        # A name and a birth date are enough for a fracture; each result would make another person of them.
        no_number = "no number by which its person can be found"
        return left_out("no day was sent on which it was taken" if matchable(told.person) else no_number)
    unread = _unread(raw, told, told.on) if options.holds_unknown else None
    if unknown:
        return Rejection(source, NOT_MAPPED.format(named), told.person, unread=unread)
    return _interpreted(raw, replace(told, source=source), told.on, options.catalogue, named, unread)


def _interpreted(
    raw: Raw, told: Result, on: date, catalogue: Catalogue, named: str, unread: Unread | None = None
) -> Measured | Rejection:
    """The result; one whose unit nobody has explained yet goes on as ``unread``."""
    try:
        understood: Understood | None = interpret(raw, catalogue)
    except CannotUse as error:
        held = unread if isinstance(error, UnknownUnit) and is_number(raw.value) else None
        return Rejection(told.source, f"result {named}: {error}", told.person, unread=held)
    assert understood is not None
    return Measured(
        source=told.source,
        person=told.person,
        on=on,
        field=understood.field,
        value=understood.value,
        as_sent=f"{raw.value.strip()} {raw.unit.strip()}".strip()[:SENT],
        comparator=understood.comparator,
        at=told.at,
        status=told.status,
        teller=told.teller[:SENT],
    )


def may_be_held(raw: Raw, options: FeedOptions) -> bool:
    """Whether a result that we do not know is a number under a code of its sender's own."""
    return options.holds_unknown and local_code(raw.codings) is not None and is_number(raw.value)


def _unread(raw: Raw, told: Result, on: date) -> Unread:
    first = next(((code, name) for _, code, name in raw.codings if code or name), ("", ""))
    code, name = local_code(raw.codings) or first
    return Unread(
        code=(code or name)[:SENT],
        name=name[:SENT],
        value=raw.value.strip()[:SENT],
        unit=raw.unit.strip()[:SENT],
        on=on,
        at=told.at,
        status=told.status,
        teller=told.teller[:SENT],
        specimen=raw.specimen[:SENT],
    )


def as_mapped(told: Rejection, field: str, unit: str, catalogue: Catalogue) -> Measured | Rejection:
    """A result under its sender's own code, once somebody has said what the code and its unit mean.

    ``unit`` is one of ours for the field, whatever the sender calls it.
    """
    sent = told.unread
    assert sent is not None
    assert told.person is not None
    raw = Raw((("", sent.code, sent.name),), sent.value, unit, own={sent.code: field}, specimen=sent.specimen)
    result = Result(told.source, told.person, sent.on, sent.at, sent.status, teller=sent.teller)
    found = _interpreted(raw, result, sent.on, catalogue, sent.name or sent.code)
    if isinstance(found, Rejection):
        return found
    return replace(found, as_sent=f"{sent.value} {sent.unit}".strip()[:SENT])
