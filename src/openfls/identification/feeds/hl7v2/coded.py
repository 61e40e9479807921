"""DG1, PR1 and PRB: diagnoses, operations and problems of a message as readings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from openfls.identification.feeds.evidence import Coding, Told, energy_among, from_codes, side_in
from openfls.identification.feeds.fhir.reader import counted
from openfls.identification.feeds.hl7v2.message import Message, Segment
from openfls.identification.feeds.numbers import compact_date
from openfls.identification.feeds.options import FeedOptions
from openfls.record.feeds import Energy, Reading, Rejection, Source, SourceKind
from openfls.record.people import Demographics

_INJURY = re.compile(r"[ST]\d\d", re.IGNORECASE)
_ACTION = {"DG1": 21, "PR1": 20}
_DATE = {"DG1": 5, "PR1": 5, "PRB": 7}


def read_codes(
    message: Message, person: Demographics, source: Source, options: FeedOptions
) -> Iterator[Reading]:
    """One reading for each coded segment about fractures; the others counted."""
    segments = [each for each in message.segments if each.name in _DATE]
    energy = energy_among((coding for each in segments for coding in codings(each)), options.lists)
    passed: Counter[str] = Counter()
    for segment in segments:
        reading = _reading(segment, message, person, source, energy=energy, options=options)
        if reading is not None:
            yield reading
        elif (place := _place(segment, message, source)) and _is_injury(segment):
            # It may be what a fracture was coded as first: its place says which.
            where = f"{source.record}, {source.position}"
            other = counted(segment.name, 1, where)
            yield replace(other, source=replace(other.source, record=place, version=source.version))
        else:
            passed[segment.name] += 1
    for name, count in passed.items():
        yield counted(name, count, f"{source.record}, {source.position}")


def _reading(
    segment: Segment,
    message: Message,
    person: Demographics,
    source: Source,
    *,
    energy: Energy,
    options: FeedOptions,
) -> Reading | None:
    listed = codings(segment)
    code = next((each.code for each in listed if each.code), "")
    on = compact_date(segment.component(_DATE[segment.name], 1)) or event_date(message)
    side = side_in(segment.words(4), *(each.display for each in listed))
    parts = (
        visit(message, person) or source.record,
        segment.name,
        code or segment.words(4),
        str(on or ""),
        side,
    )
    told = Told(
        source=replace(
            source,
            record=_place(segment, message, source) or " ".join(filter(None, parts)),
            kind=_kind(segment, message),
            position=f"{source.position}, {segment.name} at line {segment.line}",
        ),
        person=person,
        on=on,
        energy=energy,
        side=side,
    )
    reading = from_codes(listed, told, options.lists, segment.words(4))
    if reading is not None and segment.component(_ACTION.get(segment.name, 99), 1).upper() == "D":
        return Rejection(told.source, "the sender deleted this code", person)
    return reading


def _place(segment: Segment, message: Message, source: Source) -> str:
    """What names a code of a stay for good, whatever it is: its number in the list that each message sends whole.

    Sent again with another code it corrects the first. Empty where the stay or the place has no number.
    """
    stay = message.first("PV1")
    number = stay.component(19, 1) if stay is not None else ""
    place = segment.component(1, 1)
    if not (number and place and segment.name in _ACTION):
        return ""
    kind = segment.component(6, 1) if segment.name == "DG1" else ""
    # Some senders number each diagnosis 1: then the place names none of them.
    alike = [each for each in message.all(segment.name) if each.component(1, 1) == place]
    if sum(segment.name != "DG1" or each.component(6, 1) == kind for each in alike) > 1:
        return ""
    return " ".join(filter(None, (f"visit {number}", segment.name, f"no {place}", kind, f"by {source.feed}")))


def _is_injury(segment: Segment) -> bool:
    """Whether a diagnosis is an injury (ICD-10 S and T): another disease takes no fracture back."""
    codes = [each.code for each in codings(segment) if each.code]
    return segment.name == "DG1" and bool(codes) and all(_INJURY.match(code) for code in codes)


def codings(segment: Segment) -> list[Coding]:
    """The codes of field 3, both its first and its alternate triplet; the system may stand in field 2."""
    system = segment.component(2, 1) if segment.name != "PRB" else ""
    listed = []
    for repetition in segment.repetitions(3):
        for at in (1, 4):
            code = segment.part(repetition, at)
            if code:
                named = segment.part(repetition, at + 2) or system
                listed.append(Coding(named, code, segment.part(repetition, at + 1)))
    return listed


def visit(message: Message, person: Demographics) -> str:
    """What names the stay for good: the visit number, else the person's first number."""
    segment = message.first("PV1")
    number = segment.component(19, 1) if segment is not None else ""
    if number:
        return f"visit {number}"
    return f"person {person.identifiers[0].value}" if person.identifiers else ""


def event_date(message: Message) -> date | None:
    """When it happened: admission, else the event, else the message."""
    stay, event = message.first("PV1"), message.first("EVN")
    told = [stay.component(44, 1)] if stay is not None else []
    told += [event.component(6, 1), event.component(2, 1)] if event is not None else []
    told.append(message.header.component(7, 1))
    return next((day for text in told if (day := compact_date(text))), None)


def _kind(segment: Segment, message: Message) -> SourceKind:
    if segment.name == "PR1":
        return SourceKind.THEATRE
    stay = message.first("PV1")
    emergency = stay is not None and stay.component(2, 1).upper() == "E"
    return SourceKind.EMERGENCY if emergency else SourceKind.DIAGNOSIS
