"""Changes tried to better a measure: plan, do, study, act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

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


_AHEAD = timedelta(days=2 * 366)
_FIRST = date(2000, 1, 1)
"""Before the first fracture liaison services. Ours."""


def check_planned(planned: Planned) -> None:
    """Raise `NotPossible` where the measure is none, words are missing, or no change can begin on the day."""
    try:
        measure_set(planned.measure_set).measure(planned.measure)
    except BadInput as error:
        raise NotPossible(str(error)) from error
    if not planned.title.strip() or not planned.plan.strip():
        raise NotPossible("Say in a few words what is changed, and what is to be better by it.")
    if not _FIRST <= planned.began_on <= clock.today() + _AHEAD:
        raise NotPossible("The first day lies between the year 2000 and two years from now.")


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


@action("change.correct", May.IMPROVE)
def correct_plan(*, change: Change, planned: Planned, by: Actor) -> Change:
    """Put right what was planned. It cannot begin after it has ended."""
    check_planned(planned)
    if change.ended_on and change.ended_on < planned.began_on:
        raise NotPossible("A change does not end before it began.")
    change.measure_set, change.measure = planned.measure_set, planned.measure
    change.title, change.plan = planned.title.strip()[:120], planned.plan.strip()
    change.began_on, change.changed_at = planned.began_on, clock.now()
    change.save(update_fields=["measure_set", "measure", "title", "plan", "began_on", "changed_at"])
    note(by, "change.correct", subject=f"change {change.pk}", measure=planned.measure)
    return change


@action("change.withdraw", May.IMPROVE)
def withdraw_change(*, change: Change, by: Actor, back: bool = False) -> Change:
    """Take a change away that was kept by mistake: no list and no chart has it. ``back`` brings it back."""
    change.withdrawn, change.changed_at = not back, clock.now()
    change.save(update_fields=["withdrawn", "changed_at"])
    note(by, "change.withdraw", subject=f"change {change.pk}", back=back)
    return change


@action("change.learn", May.IMPROVE)
def learn_from(*, change: Change, learned: Learned, by: Actor) -> Change:
    """Add what was done, what was seen and what follows. What stood there before stays in the words of the form."""
    if learned.ended_on and learned.ended_on < change.began_on:
        raise NotPossible("A change does not end before it began.")
    if learned.ended_on and learned.ended_on > clock.today():
        raise NotPossible("The last day lies ahead. Leave it blank until the change is over.")
    change.did, change.studied, change.acted = (
        learned.did.strip(),
        learned.studied.strip(),
        learned.acted.strip(),
    )
    change.ended_on, change.changed_at = learned.ended_on, clock.now()
    change.save(update_fields=["did", "studied", "acted", "ended_on", "changed_at"])
    note(by, "change.learn", subject=f"change {change.pk}")
    return change
