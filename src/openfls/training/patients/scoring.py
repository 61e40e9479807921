"""What a played case is worth: the expert's decisions, what the pack asked, and what could have harmed."""

from __future__ import annotations

from dataclasses import dataclass

from openfls.training.patients.facts import Facts
from openfls.training.patients.predicates import did, holds
from openfls.training.patients.values import Case
from openfls.training.values import Claim

GOOD = 80
"""Percent from which a case without danger counts as done well; ours."""
ADVICE_WEIGHT = 1
"""What an answer to one piece of the pack's advice counts; ours."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One decision: what was done, what the expert did and why."""

    id: str
    stage: str
    title: str
    met: bool
    weight: int
    did: str
    expert: str
    why: str
    sources: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Harm:
    """Something that could have harmed."""

    id: str
    title: str
    penalty: int
    did: str
    why: str
    sources: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class LeftOpen:
    """Advice of the active pack, or a red alert, that nothing on record answers."""

    rule: str
    text: str
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Result:
    """A case as it was judged. ``points`` of ``possible``; ``percent`` is never below 0."""

    decisions: tuple[Judged, ...]
    dangers: tuple[Harm, ...]
    left_open: tuple[LeftOpen, ...]
    points: int
    possible: int

    @property
    def percent(self) -> int:
        """The score."""
        return max(0, round(100 * self.points / self.possible)) if self.possible else 0

    @property
    def well(self) -> bool:
        """Whether it counts as done well: enough points, and nothing that could have harmed."""
        return self.percent >= GOOD and not self.dangers


def judge(case: Case, facts: Facts) -> Result:
    """Hold what is on record against the key and against the active pack."""
    decisions = tuple(
        Judged(
            one.id,
            one.stage,
            one.title,
            holds(one.expect, facts),
            one.weight,
            did(one.expect, facts),
            one.expert,
            one.why,
            tuple(case.sources[key] for key in one.sources),
        )
        for one in case.decisions
    )
    dangers = tuple(
        Harm(
            one.id,
            one.title,
            one.penalty,
            did(one.where, facts),
            one.why,
            tuple(case.sources[key] for key in one.sources),
        )
        for one in case.dangers
        if holds(one.where, facts)
    )
    advised = facts.main.advised if facts.main and case.is_ours else ()
    left = tuple(
        LeftOpen(one.rule, one.text, one.source, one.confidence) for one in advised if not one.answered
    )
    points = sum(one.weight for one in decisions if one.met) + ADVICE_WEIGHT * (len(advised) - len(left))
    possible = sum(one.weight for one in decisions) + ADVICE_WEIGHT * len(advised)
    return Result(decisions, dangers, left, points - sum(one.penalty for one in dangers), possible)
