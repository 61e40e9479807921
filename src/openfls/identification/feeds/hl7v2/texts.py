"""OBX text of results and documents: one report for each OBR or TXA, read as a report where it is one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from openfls.identification.feeds.evidence import Told, from_text, mentions_fracture
from openfls.identification.feeds.fhir.reader import counted
from openfls.identification.feeds.fhir.reports import decoded, plain
from openfls.identification.feeds.hl7v2.coded import event_date
from openfls.identification.feeds.hl7v2.message import Message, Segment
from openfls.identification.feeds.hl7v2.results import is_result
from openfls.identification.feeds.numbers import compact_date
from openfls.identification.feeds.options import FeedOptions
from openfls.record.feeds import Observation, Reading, Rejection, Source, SourceKind
from openfls.record.people import Demographics

_TEXT = frozenset({"TX", "FT", "ST", "ED", ""})
# HL7 table 0074, imaging sections; recalled, high.
_IMAGING = frozenset(
    {"RAD", "RX", "CT", "NMR", "NMS", "RUS", "VUS", "OUS", "CUS", "XRC", "IMG", "MR", "MRI", "DI"}
)
_IMAGING_WORDS = re.compile(
    r"radiolog|imaging|x-?ray|\bxr\b|\bct\b|\bmri?\b|\bdxa\b|\bdexa\b|tomograph", re.IGNORECASE
)
_WITHDRAWN = {"D": "deleted", "W": "sent in error", "X": "not obtained"}
_READABLE = frozenset({"TEXT", "TX", "FT", "PLAIN", "HTML", "XML", "OCTET-STREAM", ""})


@dataclass
class _Report:
    head: Segment | None
    lines: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    measured: int = 0
    line: int = 0


def read_texts(
    message: Message, person: Demographics, source: Source, options: FeedOptions
) -> Iterator[Reading]:
    """One reading for each report; results that are no report are counted."""
    taken: set[str] = set()
    for number, report in enumerate(_reports(message, options)):
        key = _key(report.head, number, source)
        key = f"{key} #{number + 1}" if key in taken else key
        taken.add(key)
        yield _reading(report, replace(source, record=key), message, person)


def _reports(message: Message, options: FeedOptions) -> list[_Report]:
    reports: list[_Report] = []
    for segment in message.segments:
        if segment.name in ("OBR", "TXA"):
            # A TXA behind an OBR is the same document's header.
            if not (
                reports and reports[-1].head is not None and not reports[-1].lines and segment.name == "TXA"
            ):
                reports.append(_Report(segment, line=segment.line))
            else:
                reports[-1].head = segment
        elif segment.name == "OBX" and not is_result(segment, options):
            if not reports:
                reports.append(_Report(None, line=segment.line))
            _add(segment, reports[-1])
    return [each for each in reports if each.lines or each.unread or each.withdrawn or each.measured]


def _add(obx: Segment, report: _Report) -> None:
    kind = obx.component(2, 1).upper()
    status = obx.component(11, 1).upper()
    if kind not in _TEXT:
        report.measured += 1
    elif status in _WITHDRAWN:
        report.withdrawn.append(_WITHDRAWN[status])
    elif kind == "ED":
        _add_embedded(obx, report)
    else:
        report.lines.append(obx.words(5))


def _add_embedded(obx: Segment, report: _Report) -> None:
    for repetition in obx.repetitions(5):
        types = [obx.part(repetition, at).upper() for at in (2, 3)]
        data, encoding = obx.part(repetition, 5), obx.part(repetition, 4).upper()
        if not data:
            continue
        if not set(types) <= _READABLE or not any(types):
            report.unread.append("/".join(filter(None, types)).lower() or "of no stated type")
            continue
        words = decoded(data) if encoding in ("BASE64", "A64") else data
        report.lines.append(plain(words) if {"HTML", "XML"} & set(types) else words)


def _reading(report: _Report, source: Source, message: Message, person: Demographics) -> Reading:
    head = report.head
    imaging = _is_imaging(head, message)
    document = head is not None and head.name == "TXA"
    told = Told(
        source=replace(
            source,
            kind=SourceKind.RADIOLOGY if imaging or not document else SourceKind.ENCOUNTER,
            position=f"{source.position}, {head.name if head else 'OBX'} at line {report.line}",
        ),
        person=person,
        on=_date(head, message),
    )
    text = joined(report.lines)
    worth = imaging or mentions_fracture(text)
    if text and worth:
        review = "" if imaging else "read from a text that is not marked as imaging"
        reading = from_text(text, told, head.component(4, 2) if head and head.name == "OBR" else "", review)
        if isinstance(reading, Observation) or imaging or mentions_fracture(text):
            return reading
    if report.unread:
        return Rejection(told.source, f"the report is {report.unread[0]}, which is not read", person)
    if report.withdrawn and not text:
        return Rejection(told.source, f"the report was {report.withdrawn[0]}", person)
    return counted(f"{message.header.component(9, 1)} result, no report on bones", 1, told.source.record)


def joined(lines: list[str]) -> str:
    """The lines of a report as its text. A sentence that a sender broke in the middle is put together
    again."""
    text = ""
    for line in lines:
        broken = text[-1:].isalnum() or text[-1:] == ","
        text += ("" if not text else " " if broken and line[:1].islower() else "\n") + line.rstrip()
    return text.strip()


def _is_imaging(head: Segment | None, message: Message) -> bool:
    if head is None:
        return _IMAGING_WORDS.search(message.header.component(3, 1)) is not None
    if head.name == "TXA":
        return head.component(2, 1).upper() in _IMAGING
    section = head.component(24, 1).upper()
    if section:
        return section in _IMAGING
    words = " ".join([head.component(4, 2), message.header.component(3, 1)])
    return _IMAGING_WORDS.search(words) is not None


def _key(head: Segment | None, number: int, source: Source) -> str:
    if head is not None:
        if head.name == "TXA" and head.component(12, 1):
            return f"document {head.component(12, 1)}"
        own = head.component(3, 1) or head.component(2, 1)
        if head.name == "OBR" and own:
            # One accession may hold several exams, each with a report of its own.
            return f"report {own} {head.component(4, 1)}".strip()
    return f"{source.record} {number + 1}"


def _date(head: Segment | None, message: Message) -> date | None:
    fields = () if head is None else (4, 6) if head.name == "TXA" else (7, 22)
    told = [compact_date(head.component(each, 1)) for each in fields] if head is not None else []
    return next(filter(None, told), None) or event_date(message)
