"""What was done in a case, in words: one sentence for each matter that a key may ask about."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from openfls.record import reasons
from openfls.record.pathway import PLACES, State
from openfls.record.questions import by_field
from openfls.training.patients.facts import (
    AlertFacts,
    CourseFacts,
    EpisodeFacts,
    Facts,
    LetterFacts,
    PlanFacts,
)


def dxa_asked(one: EpisodeFacts) -> bool:
    """Whether a bone density scan is on record as asked for: in the assessment, the plan, or by an approved letter."""
    by_letter = any(row.kind == "dxa_request" and row.state != "written" for row in one.letters)
    return (
        by_letter or bool(one.known.get("dxa.requested_on")) or bool(one.plan and one.plan.dxa == "ordered")
    )


def specialist_asked(one: EpisodeFacts) -> bool:
    """Whether a specialist is asked: by the plan, or by an approved letter."""
    plan = one.plan
    by_letter = any(row.kind == "specialist_referral" and row.state != "written" for row in one.letters)
    return by_letter or bool(plan and (plan.decision == "refer_opinion" or plan.specialist == "referred"))


LETTERS = {
    "gp": "to the practice",
    "person": "to the person",
    "invitation": "of invitation",
    "could_not_reach": "that nobody could be reached",
    "falls_referral": "to the falls team",
    "dxa_request": "asking for a scan",
    "specialist_referral": "to a specialist",
    "results": "with results",
}
"""The kinds of letters, as the end of “a letter …”."""


def where(facts: Facts) -> str:
    """Where the fracture stands."""
    one = facts.main
    if one is None:
        return "No fracture is on record."
    place = PLACES[State(one.state)].list_title
    return f"The fracture stands at “{place}”{f' ({why_left(one.reason)})' if one.reason else ''}."


def why_left(reason: str) -> str:
    """The reason for which a fracture left the pathway, as the page of it says."""
    kinds: tuple[Any, ...] = (reasons.NotForUs, reasons.Closing)
    found: str = next((kind(reason).label for kind in kinds if reason in set(kind)), reason)
    return found[:1].lower() + found[1:]


def taken_on(facts: Facts) -> str:
    """Whether the fracture was taken on, and where it stands."""
    one = facts.main
    if one is None or one.confirmed_day is None or one.state in ("not_for_us", "found"):
        return f"Not taken on. {where(facts)}"
    return f"Taken on, on day {one.confirmed_day} of the case. {where(facts)}"


def assessed(facts: Facts) -> str:
    """When the assessment was finished."""
    day = facts.main.assessed_day if facts.main else None
    return "No assessment was finished." if day is None else f"The assessment was finished on day {day}."


def contacts(facts: Facts) -> str:
    """Whom she reached, or tried to."""
    rows = facts.main.contacts if facts.main else ()
    words = ", ".join(label(reasons.ContactOutcome, one).lower() for one in rows)
    return f"Contacts on record: {words}." if rows else "No contact is on record."


def plan_words(words: Callable[[PlanFacts], str]) -> Callable[[Facts], str]:
    """A sentence about the standing plan; that there is none, where there is none."""

    def tell(facts: Facts) -> str:
        plan = facts.main.plan if facts.main else None
        return words(plan) if plan else "No plan was agreed."

    return tell


def label(kind: Any, value: str) -> str:
    """A key of `record.reasons` in its own words."""
    return kind(value).label if value in set(kind) else value.replace("_", " ")


def decided(plan: PlanFacts) -> str:
    """What was agreed about a drug."""
    drug = f" ({label(reasons.Drug, plan.drug)})" if plan.drug else ""
    return f"Plan: {label(reasons.DrugDecision, plan.decision)}{drug}."


def letters(facts: Facts) -> str:
    """The letters."""
    rows: tuple[LetterFacts, ...] = facts.main.letters if facts.main else ()
    if not rows:
        return "No letter was written."
    words = (f"a letter {LETTERS.get(row.kind, row.kind.replace('_', ' '))} ({row.state})" for row in rows)
    found = ", ".join(words)
    return f"{found[:1].upper()}{found[1:]}."


def alerts(facts: Facts) -> str:
    """The alerts, and what was decided."""
    rows = facts.main.alerts if facts.main else ()
    words = (f"“{row.title or row.rule}” {_decided(row)}" for row in rows)
    return f"Alerts: {'; '.join(words)}." if rows else "No alert was raised."


def _decided(row: AlertFacts) -> str:
    over = "still open" if row.stands else "over by itself"
    return {"acted": "acted upon", "overridden": "decided otherwise"}.get(row.decision, over)


def courses(facts: Facts) -> str:
    """What is really taken."""
    rows = facts.main.courses if facts.main else ()
    words = (
        f"{label(reasons.Drug, row.drug)}, {row.doses} {'dose' if row.doses == 1 else 'doses'}{_newest(row)}"
        f"{', stopped' if row.stopped else ''}{f', then {row.follow_on}' if row.follow_on else ''}"
        for row in rows
    )
    return f"Treatment: {'; '.join(words)}." if rows else "No treatment is on record as begun."


def _newest(row: CourseFacts) -> str:
    if row.last_day is None:
        return ""
    when = f"on day {row.last_day} of the case" if row.last_day >= 0 else "before the case began"
    return f" (the newest {when})"


def reviews(facts: Facts) -> str:
    """The reviews."""
    rows = facts.main.reviews if facts.main else ()
    after = {"week_16": "at 16 weeks", "week_52": "at 52 weeks"}
    words = (f"{after.get(kind, kind)}: {label(reasons.ReviewOutcome, outcome)}" for kind, outcome in rows)
    return f"Reviews {'; '.join(words)}." if rows else "No review was made."


def answers(facts: Facts, fields: Iterable[str]) -> str:
    """What is on record for some fields of the assessment, each with its question."""
    known = facts.main.known if facts.main else {}
    questions = by_field()
    words = (
        f"{questions[field].label}: {questions[field].words(known[field]) if field in known else 'not on record'}"
        for field in fields
    )
    return "; ".join(words) + "."


def asked(facts: Facts) -> str:
    """Whether a scan was asked for."""
    if facts.main and dxa_asked(facts.main):
        return "A bone density scan is on record as asked for."
    return "No bone density scan is on record as asked for."


def people(facts: Facts) -> str:
    """How many records there are."""
    return f"{facts.people} {'record' if facts.people == 1 else 'records'} of a person; {facts.waiting} rows wait."
