"""What is really taken: a course begins, doses are given, it is reviewed, it stops. What follows is worked out anew."""

from __future__ import annotations

from datetime import date

from django.db.models import Max, QuerySet

from openfls.intervention.names import GROUPS
from openfls.intervention.schedule import next_promise
from openfls.record.pathway import NotPossible
from openfls.record.reasons import ReviewOutcome
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actions.moves import locked
from openfls.service.actor import Actor
from openfls.service.models import Dose, Episode, Review, Treatment
from openfls.service.roles import May
from openfls.service.situation import courses_from, standing_plan

DRUGS = GROUPS["any_drug"] | {"alfacalcidol"}
COUNTED = frozenset({"zoledronate", "ibandronate_iv", "denosumab", "romosozumab"})
"""Drugs whose doses are counted one by one."""


@action("treatment.start", May.WORK_THE_PATHWAY)
def start(*, episode: Episode, drug: str, started_on: date, by: Actor) -> Treatment:
    """A course has begun. Of a drug whose doses are counted that day is the first dose."""
    episode = locked(episode)
    row = begin(episode, drug, started_on, by)
    note(by, "treatment.start", person=episode.person, subject=f"episode {episode.pk}", drug=drug)
    return row


def begin(
    episode: Episode, drug: str, started_on: date, by: Actor, review: Review | None = None
) -> Treatment:
    """The row of a course; within an action, which writes its event.

    Raises:
        NotPossible: there is no such drug, the day is in the future, or the drug is being taken already.
    """
    if drug not in DRUGS:
        raise NotPossible("Choose which drug it is.")
    _not_later(started_on)
    if running(episode).filter(drug=drug).exists():
        raise NotPossible("This drug is on record as being taken.")
    row = Treatment.objects.create(
        service=episode.service,
        episode=episode,
        drug=drug,
        started_on=started_on,
        known_from=review,
        at=clock.now(),
        by=by.user,
    )
    if drug in COUNTED and review is None:
        Dose.objects.create(treatment=row, on=started_on, at=clock.now(), by=by.user)
    promise(episode)
    return row


@action("treatment.dose", May.WORK_THE_PATHWAY)
def dose(*, episode: Episode, treatment: Treatment, on: date, by: Actor) -> Dose:
    """A dose was given."""
    episode = locked(episode)
    row = _of(episode, treatment)
    _not_later(on)
    if on < row.started_on or row.stopped_on is not None:
        raise NotPossible("The dose is dated within the course.")
    if row.doses.filter(on=on).exists():
        raise NotPossible("That dose is on record already.")
    made = Dose.objects.create(treatment=row, on=on, at=clock.now(), by=by.user)
    promise(episode)
    note(by, "treatment.dose", person=episode.person, subject=f"episode {episode.pk}", drug=row.drug)
    return made


@action("treatment.review", May.WORK_THE_PATHWAY)
def review(*, episode: Episode, treatment: Treatment, on: date, by: Actor) -> Treatment:
    """The treatment was reviewed, and goes on."""
    episode = locked(episode)
    row = _of(episode, treatment)
    _not_later(on)
    if on < row.started_on:
        raise NotPossible("The review is dated after the start.")
    row.reviewed_on = on
    row.save(update_fields=["reviewed_on"])
    promise(episode)
    note(by, "treatment.review", person=episode.person, subject=f"episode {episode.pk}", drug=row.drug)
    return row


@action("treatment.stop", May.WORK_THE_PATHWAY)
def stop(
    *,
    episode: Episode,
    treatment: Treatment,
    on: date,
    reason: str,
    paused: bool = False,
    follow_on: str = "",
    by: Actor,
) -> Treatment:
    """The course has ended, or is paused, with the reason and what follows it.

    Raises:
        NotPossible: no reason, a day in the future or before the start, or a pause of denosumab, which has none.
    """
    episode = locked(episode)
    row = _of(episode, treatment)
    _not_later(on)
    if not reason.strip():
        raise NotPossible("Say why it was stopped.")
    if on < row.started_on or row.stopped_on is not None:
        raise NotPossible("The end is dated within the course.")
    if paused and row.drug == "denosumab":
        raise NotPossible("Denosumab is never paused: say what follows it.")
    if follow_on and follow_on not in DRUGS:
        raise NotPossible("Choose which drug follows.")
    row.stopped_on, row.stop_reason, row.paused, row.follow_on = on, reason.strip()[:300], paused, follow_on
    row.save(update_fields=["stopped_on", "stop_reason", "paused", "follow_on"])
    promise(episode)
    note(by, "treatment.stop", person=episode.person, subject=f"episode {episode.pk}", drug=row.drug)
    return row


def running(episode: Episode) -> QuerySet[Treatment]:
    """The courses of the person that go on."""
    return Treatment.objects.filter(episode__person=episode.person_id, withdrawn=False, stopped_on=None)


def heard_taking(episode: Episode, drug: str, review: Review, dose_on: date | None, by: Actor) -> None:
    """A review heard that the drug is taken. Where nobody has told its first day, it is the day of the plan: a
    promise may then come too early, never too late."""
    row = running(episode).filter(drug=drug).first()
    if row is None:
        plan = standing_plan(episode)
        first = plan.agreed_on if plan and plan.drug == drug else review.reviewed_on
        row = begin(episode, drug, min(first, dose_on or first), by, review)
    elif row.reviewed_on is None or row.reviewed_on < review.reviewed_on:
        row.reviewed_on = review.reviewed_on
        row.save(update_fields=["reviewed_on"])
    if dose_on is not None:
        told = {"known_from": review, "at": clock.now(), "by": by.user}
        Dose.objects.get_or_create(treatment=row, on=dose_on, defaults=told)
    promise(episode)


def heard_stopped(episode: Episode, review: Review) -> None:
    """A review heard that treatment was stopped: every course that goes on ends with it."""
    running(episode).update(
        stopped_on=review.reviewed_on, stop_reason="Heard at the review", stopped_from=review
    )
    promise(episode)


def unhear(episode: Episode, review: Review) -> None:
    """Take back what a review told of courses: a dose that was none would hide that the next one is late."""
    Dose.objects.filter(known_from=review).delete()
    Treatment.objects.filter(known_from=review).update(withdrawn=True)
    Treatment.objects.filter(stopped_from=review).update(stopped_on=None, stop_reason="", stopped_from=None)
    if review.outcome == ReviewOutcome.ON_TREATMENT:
        _reviewed_before(episode, review)
    promise(episode)


def _reviewed_before(episode: Episode, review: Review) -> None:
    """Only the reviews on record tell when a course was reviewed before: its next review comes early, never late."""
    others = Review.objects.filter(
        episode__person=episode.person_id, withdrawn=False, outcome=ReviewOutcome.ON_TREATMENT
    ).exclude(pk=review.pk)
    courses = Treatment.objects.filter(episode__person=episode.person_id, withdrawn=False)
    for row in courses.filter(reviewed_on=review.reviewed_on):
        row.reviewed_on = others.filter(drug=row.drug).aggregate(last=Max("reviewed_on"))["last"]
        row.save(update_fields=["reviewed_on"])


def promise(episode: Episode) -> None:
    """Write down the next day of every course of the person, as the schedule gives it."""
    rows = list(
        Treatment.objects.filter(episode__person=episode.person_id, withdrawn=False).prefetch_related("doses")
    )
    for row, course in zip(rows, courses_from(rows), strict=True):
        due = next_promise(course)
        day = due.on if due else None
        if row.next_due != day:
            Treatment.objects.filter(pk=row.pk).update(next_due=day)


def _of(episode: Episode, treatment: Treatment) -> Treatment:
    row = Treatment.objects.filter(
        pk=treatment.pk, episode__person=episode.person_id, withdrawn=False
    ).first()
    if row is None:
        raise NotPossible("There is no such course.")
    return row


def _not_later(day: date) -> None:
    if day > clock.today():
        raise NotPossible("The date must be today or in the past.")
