"""A letter as a value: everything that is printed, and nothing about how.

A letter is kept in the record as JSON and rendered again from it, so that the copy of today and the copy of
next year say the same, even after the wording or the person's address has changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from openfls.record.errors import BadInput


class LetterKind(StrEnum):
    """What a letter is for, and by that to whom it goes."""

    GP = "gp"
    PERSON = "person"
    INVITATION = "invitation"
    COULD_NOT_REACH = "could_not_reach"
    FALLS_REFERRAL = "falls_referral"
    DXA_REQUEST = "dxa_request"
    SPECIALIST_REFERRAL = "specialist_referral"
    RESULTS = "results"


TO_THE_PERSON: frozenset[LetterKind] = frozenset(
    {LetterKind.PERSON, LetterKind.INVITATION, LetterKind.COULD_NOT_REACH, LetterKind.RESULTS}
)
"""Letters that the person opens: plain English, and never to somebody recorded dead."""

NEEDS_SIGNATURE: frozenset[LetterKind] = frozenset(LetterKind) - {
    LetterKind.INVITATION,
    LetterKind.COULD_NOT_REACH,
}
"""Letters with clinical content: without a clinician's name they stay drafts."""


class TextSize(StrEnum):
    """How a letter is set: normal, in large print, or as easy read (large, one sentence a line, with pictures)."""

    NORMAL = "normal"
    LARGE = "large"
    EASY_READ = "easy_read"


@dataclass(frozen=True, slots=True)
class Heading:
    """A section heading; everything up to the next one belongs to it. ``picture`` is shown in easy read only."""

    text: str
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True, slots=True)
class ItemList:
    """A list with bullets, or with numbers when the order matters."""

    items: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class KeyValueTable:
    """Two columns with a header each: what was asked, and the answer."""

    header: tuple[str, str]
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ActionBox:
    """What the reader is asked to do, set apart from the rest. ``title`` counts as a heading."""

    title: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Addition:
    """What somebody added by hand, kept apart from what was generated and shown as such: ``title`` names them."""

    title: str
    texts: tuple[str, ...]


Block = Heading | Paragraph | ItemList | KeyValueTable | ActionBox | Addition


@dataclass(frozen=True, slots=True)
class Sender:
    """The service as the letter shows it: ``letterhead`` above the name, then address and how to get in
    touch.
    """

    name: str
    letterhead: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter, complete. ``recipient`` is the address block, the name first.

    ``about`` says whom the letter is about, as (label, value). ``draft`` means that a signature is lacking:
    it is printed on the letter, and `check_sendable` refuses it.
    """

    kind: LetterKind
    recipient: tuple[str, ...]
    sender: Sender
    subject: str
    on: date
    blocks: tuple[Block, ...]
    about: tuple[tuple[str, str], ...] = ()
    salutation: str = ""
    closing: str = ""
    signature: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    enclosures: tuple[str, ...] = ()
    reference: str = ""
    language: str = "en-GB"
    text_size: TextSize = TextSize.NORMAL
    draft: bool = False


class LetterNotAllowed(BadInput):
    """This letter must not be written or sent; the message says why."""


def why_not_sendable(letter: Letter) -> str:
    """The reason why ``letter`` must not leave the service yet; empty when it may."""
    return "not signed by a named clinician" if letter.draft else ""


def may_send(letter: Letter) -> bool:
    """Whether ``letter`` may leave the service."""
    return not why_not_sendable(letter)


def check_sendable(letter: Letter) -> None:
    """Raise `LetterNotAllowed` if ``letter`` must not leave the service yet."""
    reason = why_not_sendable(letter)
    if reason:
        raise LetterNotAllowed(reason, where=f"{letter.kind} letter")
