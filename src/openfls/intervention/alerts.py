"""Which safety alerts hold for one person (or one feed), and the key by which the same alert is known again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from openfls.intervention import packs
from openfls.intervention.expression import Facts
from openfls.intervention.facts import facts_of
from openfls.intervention.following import planned_for
from openfls.intervention.packs import AlertRule, Severity
from openfls.intervention.situation import Situation
from openfls.record.advice import Answer

_ORDER = {Severity.RED: 0, Severity.AMBER: 1, Severity.INFO: 2}


@dataclass(frozen=True, slots=True)
class Raised:
    """An alert that holds. ``cause`` is what it rests on in words and ``base`` the same as a hash: equal, one alert.
    ``levels`` says how bad it is by each of the rule's steps, and ``key`` is base and levels in one."""

    rule: AlertRule
    cause: str
    base: str
    levels: tuple[int, ...]
    key: str
    inputs: tuple[tuple[str, str], ...]
    pack: str

    @property
    def rank(self) -> tuple[int, int]:
        """Red first, then the order of the pack."""
        return rank(self.rule.id)


@dataclass(frozen=True, slots=True)
class Unjudged:
    """An alert that cannot be judged yet, and what is missing."""

    rule: AlertRule
    missing: tuple[str, ...]


def rank(rule_id: str) -> tuple[int, int]:
    """Where an alert stands among others: red first, then the order of the pack; one that is no more comes last."""
    for position, rule in enumerate(packs.alert_rules()):
        if rule.id == rule_id:
            return _ORDER[rule.severity], position
    return len(_ORDER), 0


def raised(situation: Situation, own: Mapping[str, float] | None = None) -> tuple[Raised, ...]:
    """The alerts that hold, ranked. A situation with a feed is asked the alerts of a service, any other those of a
    person."""
    settings = packs.settings(own)
    facts = facts_of(situation, settings)
    found = []
    for rule in _asked(situation):
        judged = rule.when.judge(facts, settings)
        if judged.answer is Answer.YES:
            cause = _cause(rule, situation, facts)
            levels = tuple(one.level(facts) for one in rule.worse)
            base = f"{rule.id}|{cause}"
            found.append(
                Raised(
                    rule,
                    cause,
                    _hash(base),
                    levels,
                    _hash(f"{base}|{levels}"),
                    judged.inputs,
                    packs.version("alerts"),
                )
            )
    return tuple(sorted(found, key=lambda one: one.rank))


def unjudged(situation: Situation, own: Mapping[str, float] | None = None) -> tuple[Unjudged, ...]:
    """The red alerts that cannot be judged yet: what is not known is shown, never taken for safe."""
    settings = packs.settings(own)
    facts = facts_of(situation, settings)
    judged = [(rule, rule.when.judge(facts, settings)) for rule in _asked(situation)]
    return tuple(
        Unjudged(rule, one.missing)
        for rule, one in judged
        if one.answer is Answer.UNKNOWN and rule.severity is Severity.RED
    )


def _asked(situation: Situation) -> list[AlertRule]:
    return [rule for rule in packs.alert_rules() if rule.of_service is (situation.feed is not None)]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _since(*drugs: str) -> Callable[[Situation], object]:
    def read(situation: Situation) -> object:
        found = [course.started_on for drug in drugs if (course := situation.newest(drug))]
        return max(found, default="none")

    return read


def _last_denosumab(situation: Situation) -> object:
    course = situation.newest("denosumab")
    return course.last_on if course else "none"


def _feed_came(situation: Situation) -> object:
    """The day of its last delivery: silent once more after it came is another silence."""
    feed = situation.feed
    return situation.today - timedelta(days=feed.silent_days) if feed else "none"


def _next(*drugs: str) -> Callable[[Situation], object]:
    """What is planned after them: another plan is another cause, and so is one that was given up."""

    def read(situation: Situation) -> object:
        found = [course for drug in drugs if (course := situation.newest(drug))]
        plans = [f"{course.follow_on} {planned_for(course)}" for course in found if planned_for(course)]
        return ", ".join(plans) or "none"

    return read


CAUSES: Mapping[str, Callable[[Situation], object]] = {
    "last_denosumab": _last_denosumab,
    "denosumab_next": _next("denosumab"),
    "romosozumab_since": _since("romosozumab"),
    "romosozumab_next": _next("romosozumab"),
    "anabolic_since": _since("teriparatide", "abaloparatide"),
    "anabolic_next": _next("teriparatide", "abaloparatide"),
    "index_on": lambda situation: situation.index_on,
    "plan_agreed_on": lambda situation: situation.plan_agreed_on,
    "last_action_on": lambda situation: situation.last_action_on or situation.found_on,
    "identity": lambda situation: situation.identity_doubt,
    "pain_told_on": lambda situation: situation.known_on.get("thigh_or_groin_pain", "none"),
    "feed_came": _feed_came,
    "feed": lambda situation: situation.feed.name if situation.feed else "",
}
"""What an alert may rest on beside the facts."""


def _cause(rule: AlertRule, situation: Situation, facts: Facts) -> str:
    def shown(name: str) -> str:
        if name in CAUSES:
            return str(CAUSES[name](situation))
        value = facts[name].value
        if isinstance(value, frozenset):  # only the drugs that the rule asks of make it another cause
            return ",".join(sorted(value & rule.when.groups(name)))
        return f"{value}"

    return "; ".join(f"{name.replace('_', ' ')} {shown(name)}" for name in rule.cause)
