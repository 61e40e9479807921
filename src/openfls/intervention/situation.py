"""Everything that a drug rule or an alert may ask about: the picture, the treatment so far, and the pathway."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from openfls.record.picture import Picture


@dataclass(frozen=True, slots=True)
class Course:
    """One bone drug as it has been taken. ``drug`` is a key of the drug pack, for example ``denosumab``.

    ``doses`` counts the injections or infusions that are on record, the first among them; None where nobody counts
    (tablets) or nobody has told of one: then the first day is a guess. ``follow_on`` is the drug that is planned after
    it, empty where none is, ``follow_on_due`` the day for which it is planned, ``follow_on_told`` the day on which that
    was said, and ``followed`` that an antiresorptive drug has really been begun since. A stopped course that is
    ``paused`` is to be looked at again.
    """

    drug: str
    started_on: date
    last_dose_on: date | None = None
    doses: int | None = None
    stopped_on: date | None = None
    follow_on: str = ""
    follow_on_due: date | None = None
    follow_on_told: date | None = None
    paused: bool = False
    reviewed_on: date | None = None
    followed: bool = False

    @property
    def goes_on(self) -> bool:
        """Whether it has not been stopped."""
        return self.stopped_on is None

    @property
    def last_on(self) -> date:
        """The day from which its effect wears off: the last dose on record, else the first day."""
        return self.last_dose_on or self.started_on


@dataclass(frozen=True, slots=True)
class Feed:
    """One hospital feed of a service: days since it came, and its usual days between."""

    name: str
    silent_days: int
    usual_days: int


@dataclass(frozen=True, slots=True)
class Situation:
    """One person on the day of ``picture.on``.

    ``planned`` is the drug that the plan names or is about to name, empty for none. ``known_on`` gives the day of a
    result by its field, and ``results_for`` the day for which results must be fresh (None: today).
    ``very_high_risk`` is what the guideline pack says, None where it cannot say. ``started`` is None while nobody has
    heard whether the planned drug was begun.
    """

    picture: Picture
    planned: str = ""
    courses: tuple[Course, ...] = ()
    known_on: Mapping[str, date] = field(default_factory=lambda: MappingProxyType({}))
    results_for: date | None = None
    very_high_risk: bool | None = None
    started: bool | None = None
    plan_agreed_on: date | None = None
    found_on: date | None = None
    last_action_on: date | None = None
    under_care: bool = True
    before_plan: bool = False
    index_on: date | None = None
    age_at_index: int | None = None
    deceased: bool = False
    identity_doubt: str = ""
    feed: Feed | None = None

    @property
    def today(self) -> date:
        """The day of the picture."""
        return self.picture.on

    def running(self, *drugs: str) -> Course | None:
        """The newest course of one of these drugs that goes on; None where there is none."""
        found = [course for course in self.courses if course.drug in drugs and course.goes_on]
        return max(found, key=lambda course: course.started_on, default=None)

    def newest(self, drug: str) -> Course | None:
        """The newest course of this drug, stopped or not."""
        found = [course for course in self.courses if course.drug == drug]
        return max(found, key=lambda course: course.started_on, default=None)
