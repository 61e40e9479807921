"""Where a person stands: always in exactly one place, with a next step and its day, or a reason to have none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from openfls.intervention.schedule import next_promise
from openfls.intervention.situation import Course
from openfls.record.pathway import OPEN, PLACES, State


class Where(StrEnum):
    """The places, in the words of the pages."""

    DIED = "Has died"
    UNDER_CARE = "Under care"
    LONG_TERM = "On long-term treatment"
    CLOSED = "Closed"
    NOT_FOR_US = "Not for us"
    NOTHING_FOUND = "No fracture known"


@dataclass(frozen=True, slots=True)
class EpisodeAt:
    """One episode: where it stands on the pathway, its index day, and why it ended."""

    state: State
    index_date: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """``next_step`` with its day ``due``, or ``why_none``: one of the two is always there, never both."""

    where: Where
    next_step: str = ""
    due: date | None = None
    why_none: str = ""


def standing(episodes: Sequence[EpisodeAt], courses: Sequence[Course], *, deceased: bool = False) -> Standing:
    """Where somebody with these episodes and courses stands, in whatever order they are given."""
    if deceased:
        return Standing(Where.DIED, why_none="The person has died.")
    steps = [
        (PLACES[episode.state].clock(episode.index_date).due, PLACES[episode.state].next_step)
        for episode in episodes
        if episode.state in OPEN
    ]
    if steps:
        day, step = min(steps)
        return Standing(Where.UNDER_CARE, step, day)
    dues = [due for course in courses if (due := next_promise(course))]
    if dues:
        first = min(dues, key=lambda due: (due.on, due.promise.id))
        return Standing(Where.LONG_TERM, first.promise.text, first.on)
    return _ended(episodes)


def _ended(episodes: Sequence[EpisodeAt]) -> Standing:
    for state, where in ((State.CLOSED, Where.CLOSED), (State.NOT_FOR_US, Where.NOT_FOR_US)):
        found = [episode for episode in episodes if episode.state is state]
        if found:
            last = max(found, key=lambda episode: (episode.index_date, episode.reason))
            return Standing(where, why_none=last.reason or f"{where.value}, without a reason on record.")
    return Standing(Where.NOTHING_FOUND, why_none="No fracture of this person is known.")
