"""What a trainee has recorded in a case, as plain values: the one thing that the key is held against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """The standing plan, in the keys of `record.reasons`."""

    decision: str
    drug: str = ""
    reason: str = ""
    dxa: str = ""
    calcium_vitamin_d: str = ""
    falls: str = ""
    specialist: str = ""
    dental: str = ""
    come_back: bool = False
    what_matters: str = ""


@dataclass(frozen=True, slots=True)
class AlertFacts:
    """One safety alert: its rule, ``red`` or another severity, whether it stands, and what was decided (or nothing)."""

    rule: str
    severity: str
    stands: bool
    decision: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """One letter: its kind, and how far it is (``written``, ``approved`` or ``sent``)."""

    kind: str
    state: str


@dataclass(frozen=True, slots=True)
class CourseFacts:
    """One course of a drug.

    ``started_day`` and ``last_day``, that of the newest dose (None: none is on record), are days of the case, below 0
    before it began.
    """

    drug: str
    started_day: int
    doses: int = 0
    stopped: bool = False
    follow_on: str = ""
    last_day: int | None = None


@dataclass(frozen=True, slots=True)
class Advised:
    """One thing that the active pack, or a red alert, asks for this person: its rule, words, source, how sure it is,
    and whether what was recorded answers it."""

    rule: str
    text: str
    source: str
    confidence: str
    answered: bool


@dataclass(frozen=True, slots=True)
class EpisodeFacts:
    """One episode of care. ``state`` is a key of `record.pathway.State`; ``reason`` says why it left the pathway."""

    site: str
    state: str
    reason: str = ""
    confirmed_day: int | None = None
    assessed_day: int | None = None
    plan: PlanFacts | None = None
    known: Mapping[str, Any] = field(default_factory=dict)
    """What is on record for the assessment by now, whoever told it: field → value."""
    alerts: tuple[AlertFacts, ...] = ()
    letters: tuple[LetterFacts, ...] = ()
    courses: tuple[CourseFacts, ...] = ()
    reviews: tuple[tuple[str, str], ...] = ()
    """Kind and outcome of each standing review."""
    contacts: tuple[str, ...] = ()
    advised: tuple[Advised, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything in the sandbox. ``waiting`` counts feed rows that have found no person yet."""

    day: int
    people: int
    waiting: int
    episodes: tuple[EpisodeFacts, ...] = ()
    flags: tuple[str, ...] = ()

    @property
    def main(self) -> EpisodeFacts | None:
        """The episode that the case is about: the one that is furthest on its way, the earliest of equals."""
        return max(self.episodes, key=lambda one: ORDER.index(one.state), default=None)


ORDER = ("not_for_us", "found", "to_assess", "to_plan", "review_16", "review_52", "closed")
"""The states of the pathway from the least done to the most."""
