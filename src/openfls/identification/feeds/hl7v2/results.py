"""Coded OBX segments as results: a value, its unit, its status (HL7 table 0085), the day it was taken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from openfls.identification.feeds.hl7v2.message import Message, Segment
from openfls.identification.feeds.measured import Result, from_result, may_be_held
from openfls.identification.feeds.numbers import compact_date
from openfls.identification.feeds.options import FeedOptions
from openfls.identification.results.interpret import Raw
from openfls.record.feeds import Reading, ResultStatus, Source
from openfls.record.people import Demographics

_TYPES = frozenset({"NM", "SN", "ST", "CE", "CWE", "CNE", "TX", "FT"})
_NUMBERS = frozenset({"NM", "SN"})
_STATUS = {
    "P": ResultStatus.PRELIMINARY,
    "R": ResultStatus.PRELIMINARY,
    "S": ResultStatus.PRELIMINARY,
    "C": ResultStatus.CORRECTED,
}
_TAKEN_BACK = {
    "D": "deleted by its sender",
    "W": "sent in error",
    "X": "not obtained",
    "N": "not asked for",
    "I": "not ready yet",
    "O": "only ordered yet",
}
_CLOCK = re.compile(r"\d{8}([01]\d|2[0-3])([0-5]\d)")


def is_result(obx: Segment, options: FeedOptions) -> bool:
    """Whether an OBX is a result that we read and not a line of a report."""
    kind = obx.component(2, 1).upper()
    if not options.measured or kind not in _TYPES:
        return False
    codings = _codings(obx)
    if options.catalogue.knows(codings, options.results):
        return True
    return kind in _NUMBERS and may_be_held(Raw(tuple(codings), _value(obx)), options)


def read_results(
    message: Message, person: Demographics, source: Source, options: FeedOptions
) -> Iterator[Reading]:
    """One reading for each OBX that is a result of a kind that we read."""
    head: Segment | None = None
    specimen: Segment | None = None
    taken: set[str] = set()
    for segment in message.segments:
        if segment.name == "OBR":
            head, specimen = segment, None
        elif segment.name == "SPM":
            specimen = segment
        elif segment.name == "OBX" and is_result(segment, options):
            key = _key(segment, head, message, person)
            key = f"{key} #{len(taken)}" if key in taken else key
            taken.add(key)
            at = f"{source.position}, OBX at line {segment.line}"
            reading = from_result(
                Raw(
                    tuple(_codings(segment)),
                    _value(segment),
                    segment.component(6, 1),
                    options.results,
                    _specimen(head, specimen),
                ),
                _told(segment, head, specimen, message, replace(source, record=key, position=at), person),
                options,
            )
            if reading is not None:
                yield reading


def _codings(obx: Segment) -> list[tuple[str, str, str]]:
    found = []
    for repetition in obx.repetitions(3):
        for at in (1, 4):
            code, name = obx.part(repetition, at), obx.part(repetition, at + 1)
            if code or name:
                found.append((obx.part(repetition, at + 2), code, name))
    return found


def _specimen(head: Segment | None, specimen: Segment | None) -> str:
    """What it was measured in, and the name of the order, which often says so: calcium of urine is not ours."""
    told = [specimen.component(4, at) for at in (1, 2)] if specimen is not None else []
    if head is not None:
        told += [head.component(15, 1), head.component(15, 2), head.component(4, 2)]
    return " ".join(filter(None, told))


def _value(obx: Segment) -> str:
    kind = obx.component(2, 1).upper()
    if kind == "SN":
        # A structured number: comparator, number, separator, second number. A range or a ratio is no value.
        parts = [obx.component(5, at) for at in (1, 2, 3, 4)]
        return "".join(parts) if any(parts[2:]) else f"{parts[0]}{parts[1]}"
    if kind in ("CE", "CWE", "CNE"):
        return obx.component(5, 2) or obx.component(5, 1)
    if kind in ("TX", "FT"):
        return " ".join(obx.words(5).split())
    return obx.component(5, 1)


def _told(
    obx: Segment,
    head: Segment | None,
    specimen: Segment | None,
    message: Message,
    source: Source,
    person: Demographics,
) -> Result:
    status = obx.component(11, 1).upper()
    moments = [obx.component(14, 1)]
    moments += [specimen.component(17, 1)] if specimen is not None else []
    moments += [head.component(7, 1)] if head is not None else []
    moment = next((each for each in moments if compact_date(each)), "")
    clock = _CLOCK.match(moment)
    header = message.header
    return Result(
        source=source,
        person=person,
        on=compact_date(moment),
        at=f"{clock[1]}:{clock[2]}" if clock and moment[8:12] != "0000" else "",
        status=_STATUS.get(status, ResultStatus.FINAL),
        withdrawn=_TAKEN_BACK.get(status, ""),
        teller=" ".join(filter(None, [header.component(3, 1), header.component(4, 1)])),
    )


def _key(obx: Segment, head: Segment | None, message: Message, person: Demographics) -> str:
    """What names the result for good: the order, the test, its sub-number; so that a correction meets the first."""
    order = (head.component(3, 1) or head.component(2, 1)) if head is not None else ""
    if not order:
        number = person.identifiers[0].value if person.identifiers else ""
        moment = head.component(7, 1) if head is not None else message.header.component(7, 1)
        order = f"of {number} {moment[:12]}"
    test = obx.component(3, 1) or obx.component(3, 2)
    return " ".join(filter(None, ["result", order, test, obx.component(4, 1)]))
