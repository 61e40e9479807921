"""What is really taken: a course begins, doses are given, it is reviewed, it stops. What follows is worked out anew."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from openfls.intervention.following import NEVER_ENDS_ALONE, latest_plan
from openfls.intervention.names import ANTIRESORPTIVES, GROUPS
from openfls.intervention.packs import settings
from openfls.record.pathway import NotPossible
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actions.moves import locked
from openfls.service.actor import Actor
from openfls.service.guidance import guidance_of
from openfls.service.models import Episode, Review, Treatment, TreatmentEntry
from openfls.service.roles import May
from openfls.service.situation import standing_plan
from openfls.service.treatment.courses import COUNTED, courses_from, fold, promise, standing, tell

DRUGS = GROUPS["any_drug"] | {"alfacalcidol"}
Kind = TreatmentEntry.Kind


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
    not_later(started_on)
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
    tell(row, Kind.START, by.user, on=started_on, known_from=review)
    promise(episode)
    return row


@action("treatment.dose", May.WORK_THE_PATHWAY)
def dose(*, episode: Episode, treatment: Treatment, on: date, by: Actor) -> TreatmentEntry:
    """A dose was given."""
    episode = locked(episode)
    row = of_person(episode, treatment)
    check_dose(row, on)
    made = tell(row, Kind.DOSE, by.user, on=on)
    promise(episode)
    note(by, "treatment.dose", person=episode.person, subject=f"episode {episode.pk}", drug=row.drug)
    return made


@action("treatment.review", May.WORK_THE_PATHWAY)
def review(*, episode: Episode, treatment: Treatment, on: date, by: Actor) -> TreatmentEntry:
    """The treatment was reviewed, and goes on."""
    episode = locked(episode)
    row = of_person(episode, treatment)
    check_review(row, on)
    made = tell(row, Kind.REVIEW, by.user, on=on)
    promise(episode)
    note(by, "treatment.review", person=episode.person, subject=f"episode {episode.pk}", drug=row.drug)
    return made


@action("treatment.stop", May.WORK_THE_PATHWAY)
def stop(
    *,
    episode: Episode,
    treatment: Treatment,
    on: date,
    reason: str,
    paused: bool = False,
    follow_on: str = "",
    follow_on_due: date | None = None,
    by: Actor,
) -> Treatment:
    """The course has ended, or is paused, with the reason and what follows it, and when.

    Raises:
        NotPossible: no reason, a day in the future or outside the course, a pause of denosumab, which has none, or a
            plan for what follows without a day, or for a day too late.
    """
    episode = locked(episode)
    row = of_person(episode, treatment)
    not_later(on)
    if not reason.strip():
        raise NotPossible("Say why it was stopped.")
    if row.stopped_on is not None:
        raise NotPossible("The end is dated within the course.")
    check_stop(row, on)
    if paused and row.drug == "denosumab":
        raise NotPossible("Denosumab is never paused: say what follows it.")
    if follow_on:
        check_follow_on(row, follow_on, follow_on_due)
    due = follow_on_due if follow_on else None
    told = {"reason": reason.strip()[:300], "paused": paused, "follow_on": follow_on, "follow_on_due": due}
    tell(row, Kind.STOP, by.user, on=on, **told)
    promise(episode)
    note(by, "treatment.stop", person=episode.person, subject=f"episode {episode.pk}", drug=row.drug)
    return row


@action("treatment.follow_on", May.WORK_THE_PATHWAY)
def plan_follow_on(
    *, episode: Episode, treatment: Treatment, follow_on: str, due: date | None, by: Actor
) -> TreatmentEntry:
    """What follows a course is planned, for a day. Until that day it is a promise; after it, the alert comes back."""
    episode = locked(episode)
    row = of_person(episode, treatment)
    check_follow_on(row, follow_on, due)
    made = tell(row, Kind.FOLLOW_ON, by.user, on=clock.today(), follow_on=follow_on, follow_on_due=due)
    promise(episode)
    note(by, "treatment.follow_on", person=episode.person, subject=f"episode {episode.pk}", drug=follow_on)
    return made


def running(episode: Episode) -> QuerySet[Treatment]:
    """The courses of the person that go on."""
    return Treatment.objects.filter(episode__person=episode.person_id, withdrawn=False, stopped_on=None)


def heard_taking(episode: Episode, drug: str, review: Review, dose_on: date | None, by: Actor) -> None:
    """A review heard that the drug is taken. Where nobody has told its first day, it is guessed: the day of the plan,
    from which a promise comes too early, or the day of the review, from which it may come too late. No dose is made
    of a guess, so that the day of the last one is asked for."""
    row = running(episode).filter(drug=drug).first()
    if row is None:
        plan = standing_plan(episode)
        first = plan.agreed_on if plan and plan.drug == drug else review.reviewed_on
        row = begin(episode, drug, min(first, dose_on or first), by, review)
    else:
        tell(row, Kind.REVIEW, by.user, on=review.reviewed_on, known_from=review)
    if dose_on is not None and not row.doses.filter(on=dose_on).exists():
        tell(row, Kind.DOSE, by.user, on=dose_on, known_from=review)
    promise(episode)


def heard_stopped(episode: Episode, review: Review, by: Actor) -> None:
    """A review heard that treatment was stopped: every course that went on then ends with it.

    Raises:
        NotPossible: a dose after the day of the review is on record.
    """
    for row in running(episode).filter(started_on__lte=review.reviewed_on):
        check_stop(row, review.reviewed_on)
        tell(row, Kind.STOP, by.user, on=review.reviewed_on, reason="Heard at the review", known_from=review)
    promise(episode)


def unhear(episode: Episode, review: Review, by: Actor) -> None:
    """Take back what a review told of courses: a dose that was none would hide that the next one is late.

    A course that it began stays where others have told of it since.

    Raises:
        NotPossible: of such a course no day is known on which it began, or its drug has been begun again since.
    """
    told = TreatmentEntry.objects.filter(known_from=review, taken_back_at=None)
    rows = list(Treatment.objects.filter(entries__in=told).distinct())
    begun = {entry.treatment_id: entry for entry in told if entry.kind == Kind.START}
    told.update(taken_back_at=clock.now(), taken_back_by=by.user, taken_back_why="The review was taken back")
    for row in rows:
        if row.pk in begun:
            _begun_without(row, begun[row.pk], by)
        check_alone(episode, fold(row))
    promise(episode)


def _begun_without(row: Treatment, heard: TreatmentEntry, by: Actor) -> None:
    """Let a course go on without the review that began it, where something else was told of it.

    Of a drug whose doses are counted the first day is a dose: it is the first that somebody told, never a guess.
    """
    left = standing(row)
    doses = [entry for entry in left if entry.kind == Kind.DOSE]
    others = [entry for entry in left if entry.known_from_id is not None]
    by_hand = len(others) < len(left)
    if not left:
        return
    if row.drug not in COUNTED:
        tell(row, Kind.START, by.user, on=heard.on, known_from=None if by_hand else others[0].known_from)
    elif doses:
        first = min(doses, key=lambda entry: entry.on)
        tell(row, Kind.START, by.user, on=first.on, known_from=first.known_from)
    elif others:
        tell(row, Kind.START, by.user, on=heard.on, known_from=others[0].known_from)
    else:
        raise NotPossible(
            "The review began a course of which more was told since, without a dose: take that back first, "
            "or record the dose."
        )


def check_alone(episode: Episode, row: Treatment) -> None:
    """Raise `NotPossible` where a course that goes on again would be the second of its drug."""
    if not row.withdrawn and row.stopped_on is None and running(episode).filter(drug=row.drug).count() > 1:
        raise NotPossible("The same drug has been begun again since: take that back first.")


def of_person(episode: Episode, treatment: Treatment) -> Treatment:
    """The course as it is now, locked; NotPossible where it is none of the person's, or was taken back."""
    rows = Treatment.objects.select_for_update(of=("self",))
    row = rows.filter(pk=treatment.pk, episode__person=episode.person_id, withdrawn=False).first()
    if row is None:
        raise NotPossible("There is no such course.")
    return row


def check_dose(row: Treatment, on: date) -> None:
    """Raise `NotPossible` where no dose can have been given on that day."""
    not_later(on)
    if on < row.started_on or row.stopped_on is not None:
        raise NotPossible("The dose is dated within the course.")
    if row.doses.filter(on=on).exists():
        raise NotPossible("That dose is on record already.")


def check_review(row: Treatment, on: date) -> None:
    """Raise `NotPossible` where the course cannot have been reviewed on that day."""
    not_later(on)
    if on < row.started_on:
        raise NotPossible("The review is dated after the start.")


def check_stop(row: Treatment, on: date) -> None:
    """Raise `NotPossible` where the course cannot have ended on that day."""
    not_later(on)
    last = max(
        (one.on for one in standing(row) if one.kind in (Kind.START, Kind.DOSE)), default=row.started_on
    )
    if on < last:
        raise NotPossible(f"The end is dated within the course: something was told of {last:%d %B %Y}.")


def check_follow_on(row: Treatment, follow_on: str, due: date | None) -> None:
    """Raise `NotPossible` where the plan for what follows names no drug or no day, or leaves a gap."""
    if follow_on not in DRUGS:
        raise NotPossible("Choose which drug follows.")
    if row.drug not in NEVER_ENDS_ALONE:
        return
    if follow_on not in ANTIRESORPTIVES:
        raise NotPossible("What follows this drug is an antiresorptive: a bisphosphonate or denosumab.")
    if due is None:
        raise NotPossible("Say for which day it is planned: until then the plan counts, and no longer.")
    if due < clock.today():
        raise NotPossible("The plan is for a day to come. If it was given already, record that it began.")
    course = courses_from([row])[0]
    own = guidance_of(row.service, clock.today()).limits
    latest = latest_plan(course, clock.today(), settings(own))
    if due > latest:
        raise NotPossible(f"That is too late to follow it: plan it for {latest:%d %B %Y} at the latest.")


def not_later(day: date) -> None:
    """Raise `NotPossible` for a day in the future."""
    if day > clock.today():
        raise NotPossible("The date must be today or in the past.")
