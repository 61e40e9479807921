"""The clinic's days: how many reviews each takes, whom somebody puts on which, and the addresses of calendars."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import date, time, timedelta

from django.db.models import QuerySet

from openfls.record.pathway import NotPossible, State
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actions.moves import locked
from openfls.service.actor import Actor
from openfls.service.clinic.calendars import SECRET_BYTES, hash_of
from openfls.service.clinic.days import KINDS, window_of
from openfls.service.models import CalendarFeed, ClinicDayChosen, ClinicHours, Episode
from openfls.service.roles import May

MOST = 99
_LONGEST_AHEAD = timedelta(days=366)


@action("clinic.hours", May.WORK_THE_PATHWAY)
def set_hours(
    *, places: Sequence[int], starts: Sequence[str], closed: Iterable[date], minutes: int, by: Actor
) -> ClinicHours:
    """Say how many reviews each weekday takes, when its clinic begins, and on which days there is none.

    Raises:
        NotPossible: not seven days, a number below 0 or above `MOST`, or an hour that is none.
    """
    if by.user is None:
        raise NotPossible("The clinic's days are set by a person.")
    if len(places) != 7 or len(starts) != 7 or not all(0 <= number <= MOST for number in places):
        raise NotPossible(f"Say for each weekday how many reviews it takes, from 0 to {MOST}.")
    if not 5 <= minutes <= 240:
        raise NotPossible("Say how long a review takes, from 5 to 240 minutes.")
    try:
        hours = [time.fromisoformat(told).strftime("%H:%M") if told else "" for told in starts]
    except ValueError as error:
        raise NotPossible("Give the hour as 09:30.") from error
    row = ClinicHours.objects.create(
        service=by.service,
        places=list(places),
        starts=hours,
        closed=sorted({day.isoformat() for day in closed}),
        minutes=minutes,
        at=clock.now(),
        by=by.user,
    )
    note(by, "clinic.hours", subject=f"clinic hours {row.pk}", places=list(places))
    return row


@action("clinic.choose", May.WORK_THE_PATHWAY)
def choose(*, episode: Episode, on: date, by: Actor) -> ClinicDayChosen:
    """Put the review that an episode waits for on a day.

    Raises:
        NotPossible: no review is waited for, the person has died, or the day has passed or is before the review may be.
    """
    episode = locked(episode)
    row = _choose(episode, on, by)
    note(by, "clinic.choose", person=episode.person, subject=f"episode {episode.pk}", on=on.isoformat())
    return row


@action("clinic.release", May.WORK_THE_PATHWAY)
def release(*, episode: Episode, by: Actor) -> None:
    """Take the chosen day back: the review is levelled with the others again.

    Raises:
        NotPossible: no day was chosen.
    """
    episode = locked(episode)
    if not _standing(episode).update(taken_back=True):
        raise NotPossible("No day was chosen for this review.")
    note(by, "clinic.release", person=episode.person, subject=f"episode {episode.pk}")


@action("calendar.make", May.WORK_THE_PATHWAY)
def make_calendar(*, by: Actor) -> str:
    """A new secret for the user's own calendar; the one before stops working. It is returned once and never again."""
    if by.user is None:
        raise NotPossible("A calendar belongs to a person.")
    _of(by).update(revoked_at=clock.now())
    secret = secrets.token_urlsafe(SECRET_BYTES)
    row = CalendarFeed.objects.create(
        service=by.service, user=by.user, secret_hash=hash_of(secret), made_at=clock.now()
    )
    note(by, "calendar.make", subject=f"calendar {row.pk}")
    return secret


@action("calendar.revoke", May.WORK_THE_PATHWAY)
def revoke_calendar(*, calendar: CalendarFeed, by: Actor) -> None:
    """A calendar address stops working, at once: one's own, or that of a colleague who has left.

    Raises:
        NotPossible: it does not work any more.
    """
    rows = CalendarFeed.objects.filter(pk=calendar.pk, revoked_at=None)
    if not rows.update(revoked_at=clock.now()):
        raise NotPossible("This address does not work any more.")
    note(by, "calendar.revoke", subject=f"calendar {calendar.pk}")


def _of(by: Actor) -> QuerySet[CalendarFeed]:
    return CalendarFeed.objects.filter(service=by.service, user=by.user, revoked_at=None)


def _standing(episode: Episode) -> QuerySet[ClinicDayChosen]:
    kind = KINDS.get(State(episode.state))
    return ClinicDayChosen.objects.filter(episode=episode, kind=kind or "", taken_back=False)


def _choose(episode: Episode, on: date, by: Actor) -> ClinicDayChosen:
    if by.user is None:
        raise NotPossible("A day is chosen by a person.")
    if State(episode.state) not in KINDS:
        raise NotPossible(f"No review is waited for: the episode is at “{episode.place.list_title}”.")
    if episode.person.deceased:
        raise NotPossible("The person has died.")
    today, (opens, _) = clock.today(), window_of(episode)
    if not today <= on <= today + _LONGEST_AHEAD:
        raise NotPossible("Choose a day from today on, within a year.")
    if on < opens:
        raise NotPossible(f"The review is made from {opens.day} {opens:%B %Y} on.")
    _standing(episode).update(taken_back=True)
    return ClinicDayChosen.objects.create(
        service=by.service,
        episode=episode,
        kind=KINDS[State(episode.state)],
        on=on,
        at=clock.now(),
        by=by.user,
    )
