"""The clinic's days: what each takes, closed days and leave, whom somebody puts on which, addresses of calendars."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.db.models import QuerySet

from openfls.record.pathway import NotPossible
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actions.moves import locked
from openfls.service.actor import Actor
from openfls.service.clinic.calendars import SECRET_BYTES, hash_of
from openfls.service.clinic.promised import promised_of
from openfls.service.flags import why_no_contact
from openfls.service.models import (
    CalendarFeed,
    ClinicAbsence,
    ClinicDayChosen,
    ClinicHours,
    Episode,
    Slot,
)
from openfls.service.roles import May

MOST = 99
_LONGEST_AHEAD = timedelta(days=366)
_LONGEST_AWAY = timedelta(days=366)
_FAREST_AWAY = timedelta(days=2 * 366)
Kind = ClinicAbsence.Kind


@dataclass(frozen=True, slots=True)
class Wish:
    """What a clinic takes: ``places`` (reviews, treatments) and ``assess_places`` by weekday, Monday first."""

    places: Sequence[int]
    assess_places: Sequence[int] = (0,) * 7
    starts: Sequence[str] = ("",) * 7
    minutes: int = 30
    assess_minutes: int = 60
    bank_holidays: bool = True


@dataclass(frozen=True, slots=True)
class Absent:
    """Days that differ: why or who, from when to when, and how many places of each day fall out."""

    kind: str
    first_on: date
    last_on: date
    words: str
    fewer: int = 0
    fewer_assess: int = 0


@action("clinic.hours", May.SET_CLINIC)
def set_hours(*, wish: Wish, by: Actor) -> ClinicHours:
    """Say how much each weekday takes, when its clinic begins, and whether it is held on bank holidays.

    Raises:
        NotPossible: not seven days, a number below 0 or above `MOST`, or an hour that is none.
    """
    if by.user is None:
        raise NotPossible("The clinic's days are set by a person.")
    for places in (wish.places, wish.assess_places):
        if len(places) != 7 or not all(0 <= number <= MOST for number in places):
            raise NotPossible(f"Say for each weekday how many it takes, from 0 to {MOST}.")
    if not all(5 <= minutes <= 240 for minutes in (wish.minutes, wish.assess_minutes)):
        raise NotPossible("Say how long each takes, from 5 to 240 minutes.")
    if len(wish.starts) != 7:
        raise NotPossible("Give an hour, or none, for each weekday.")
    try:
        hours = [time.fromisoformat(told).strftime("%H:%M") if told else "" for told in wish.starts]
    except ValueError as error:
        raise NotPossible("Give the hour as 09:30.") from error
    row = ClinicHours.objects.create(
        service=by.service,
        places=list(wish.places),
        assess_places=list(wish.assess_places),
        starts=hours,
        minutes=wish.minutes,
        assess_minutes=wish.assess_minutes,
        bank_holidays=wish.bank_holidays,
        at=clock.now(),
        by=by.user,
    )
    note(
        by,
        "clinic.hours",
        subject=f"clinic hours {row.pk}",
        places=list(wish.places),
        assess_places=list(wish.assess_places),
        bank_holidays=wish.bank_holidays,
    )
    return row


@action("clinic.absence", May.SET_CLINIC)
def add_absence(*, absent: Absent, by: Actor) -> ClinicAbsence:
    """Say that there is no clinic on these days, that somebody is away, or that a bank holiday is worked.

    Raises:
        NotPossible: the days are in no order, over or too far, no reason, or nobody is missed.
    """
    if by.user is None:
        raise NotPossible("Closed days and leave are told by a person.")
    today, words = clock.today(), " ".join(absent.words.split())
    if absent.kind not in Kind.values:
        raise NotPossible("Choose what is different on these days.")
    if not words:
        raise NotPossible("Say why, or who is away.")
    if absent.last_on < absent.first_on:
        raise NotPossible("The last day is before the first.")
    if absent.last_on < today:
        raise NotPossible("These days are over.")
    if absent.last_on - absent.first_on > _LONGEST_AWAY or absent.last_on > today + _FAREST_AWAY:
        raise NotPossible("Give at most a year at a time, within the next two years.")
    fewer, assess = (absent.fewer, absent.fewer_assess) if absent.kind == Kind.AWAY else (0, 0)
    if not all(0 <= number <= MOST for number in (fewer, assess)):
        raise NotPossible(f"Say how many fewer a day, from 0 to {MOST}.")
    if absent.kind == Kind.AWAY and not fewer + assess:
        raise NotPossible("Say how many fewer a day, at least one.")
    row = ClinicAbsence.objects.create(
        service=by.service,
        kind=absent.kind,
        first_on=absent.first_on,
        last_on=absent.last_on,
        words=words[:100],
        fewer=fewer,
        fewer_assess=assess,
        at=clock.now(),
        by=by.user,
    )
    note(by, "clinic.absence", subject=f"clinic absence {row.pk}", kind=row.kind)
    return row


@action("clinic.absence_over", May.SET_CLINIC)
def end_absence(*, absence: ClinicAbsence, by: Actor) -> ClinicAbsence:
    """The days are as any others again.

    Raises:
        NotPossible: somebody took it back already.
    """
    rows = ClinicAbsence.objects.filter(pk=absence.pk, taken_back_at=None)
    if not rows.update(taken_back_at=clock.now(), taken_back_by=by.user):
        raise NotPossible("It was taken back already.")
    note(by, "clinic.absence_over", subject=f"clinic absence {absence.pk}")
    absence.refresh_from_db()
    return absence


@action("clinic.choose", May.WORK_THE_PATHWAY)
def choose(*, episode: Episode, slot: str, on: date, by: Actor) -> ClinicDayChosen:
    """Put what an episode waits for, of a kind (`Slot`), on a day.

    Raises:
        NotPossible: nothing of the kind is waited for, the person is not to be contacted, or the day has passed or
            is too early.
    """
    episode = locked(episode)
    row = _choose(episode, slot, on, by)
    note(
        by,
        "clinic.choose",
        person=episode.person,
        subject=f"episode {episode.pk}",
        slot=row.kind,
        on=on.isoformat(),
    )
    return row


@action("clinic.release", May.WORK_THE_PATHWAY)
def release(*, episode: Episode, slot: str, by: Actor) -> None:
    """Take the chosen day back: it is levelled with the others again.

    Raises:
        NotPossible: no day was chosen.
    """
    episode = locked(episode)
    if not _standing(episode, slot).update(taken_back=True):
        raise NotPossible("No day was chosen for this.")
    note(by, "clinic.release", person=episode.person, subject=f"episode {episode.pk}", slot=slot)


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


def _standing(episode: Episode, slot: str) -> QuerySet[ClinicDayChosen]:
    return ClinicDayChosen.objects.filter(episode=episode, kind=slot, taken_back=False)


def _choose(episode: Episode, slot: str, on: date, by: Actor) -> ClinicDayChosen:
    if by.user is None:
        raise NotPossible("A day is chosen by a person.")
    if slot not in Slot.values:
        raise NotPossible("Choose what is put on the day.")
    if why := why_no_contact(episode.person):
        raise NotPossible(f"Nobody is put on a day here: {why}.")
    today = clock.today()
    promised = promised_of(episode, slot, today)
    if promised is None:
        raise NotPossible("Nobody waits for this any more: the list may be older than what was done since.")
    if not today <= on <= today + _LONGEST_AHEAD:
        raise NotPossible("Choose a day from today on, within a year.")
    if on < promised.opens:
        raise NotPossible(f"It may be made from {promised.opens.day} {promised.opens:%B %Y} on.")
    _standing(episode, slot).update(taken_back=True)
    return ClinicDayChosen.objects.create(
        service=by.service, episode=episode, kind=slot, on=on, at=clock.now(), by=by.user
    )
