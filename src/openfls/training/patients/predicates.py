"""The words of a key: what each asks of the record, and how what was done is told.

A condition is a mapping of these names; every one of them holds. ``any`` takes a list of conditions, ``not`` one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from openfls.record import reasons
from openfls.record.questions import by_field
from openfls.training.patients import told as words
from openfls.training.patients.facts import ORDER, EpisodeFacts, Facts
from openfls.training.patients.told import dxa_asked, specialist_asked
from openfls.training.patients.values import Condition


@dataclass(frozen=True, slots=True)
class Predicate:
    """One word of the key: does it hold, what was done in its matter, and which values it takes (None: a fault)."""

    holds: Callable[[Facts, Any], bool]
    did: Callable[[Facts], str]
    allowed: Callable[[Any], bool]


def holds(condition: Condition, facts: Facts) -> bool:
    """Whether everything that ``condition`` asks is on record."""
    for name, wanted in condition.items():
        if name == "any":
            met = any(holds(one, facts) for one in wanted)
        elif name == "not":
            met = not holds(wanted, facts)
        else:
            met = PREDICATES[name].holds(facts, wanted)
        if not met:
            return False
    return True


def did(condition: Condition, facts: Facts) -> str:
    """What is on record in the matters that ``condition`` is about, in words."""
    said = (
        words.answers(facts, wanted) if name == "known" else PREDICATES[name].did(facts)
        for name, wanted in _asked_in(condition)
    )
    return " ".join(dict.fromkeys(said))


def unknown(condition: Any) -> list[str]:
    """What of a condition the key has no word for, or asks for a value that there is not."""
    if not isinstance(condition, Mapping) or not condition:
        return [f"{condition!r} is no condition"]
    found = []
    for name, wanted in condition.items():
        if name == "any":
            found += (
                [fault for one in wanted for fault in unknown(one)] if isinstance(wanted, list) else [name]
            )
        elif name == "not":
            found += unknown(wanted)
        elif name not in PREDICATES:
            found.append(f"there is no predicate {name}")
        elif not PREDICATES[name].allowed(wanted):
            found.append(f"{name} does not take {wanted!r}")
    return found


def _asked_in(condition: Condition) -> Iterable[tuple[str, Any]]:
    for name, wanted in condition.items():
        if name == "any":
            for one in wanted:
                yield from _asked_in(one)
        elif name == "not":
            yield from _asked_in(wanted)
        else:
            yield name, wanted


def _main(test: Callable[[EpisodeFacts, Any], bool]) -> Callable[[Facts, Any], bool]:
    return lambda facts, wanted: facts.main is not None and test(facts.main, wanted)


def _of_plan(field: str) -> Callable[[Facts, Any], bool]:
    return _main(lambda one, wanted: one.plan is not None and getattr(one.plan, field) in wanted)


def _listed(options: Iterable[str]) -> Callable[[Any], bool]:
    every = {str(option) for option in options}
    return lambda wanted: isinstance(wanted, list) and bool(wanted) and set(wanted) <= every


def _yes_no(wanted: Any) -> bool:
    return isinstance(wanted, bool)


def _known(one: EpisodeFacts, wanted: Mapping[str, Any]) -> bool:
    return all(
        one.known.get(field) is not None if value == "any" else one.known.get(field) == value
        for field, value in wanted.items()
    )


def _of_list(rows: Callable[[EpisodeFacts], Iterable[Any]]) -> Callable[[Facts, Any], bool]:
    """Some row has, in each field named, one of the values asked for."""

    def test(one: EpisodeFacts, wanted: Mapping[str, Any]) -> bool:
        return any(all(_field(row, key) in values for key, values in wanted.items()) for row in rows(one))

    return _main(test)


def _field(row: Any, key: str) -> Any:
    return getattr(row, key)


def _fields(**options: Iterable[Any]) -> Callable[[Any], bool]:
    return lambda wanted: (
        isinstance(wanted, Mapping)
        and bool(wanted)
        and all(
            key in options and isinstance(values, list) and set(values) <= set(options[key])
            for key, values in wanted.items()
        )
    )


def _reached(one: EpisodeFacts, wanted: str) -> bool:
    return ORDER.index(one.state) >= ORDER.index(wanted)


def _drug_and_day(wanted: Any) -> bool:
    return (
        isinstance(wanted, Mapping)
        and set(wanted) == {"drug", "day"}
        and isinstance(wanted["day"], int)
        and set(wanted["drug"]) <= set(reasons.Drug)
    )


_LETTERS = (
    *("gp", "person", "invitation", "could_not_reach", "falls_referral"),
    *("dxa_request", "specialist_referral", "results"),
)
_KINDS = ("week_16", "week_52")

PREDICATES: dict[str, Predicate] = {
    "confirmed": Predicate(
        lambda facts, wanted: bool(facts.main and facts.main.state not in ORDER[:2]) is wanted,
        words.taken_on,
        _yes_no,
    ),
    "refuted": Predicate(
        _main(lambda one, wanted: one.state == "not_for_us" and one.reason in wanted),
        words.where,
        _listed(reasons.NotForUs),
    ),
    "closed": Predicate(
        _main(lambda one, wanted: one.state == "closed" and one.reason in wanted),
        words.where,
        _listed(reasons.Closing),
    ),
    "reached": Predicate(_main(_reached), words.where, lambda wanted: wanted in ORDER),
    "assessed_by": Predicate(
        _main(lambda one, wanted: one.assessed_day is not None and one.assessed_day <= wanted),
        words.assessed,
        lambda wanted: isinstance(wanted, int),
    ),
    "known": Predicate(
        _main(_known),
        words.where,
        lambda wanted: isinstance(wanted, Mapping) and set(wanted) <= set(by_field()),
    ),
    "decision": Predicate(
        _of_plan("decision"), words.plan_words(words.decided), _listed(reasons.DrugDecision)
    ),
    "drug": Predicate(_of_plan("drug"), words.plan_words(words.decided), _listed(reasons.Drug)),
    "dxa": Predicate(
        _of_plan("dxa"),
        words.plan_words(lambda plan: f"Bone density scan: {words.label(reasons.DxaDecision, plan.dxa)}."),
        _listed(reasons.DxaDecision),
    ),
    "dxa_asked": Predicate(
        lambda facts, wanted: bool(facts.main and dxa_asked(facts.main)) is wanted, words.asked, _yes_no
    ),
    "calcium_vitamin_d": Predicate(
        _of_plan("calcium_vitamin_d"),
        words.plan_words(lambda plan: f"{words.label(reasons.CalciumVitaminD, plan.calcium_vitamin_d)}."),
        _listed(reasons.CalciumVitaminD),
    ),
    "falls": Predicate(
        _of_plan("falls"),
        words.plan_words(lambda plan: f"Falls: {words.label(reasons.FallsReferral, plan.falls)}."),
        _listed(reasons.FallsReferral),
    ),
    "specialist_asked": Predicate(
        _main(lambda one, wanted: specialist_asked(one) is wanted),
        lambda facts: (
            "A specialist is asked."
            if facts.main and specialist_asked(facts.main)
            else "No specialist is asked."
        ),
        _yes_no,
    ),
    "come_back": Predicate(
        _main(lambda one, wanted: bool(one.plan and one.plan.come_back) is wanted),
        words.plan_words(
            lambda plan: f"A day to come back to it {'was' if plan.come_back else 'was not'} set."
        ),
        _yes_no,
    ),
    "alert": Predicate(
        _of_list(lambda one: one.alerts),
        words.alerts,
        lambda wanted: (
            isinstance(wanted, Mapping)
            and set(wanted) <= {"rule", "decision"}
            and all(isinstance(each, list) for each in wanted.values())
            and set(wanted.get("decision", ())) <= {"acted", "overridden", ""}
        ),
    ),
    "letter": Predicate(
        _of_list(lambda one: one.letters),
        words.letters,
        _fields(kind=_LETTERS, state=("written", "approved", "sent")),
    ),
    "course": Predicate(
        _of_list(lambda one: one.courses),
        words.courses,
        _fields(
            drug=set(reasons.Drug), doses=range(30), stopped=(True, False), follow_on={*reasons.Drug, ""}
        ),
    ),
    "review": Predicate(
        _main(
            lambda one, wanted: any(
                kind in wanted["kind"] and out in wanted["outcome"] for kind, out in one.reviews
            )
        ),
        words.reviews,
        lambda wanted: _fields(kind=_KINDS, outcome=set(reasons.ReviewOutcome))(wanted) and len(wanted) == 2,
    ),
    "contact": Predicate(
        _main(lambda one, wanted: any(each in wanted for each in one.contacts)),
        words.contacts,
        _listed(reasons.ContactOutcome),
    ),
    "by_day": Predicate(
        lambda facts, wanted: facts.day <= wanted,
        lambda facts: f"Finished on day {facts.day}.",
        lambda wanted: isinstance(wanted, int),
    ),
    "started_before": Predicate(
        _main(
            lambda one, wanted: any(
                row.drug in wanted["drug"] and row.started_day < wanted["day"] for row in one.courses
            )
        ),
        words.courses,
        _drug_and_day,
    ),
    "dosed_from": Predicate(
        _main(
            lambda one, wanted: any(
                row.drug in wanted["drug"] and row.last_day is not None and row.last_day >= wanted["day"]
                for row in one.courses
            )
        ),
        words.courses,
        _drug_and_day,
    ),
    "people": Predicate(
        lambda facts, wanted: facts.people == wanted and facts.waiting == 0,
        words.people,
        lambda wanted: isinstance(wanted, int),
    ),
}
