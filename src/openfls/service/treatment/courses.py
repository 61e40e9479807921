"""A course as its standing entries say it: whatever is told, or taken back, the course is worked out anew."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from openfls.intervention import Course, next_promise
from openfls.intervention.following import begun_after
from openfls.intervention.packs import settings
from openfls.service import clock
from openfls.service.guidance import guidance_of
from openfls.service.models import Dose, Episode, Person, Treatment, TreatmentEntry

Kind = TreatmentEntry.Kind
COUNTED = frozenset({"zoledronate", "ibandronate_iv", "denosumab", "romosozumab"})
"""Drugs whose doses are counted one by one; the first day of a course of theirs is its first dose."""
_FOLDED = (
    *("started_on", "withdrawn", "known_from", "reviewed_on", "stopped_on", "stop_reason", "paused"),
    *("stopped_from", "follow_on", "follow_on_due"),
)


def standing(treatment: Treatment) -> list[TreatmentEntry]:
    """The entries that nobody has taken back, oldest first; one that was put right stands where the wrong one did."""
    entries = {entry.pk: entry for entry in treatment.entries.order_by("pk")}

    def root(key: int) -> int:
        before = entries[key].replaces_id
        return key if before is None else root(before)

    return sorted(
        (entry for entry in entries.values() if entry.stands), key=lambda entry: (root(entry.pk), entry.pk)
    )


def plans_told(rows: Iterable[Treatment]) -> dict[int, date]:
    """By course, the day on which its plan for what follows was told: a plan for a day has been judged on that day."""
    found = {}
    for row in rows:
        if row.follow_on:
            plan = next((entry for entry in reversed(standing(row)) if entry.follow_on), None)
            if plan is not None:
                found[row.pk] = clock.day_of(_first_told(plan).at)
    return found


def _first_told(plan: TreatmentEntry) -> TreatmentEntry:
    """A stop put right brings its plan along untouched; a plan put right is judged anew."""
    while plan.kind == Kind.STOP and plan.replaces is not None:
        plan = plan.replaces
    return plan


def fold(treatment: Treatment) -> Treatment:
    """Write the columns and doses of a course as its standing entries say. The order of what was told decides nothing
    but which of two ends, or two plans for what follows, is the newer."""
    found = standing(treatment)

    def of(kind: str) -> list[TreatmentEntry]:
        return [entry for entry in found if entry.kind == kind]

    starts, stops = of(Kind.START), of(Kind.STOP)
    plans = [entry for entry in found if entry.kind == Kind.FOLLOW_ON or entry.follow_on]
    start, stop, plan = (rows[-1] if rows else None for rows in (starts, stops, plans))
    treatment.withdrawn = start is None
    if start is not None:
        treatment.started_on, treatment.known_from = start.on, start.known_from
    treatment.reviewed_on = max((entry.on for entry in of(Kind.REVIEW)), default=None)
    treatment.stopped_on = stop.on if stop else None
    treatment.stop_reason = stop.reason if stop else ""
    treatment.paused = bool(stop and stop.paused)
    treatment.stopped_from = stop.known_from if stop else None
    treatment.follow_on = plan.follow_on if plan else ""
    treatment.follow_on_due = plan.follow_on_due if plan else None
    treatment.save(update_fields=_FOLDED)
    _doses(treatment, start, of(Kind.DOSE))
    return treatment


def _doses(treatment: Treatment, start: TreatmentEntry | None, told: list[TreatmentEntry]) -> None:
    by_day = {entry.on: entry for entry in reversed(told)}
    if start is not None and start.known_from_id is None and treatment.drug in COUNTED:
        by_day.setdefault(start.on, start)
    kept = dict(treatment.doses.values_list("on", "pk"))
    treatment.doses.filter(pk__in=[key for day, key in kept.items() if day not in by_day]).delete()
    Dose.objects.bulk_create(
        Dose(treatment=treatment, on=day, known_from=entry.known_from, at=entry.at, by=entry.by)
        for day, entry in by_day.items()
        if day not in kept
    )


def courses_of(person: Person | int) -> tuple[Course, ...]:
    """Every course of a person, of whichever episode, oldest first."""
    key = person.pk if isinstance(person, Person) else person
    rows = Treatment.objects.filter(episode__person=key, withdrawn=False)
    return courses_from(rows.prefetch_related("doses"))


def courses_from(rows: Iterable[Treatment]) -> tuple[Course, ...]:
    """Rows of one person as values, each with whether an antiresorptive drug has been begun after it."""
    found = list(rows)
    told = plans_told(found)
    values = [_value(row, told.get(row.pk)) for row in found]
    return tuple(replace(one, followed=begun_after(one, values)) for one in values)


def _value(row: Treatment, plan_told: date | None) -> Course:
    doses = [dose.on for dose in row.doses.all()]
    return Course(
        row.drug,
        row.started_on,
        last_dose_on=max(doses, default=None),
        doses=len(doses) or None,
        stopped_on=row.stopped_on,
        follow_on=row.follow_on,
        follow_on_due=row.follow_on_due,
        follow_on_told=plan_told,
        paused=row.paused,
        reviewed_on=row.reviewed_on,
    )


def promise(episode: Episode) -> None:
    """Write down the next day of every course of the person, as the schedule gives it."""
    rows = list(
        Treatment.objects.filter(episode__person=episode.person_id, withdrawn=False).prefetch_related("doses")
    )
    own = settings(guidance_of(episode.service, clock.today()).limits)
    for row, course in zip(rows, courses_from(rows), strict=True):
        due = next_promise(course, own)
        day = due.on if due else None
        if row.next_due != day:
            Treatment.objects.filter(pk=row.pk).update(next_due=day)


def tell(treatment: Treatment, kind: str, by: object, **told: object) -> TreatmentEntry:
    """Add one entry and work the course out anew; within an action, which writes its event."""
    entry = TreatmentEntry.objects.create(
        service=treatment.service, treatment=treatment, kind=kind, at=clock.now(), by=by, **told
    )
    fold(treatment)
    return entry
