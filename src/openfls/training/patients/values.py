"""A case as its file tells it: the people, what happens on which day, and the expert's key."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from openfls.training.values import Claim

Condition = Mapping[str, Any]
"""Names of `predicates` with what each asks for; all of them hold."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """One record of a person as a hospital system sends it."""

    key: str
    family_name: str
    given_name: str
    sex: str
    birth_date: date
    hospital_number: str
    nhs_number: str = ""
    address: str = ""
    postcode: str = ""
    telephone: str = ""
    practice: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens on a day of the case: a message of a feed, words for the notes, or both.

    ``person`` is the record that the feed is about. ``report`` has ``exam`` and ``text``; ``bloods`` and ``scan`` are
    codes of `messages` with their values. ``when`` must hold, else it does not happen.
    """

    id: str
    day: int
    title: str
    tells: str = ""
    person: str = ""
    report: Mapping[str, str] | None = None
    bloods: Mapping[str, Any] | None = None
    scan: Mapping[str, Any] | None = None
    when: Condition | None = None
    sets: str = ""
    """The clinic system, ward or laboratory that sends it, as the message names itself."""

    @property
    def has_feed(self) -> bool:
        """Whether something is delivered."""
        return any(part is not None for part in (self.report, self.bloods, self.scan))


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision of the expert: where on the way it falls, what must be on record, and why."""

    id: str
    stage: str
    title: str
    weight: int
    expect: Condition
    expert: str
    why: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Danger:
    """Something recorded that could harm: shown red, and points off."""

    id: str
    title: str
    where: Condition
    penalty: int
    why: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A virtual patient. ``sources`` has the claims that its key names, by ``topic:claim``."""

    key: str
    title: str
    summary: str
    minutes: int
    topics: tuple[str, ...]
    objectives: tuple[str, ...]
    starts: date
    people: tuple[Somebody, ...]
    events: tuple[Event, ...]
    decisions: tuple[Decision, ...]
    dangers: tuple[Danger, ...]
    sources: Mapping[str, Claim]
    paths: Mapping[str, tuple[Mapping[str, Any], ...]]
    """How an expert and a careless colleague play it, step by step; the tests do."""
    where: str = ""
    text: str = ""

    @property
    def version(self) -> str:
        """Names this wording of the case."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:12]

    @property
    def is_ours(self) -> bool:
        """Whether the expert takes the person on; where not, a guideline of osteoporosis asks nothing."""
        return not any("refuted" in one.expect for one in self.decisions)

    def on(self, day: int) -> date:
        """The simulated date of a day of the case."""
        return self.starts + timedelta(days=day)

    def person(self, key: str) -> Somebody:
        """One of its people; the first where ``key`` is empty."""
        return next((one for one in self.people if one.key == key), self.people[0])
