"""From a result as sent to a reading: the value in our unit, or its rejection with the reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from openfls.identification.episodes.persons import matchable
from openfls.identification.feeds.evidence import NO_PERSON, is_named
from openfls.identification.feeds.options import FeedOptions
from openfls.identification.results.interpret import CannotUse, Raw, interpret
from openfls.record.feeds import Measured, Rejection, ResultStatus, Source, SourceKind
from openfls.record.people import Demographics

SENT = 100


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

    if options.catalogue.field_of(raw.codings, raw.own) is None:
        return None
    if told.withdrawn:
        return left_out(told.withdrawn)
    if not is_named(told.person):
        return Rejection(source, f"{NO_PERSON}; result {named}", told.person)
    if not matchable(told.person) or told.on is None:
        # A name and a birth date are enough for a fracture; each result would make another person of them.
        no_number = "no number by which its person can be found"
        return left_out("no day was sent on which it was taken" if matchable(told.person) else no_number)
    try:
        understood = interpret(raw, options.catalogue)
    except CannotUse as error:
        return left_out(str(error))
    assert understood is not None
    return Measured(
        source=source,
        person=told.person,
        on=told.on,
        field=understood.field,
        value=understood.value,
        as_sent=f"{raw.value.strip()} {raw.unit.strip()}".strip()[:SENT],
        comparator=understood.comparator,
        at=told.at,
        status=told.status,
        teller=told.teller[:SENT],
    )
