"""The calendar that a user's own program reads: a secret address, and clinic days without anybody's name."""

from __future__ import annotations

import hashlib

from django.conf import settings

from openfls.integration.calendar_feed import ClinicDay, feed
from openfls.service import audit, clock
from openfls.service.actor import Actor, actor_of, can
from openfls.service.clinic.days import clinic_of
from openfls.service.models import CalendarFeed, Membership
from openfls.service.roles import May

SECRET_BYTES = 32
_WEEKS = 26


def hash_of(secret: str) -> str:
    """What is kept of a secret. It is 256 random bits: nobody guesses it, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def owner_of(secret: str) -> tuple[CalendarFeed, Actor] | None:
    """The calendar of a secret and whose it is; None where it was revoked, or its user may not see people any more."""
    row = (
        CalendarFeed.objects.filter(secret_hash=hash_of(secret), revoked_at=None, user__is_active=True)
        .select_related("user", "service")
        .first()
    )
    if row is None:
        return None
    member = (
        Membership.objects.filter(user=row.user, service=row.service)
        .select_related("user", "service")
        .first()
    )
    actor = actor_of(member) if member else None
    return (row, actor) if actor is not None and can(actor, May.WORK_THE_PATHWAY) else None


def read(row: CalendarFeed, actor: Actor, address: str) -> bytes:
    """The calendar as it is now. Its first reading of a day is an audit event; programs come back every few hours."""
    today = clock.today()
    if row.read_on != today:
        CalendarFeed.objects.filter(pk=row.pk).update(read_on=today)
        audit.record(actor, "calendar.view", subject=f"calendar {row.pk}")
    clinic = clinic_of(row.service, today, weeks=_WEEKS)
    hours = clinic.hours
    days = [
        ClinicDay(
            day.on,
            day.reviews,
            hours.starts_on(day.on),
            hours.minutes,
            day.assessments,
            hours.assess_minutes,
        )
        for week in clinic.weeks
        for day in week
        if day.lines
    ]
    return feed(
        days,
        uid_of=hash_of(row.service.code)[:16],
        title=f"Clinic, {row.service.name}",
        zone=settings.TIME_ZONE,
        address=address,
        stamp=clock.now().replace(microsecond=0),
    )
