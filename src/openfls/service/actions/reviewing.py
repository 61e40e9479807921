"""The reviews at 16 and at 52 weeks, and the attempts to reach somebody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from openfls.record.pathway import PLACES, NotPossible, State, Step, check_step
from openfls.record.reasons import Channel, ContactOutcome, Drug, ReviewOutcome, TaskKind
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actions.dying import told_of_death
from openfls.service.actions.moves import locked, locked_with_person, move
from openfls.service.actions.tasks import cancel_tasks, ensure_task, finish_task
from openfls.service.actions.treating import heard_stopped, heard_taking
from openfls.service.actor import Actor
from openfls.service.models import Contact, Episode, Review
from openfls.service.roles import May

STEPS = {
    Review.Kind.WEEK_16: (Step.REVIEW_AT_16_WEEKS, TaskKind.REVIEW_16),
    Review.Kind.WEEK_52: (Step.REVIEW_AT_52_WEEKS, TaskKind.REVIEW_52),
}
STATES = {Review.Kind.WEEK_16: State.REVIEW_16, Review.Kind.WEEK_52: State.REVIEW_52}


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard. None is not known. ``dose_on`` is the day of the last injection or infusion."""

    outcome: ReviewOutcome
    drug: Drug | None = None
    strength_balance: bool | None = None
    refractures: int | None = None
    note: str = ""
    dose_on: date | None = None


def check_heard(heard: Heard) -> None:
    """Raise `NotPossible` where the answers contradict each other."""
    if heard.outcome is ReviewOutcome.ON_TREATMENT and heard.drug is None:
        raise NotPossible("Say which drug is being taken.")
    if heard.outcome is not ReviewOutcome.ON_TREATMENT and heard.drug is not None:
        raise NotPossible("A drug is named, but the outcome is not that one is being taken.")


def _check_time(episode: Episode, kind: Review.Kind, heard: Heard, on: date) -> None:
    """Raise `NotPossible` where ``on`` is too early for this review. A death is told of on any day."""
    if heard.outcome is ReviewOutcome.DIED:
        return
    place = PLACES[STATES[kind]]
    opens = episode.index_date + timedelta(days=place.not_before)
    if on < opens:
        raise NotPossible(f"The {kind.label} is made from {opens:%d %B %Y} on.")
    earlier = episode.reviews.filter(withdrawn=False).exclude(kind=kind).order_by("-reviewed_on").first()
    if earlier and on <= earlier.reviewed_on:
        raise NotPossible(f"The {kind.label} is dated after the one of {earlier.reviewed_on:%d %B %Y}.")
    due = place.clock(episode.index_date).due
    if heard.outcome is ReviewOutcome.NOT_REACHED and on < due:
        raise NotPossible(
            f"There is time to reach the person until {due:%d %B %Y}. Record a contact instead; the review stays open."
        )


@action("review.record", May.WORK_THE_PATHWAY)
def record(*, episode: Episode, kind: Review.Kind, heard: Heard, reviewed_on: date, by: Actor) -> Review:
    """Keep the review and go on: from 16 weeks to the wait for 52, from 52 weeks to closed.

    One that finds that the person has died closes the episode at either time.
    """
    check_heard(heard)
    if by.user is None:
        raise NotPossible("A review is made by a person.")
    episode = locked_with_person(episode) if heard.outcome is ReviewOutcome.DIED else locked(episode)
    if not episode.index_date <= reviewed_on <= clock.today():
        raise NotPossible("The review is dated between the fracture and today.")
    step, task = STEPS[kind]
    check_step(State(episode.state), step)
    _check_time(episode, kind, heard, reviewed_on)
    status = move(episode, step, by, heard.outcome.label)
    review = Review.objects.create(
        episode=episode,
        service=by.service,
        kind=kind,
        reviewed_on=reviewed_on,
        by=by.user,
        outcome=heard.outcome,
        drug=heard.drug or "",
        strength_balance=heard.strength_balance,
        refractures=heard.refractures,
        note=heard.note,
    )
    if heard.dose_on and heard.dose_on > reviewed_on:
        raise NotPossible("The last dose is dated before the review.")
    if heard.outcome is ReviewOutcome.ON_TREATMENT and heard.drug is not None:
        heard_taking(episode, heard.drug, review, heard.dose_on, by)
    elif heard.outcome is ReviewOutcome.STOPPED:
        heard_stopped(episode, review, by)
    finish_task(episode, task)
    finish_task(episode, TaskKind.CALL_AGAIN)
    if heard.outcome is ReviewOutcome.DIED:
        if kind is Review.Kind.WEEK_16:  # nobody waits for the next review of somebody who has died
            status = move(episode, Step.CLOSE, by, heard.outcome.label)
        told_of_death(episode, status, by)
    if not episode.place.is_open:
        cancel_tasks(episode)
    note(
        by,
        "review.record",
        person=episode.person,
        subject=f"episode {episode.pk}",
        kind=kind,
        outcome=heard.outcome,
    )
    return review


CALL_AGAIN_AFTER = timedelta(days=3)


@action("contact.record", May.WORK_THE_PATHWAY)
def contact(
    *,
    episode: Episode,
    channel: Channel,
    outcome: ContactOutcome,
    on: date,
    words: str = "",
    by: Actor,
) -> Contact:
    """Keep an attempt to reach the person. Where it failed and care goes on, a task says to call again."""
    if by.user is None:
        raise NotPossible("A contact is made by a person.")
    episode = locked(episode)
    if episode.person.deceased:
        raise NotPossible("The person has died.")
    if not episode.index_date <= on <= clock.today():
        raise NotPossible("The contact is dated between the fracture and today.")
    row = Contact.objects.create(
        service=by.service,
        person=episode.person,
        episode=episode,
        on=on,
        channel=channel,
        outcome=outcome,
        note=words,
        by=by.user,
    )
    finish_task(episode, TaskKind.CALL_AGAIN)
    if episode.place.is_open and outcome not in (ContactOutcome.REACHED, ContactOutcome.CARER):
        ensure_task(episode, TaskKind.CALL_AGAIN, clock.today() + CALL_AGAIN_AFTER)
    note(by, "contact.record", person=episode.person, subject=f"episode {episode.pk}", outcome=outcome)
    return row
