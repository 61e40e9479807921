"""HL7 v2 messages in, readings out. What a message type is used for stands in one table."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from typing import IO

from openfls.identification.feeds.evidence import is_named
from openfls.identification.feeds.fhir.reader import file_source
from openfls.identification.feeds.hl7v2.coded import read_codes
from openfls.identification.feeds.hl7v2.framing import Block, blocks
from openfls.identification.feeds.hl7v2.message import Message, parse
from openfls.identification.feeds.hl7v2.person import others, person_of
from openfls.identification.feeds.hl7v2.results import read_results
from openfls.identification.feeds.hl7v2.texts import read_texts
from openfls.identification.feeds.options import FeedOptions
from openfls.record.feeds import Notice, Reading, Rejection, Source, SourceKind
from openfls.record.people import Demographics

_USED = frozenset({"ADT", "ORU", "MDM", "BAR", "DFT", "PPR"})
_ENVELOPE = frozenset({"FHS", "BHS", "BTS", "FTS"})
MERGES = frozenset(
    {"A18", "A24", "A30", "A34", "A35", "A36", "A39", "A40", "A41", "A42", "A46", "A47", "A49", "A50"}
)
_UNDONE = {
    "A11": "an admission was cancelled",
    "A12": "a transfer was cancelled",
    "A13": "a discharge was cancelled",
    "A23": "asks to delete a visit: for a person to decide",
    "A25": "a planned discharge was cancelled",
    "A26": "a planned transfer was cancelled",
    "A27": "a planned admission was cancelled",
    "A29": "asks to delete a person: for a person to decide",
    "A37": "asks to undo a link between people: for a person to decide",
    "T11": "a document was cancelled",
}


def read_hl7(file: IO[bytes], name: str, options: FeedOptions) -> Iterator[Reading]:
    """The readings of a file or framed stream of messages; a broken message costs only itself."""
    announced: list[tuple[str, int, int]] = []
    met = 0
    since = 0
    for block in blocks(file):
        if block.is_message:
            met, since = met + 1, since + 1
            yield from _read_block(block, name, options)
            continue
        label = block.lines[0][:3].decode("latin-1")
        if label in _ENVELOPE:
            if label == "BTS":
                announced.append((f"{name}, line {block.line}", _count(block), since))
                since = 0
            stray = block.lines[1:]
        else:
            stray = block.lines
        if stray:
            where = f"{name}, line {block.line + len(block.lines) - len(stray)}"
            key = hashlib.sha256(b"\r".join(stray)).hexdigest()[:16]
            yield Rejection(
                Source("hl7", key, SourceKind.ENCOUNTER, where),
                f"{len(stray)} segment{'s' * (len(stray) != 1)} outside of any message",
            )
            met += 1
    for where, said, held in announced:
        if said >= 0 and said != held:
            source = Source("hl7", where, SourceKind.ENCOUNTER, where)
            yield Rejection(source, f"the batch says it holds {said} messages; it held {held}")
            met += 1
    if met == 0:
        yield Rejection(file_source(name), "no HL7 message in it")


def _count(block: Block) -> int:
    """How many messages a batch trailer announces; -1 where it does not say."""
    trailer = block.lines[0]
    separator = trailer[3:4]
    if not separator:
        return -1  # cut off behind "BTS"
    digits = trailer[4:].split(separator)[0].strip()
    return int(digits) if digits.isdigit() and len(digits) < 10 else -1


def _read_block(block: Block, name: str, options: FeedOptions) -> Iterator[Reading]:
    where = f"{name}, line {block.line}"
    try:
        message = parse(block.lines, block.line)
        readings = list(read_message(message, where, options))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        key = hashlib.sha256(b"\r".join(block.lines)).hexdigest()[:16]
        readings = [Rejection(Source("hl7", key, SourceKind.ENCOUNTER, where), f"not readable: {error}")]
    yield from readings


def read_message(message: Message, where: str, options: FeedOptions) -> Iterator[Reading]:
    """The readings of one message: its person, its codes, its reports, or the reason why it is not used."""
    header = message.header
    kind, event = header.component(9, 1).upper(), header.component(9, 2).upper()
    source = _source(message, where, options)
    label = f"{kind}^{event}".rstrip("^")
    if kind not in _USED:
        yield Rejection(source, f"message type {label} is not used" if label else "no message type in MSH-9")
        return
    person = person_of(message)
    if event in _UNDONE:
        yield Rejection(source, f"{label}: {_UNDONE[event]}", person)
        return
    if event in MERGES:
        yield from _merge(message, person, source, label)
        return
    readings = [
        *read_codes(message, person, source, options),
        *read_results(message, person, source, options),
        *read_texts(message, person, source, options),
    ]
    if kind == "ADT" and is_named(person):
        yield Notice(source, person, "death" if person.deceased else "demographics", label)
    elif not readings:
        reason = f"{label}: nothing to read" if is_named(person) else f"{label}: no person named"
        yield Rejection(source, reason, person)
    yield from readings


def _merge(message: Message, person: Demographics, source: Source, label: str) -> Iterator[Reading]:
    same = others(message)
    if not same or not is_named(person):
        yield Rejection(source, f"{label}: does not name two people", person)
    for number, other in enumerate(same if is_named(person) else [], start=1):
        key = source.record if number == 1 else f"{source.record}#{number}"
        yield Notice(replace(source, record=key), person, "merge", label, 1, other)


def _source(message: Message, where: str, options: FeedOptions) -> Source:
    header = message.header
    sender = " ".join(filter(None, [header.component(3, 1), header.component(4, 1)]))
    # Control numbers are not unique in practice; the same message sent again has the same content too.
    text = "\r".join("|".join(segment.fields) for segment in message.segments)
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]
    sent = header.component(7, 1)
    return Source(
        feed=options.feed or f"hl7 {sender}".strip(),
        record=f"message {header.field(10).strip()} {digest}",
        kind=SourceKind.ENCOUNTER,
        position=where,
        version=sent[:14],
    )
