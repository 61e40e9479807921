"""Changes tried to better a measure: plan, do, study, act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from openfls.quality import measure_set
from openfls.record.errors import BadInput
from openfls.record.pathway import NotPossible
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actor import Actor
from openfls.service.models import Change
from openfls.service.roles import May


@dataclass(frozen=True, slots=True)
class Planned:
    """A change as it is planned. ``began_on`` may lie ahead."""

    measure_set: str
    measure: str
    title: str
    plan: str
    began_on: date


@dataclass(frozen=True, slots=True)
class Learned:
    """What came of a change so far; empty where nobody has said."""

    did: str = ""
    studied: str = ""
    acted: str = ""
    ended_on: date | None = None


def check_planned(planned: Planned) -> None:
    """Raise `NotPossible` where the measure is none, or words are missing."""
    try:
        measure_set(planned.measure_set).measure(planned.measure)
    except BadInput as error:
        raise NotPossible(str(error)) from error
    if not planned.title.strip() or not planned.plan.strip():
        raise NotPossible("Say in a few words what is changed, and what is to be better by it.")


@action("change.plan", May.IMPROVE)
def plan_change(*, planned: Planned, by: Actor) -> Change:
    """Keep a change that is tried. It marks the chart of its measure from its first day."""
    check_planned(planned)
    made = Change.objects.create(
        service=by.service,
        measure_set=planned.measure_set,
        measure=planned.measure,
        title=planned.title.strip()[:120],
        plan=planned.plan.strip(),
        began_on=planned.began_on,
        by=by.user,
        changed_at=clock.now(),
    )
    note(by, "change.plan", subject=f"change {made.pk}", measure=planned.measure)
    return made


@action("change.learn", May.IMPROVE)
def learn_from(*, change: Change, learned: Learned, by: Actor) -> Change:
    """Add what was done, what was seen and what follows. What stood there before stays in the words of the form."""
    if learned.ended_on and learned.ended_on < change.began_on:
        raise NotPossible("A change does not end before it began.")
    change.did, change.studied, change.acted = (
        learned.did.strip(),
        learned.studied.strip(),
        learned.acted.strip(),
    )
    change.ended_on, change.changed_at = learned.ended_on, clock.now()
    change.save(update_fields=["did", "studied", "acted", "ended_on", "changed_at"])
    note(by, "change.learn", subject=f"change {change.pk}")
    return change
