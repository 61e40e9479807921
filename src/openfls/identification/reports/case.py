"""One fracture word in its sentence, and what is made of it."""

from __future__ import annotations

from enum import Enum
from typing import Final, NamedTuple

from openfls.identification.reports.reach import Reach
from openfls.identification.reports.sentences import Hit, Sentence


class Status(Enum):
    """What the sentence does with the fracture."""

    PRESENT = "present"
    POSSIBLE = "possible"
    DENIED = "denied"
    ASKED = "asked"
    PAST = "past"
    OTHER = "other"


AFFIRMED: Final = frozenset({Status.PRESENT, Status.POSSIBLE})
"""What makes a finding."""


class Verdict(NamedTuple):
    """The status of a mention, what a denial covers (``""`` all, ``new``, ``other``), and the hits that decided.

    ``asks`` is True where a question mark alone makes it possible, ``since`` where an earlier examination did not show
    what this one does: the hit that decided is of that one.
    """

    status: Status
    denies: str = ""
    hits: tuple[Hit, ...] = ()
    asks: bool = False
    since: bool = False


class Case(NamedTuple):
    """One fracture word in its sentence; the tokens up to ``end`` speak about it, and ``reach`` reaches it."""

    sentence: Sentence
    fracture: Hit
    end: int
    reach: Reach

    def before(self, group: str) -> list[Hit]:
        """The hits of a group before the fracture word."""
        named = self.sentence.groups.get(group)
        return [hit for hit in named if hit.end <= self.fracture.start] if named else []

    def after(self, group: str) -> list[Hit]:
        """The hits of a group after it that speak about it."""
        named = self.sentence.groups.get(group)
        return [hit for hit in named if self.fracture.end <= hit.start < self.end] if named else []
