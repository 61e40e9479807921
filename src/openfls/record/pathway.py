"""The pathway: the states an episode of care can be in, and what moves it from one to the next.

The table is the only place that knows the ways forward; the way back is always to the state before the last standing
step (`service.actions.undoing`). The actions ask it, the worklist is made from it, and `diagram` draws it for
the documentation. An episode is in exactly one state, and every open state names the next step.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from openfls.record.clocks import (
    ASSESS_WITHIN,
    REVIEW_16_AT,
    REVIEW_16_FROM,
    REVIEW_52_AT,
    REVIEW_52_FROM,
    Clock,
)


class State(StrEnum):
    """Where an episode stands."""

    FOUND = "found"
    TO_ASSESS = "to_assess"
    TO_PLAN = "to_plan"
    REVIEW_16 = "review_16"
    REVIEW_52 = "review_52"
    CLOSED = "closed"
    NOT_FOR_US = "not_for_us"


@dataclass(frozen=True, slots=True)
class Place:
    """A state in the words of the pages: the list it makes, the step that is due there, and by which day.

    ``within`` and ``not_before`` count days from the diagnosis of the index fracture.
    """

    state: State
    list_title: str
    next_step: str = ""
    within: int = 0
    not_before: int = 0

    @property
    def is_open(self) -> bool:
        """Whether somebody has something to do."""
        return bool(self.next_step)

    def clock(self, index_date: date) -> Clock:
        """The clock of the next step."""
        return Clock(index_date, self.within)


PLACES: dict[State, Place] = {
    place.state: place
    for place in (
        Place(State.FOUND, "To confirm", "Confirm the fracture", ASSESS_WITHIN),
        Place(State.TO_ASSESS, "To assess", "Assess bone health and falls", ASSESS_WITHIN),
        # No source sets a day for the plan; ours is that treatment can have begun by the first review.
        Place(State.TO_PLAN, "To plan", "Agree a plan", REVIEW_16_AT),
        Place(State.REVIEW_16, "16-week review", "Review at 16 weeks", REVIEW_16_AT, REVIEW_16_FROM),
        Place(State.REVIEW_52, "52-week review", "Review at 52 weeks", REVIEW_52_AT, REVIEW_52_FROM),
        Place(State.CLOSED, "Closed"),
        Place(State.NOT_FOR_US, "Not for us"),
    )
}

OPEN: frozenset[State] = frozenset(state for state, place in PLACES.items() if place.is_open)
UNDER_CARE: frozenset[State] = OPEN - {State.FOUND}


class Step(StrEnum):
    """What can happen to an episode."""

    CONFIRM = "confirm"
    REFUTE = "refute"
    BRING_BACK = "bring_back"
    FINISH_ASSESSMENT = "finish_assessment"
    AGREE_PLAN = "agree_plan"
    REVIEW_AT_16_WEEKS = "review_at_16_weeks"
    REVIEW_AT_52_WEEKS = "review_at_52_weeks"
    CLOSE = "close"


TRANSITIONS: dict[Step, dict[State, State]] = {
    Step.CONFIRM: {State.FOUND: State.TO_ASSESS},
    Step.REFUTE: {State.FOUND: State.NOT_FOR_US},
    Step.BRING_BACK: {State.NOT_FOR_US: State.FOUND},
    Step.FINISH_ASSESSMENT: {State.TO_ASSESS: State.TO_PLAN},
    Step.AGREE_PLAN: {State.TO_PLAN: State.REVIEW_16},
    Step.REVIEW_AT_16_WEEKS: {State.REVIEW_16: State.REVIEW_52},
    Step.REVIEW_AT_52_WEEKS: {State.REVIEW_52: State.CLOSED},
    Step.CLOSE: {state: State.CLOSED for state in sorted(UNDER_CARE)},
}


class NotPossible(Exception):
    """The step is not possible now. The message says why, in words for the page."""


def check_step(state: State, step: Step) -> State:
    """The state that ``step`` leads to.

    Raises:
        NotPossible: the step does not start from ``state``.
    """
    try:
        return TRANSITIONS[step][state]
    except KeyError:
        words = step.value.replace("_", " ")
        raise NotPossible(
            f"“{words}” is not possible: the episode is at “{PLACES[state].list_title}”."
        ) from None


def can_step(state: State, step: Step) -> bool:
    """Whether ``step`` starts from ``state``."""
    return state in TRANSITIONS[step]


def diagram() -> str:
    """The pathway as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", f"    [*] --> {State.FOUND}"]
    for step, moves in TRANSITIONS.items():
        lines += [f"    {source} --> {target}: {step}" for source, target in moves.items()]
    lines += [f"    {state} --> [*]" for state in PLACES if state not in OPEN]
    return "\n".join(lines) + "\n"
