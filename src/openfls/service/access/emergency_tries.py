"""Asking for a record in an emergency that opens none: how often somebody may, and who is told.

Who guesses learns nothing: the answer is the same whether the number is held somewhere or nowhere. Whoever holds a
record with that number finds in its own log who tried, from which service.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from openfls.service import audit, clock
from openfls.service.actions.action import note
from openfls.service.actor import Actor
from openfls.service.models import AuditEvent, Person, Service, User
from openfls.service.roles import Role

AN_HOUR = 10
WARNED_FROM = 3
"""With so many tries left the page says how many there are."""
TRIED = "emergency.tried"
"""What the log of a service says when somebody of another one asked for its person and opened nothing."""
SHOWN = timedelta(days=90)
"""How far back a service sees who tried on the page where it judges emergencies."""


def _of_this_hour(by: Actor) -> list[datetime]:
    rows = AuditEvent.objects.filter(
        service=by.service,
        user=by.name,
        action="emergency.open",
        at__gt=clock.now() - timedelta(hours=1),
        detail__found=False,
    )
    return list(rows.order_by("at").values_list("at", flat=True))


def left(by: Actor) -> int:
    """How many wrong tries this user has left this hour."""
    return max(0, AN_HOUR - len(_of_this_hour(by)))


def too_many(by: Actor) -> str:
    """What to say to who has none left: until when, and what to do instead."""
    made = _of_this_hour(by)
    again = f" You can ask again at {timezone.localtime(made[-AN_HOUR] + timedelta(hours=1)):%H:%M}."
    return f"You have tried too often this hour.{again} Until then, telephone the other service."


def warning(by: Actor) -> str:
    """How many tries are left, from the third-last on; empty before."""
    many = left(by)
    if many > WARNED_FROM:
        return ""
    if not many:
        return too_many(by)
    tries = "1 try" if many == 1 else f"{many} tries"
    return (
        f"You have {tries} left this hour, also for another person. Make sure of the number and the date of birth, "
        "or telephone the other service."
    )


def tell(holding: Collection[Person], by: Actor) -> None:
    """A row in our log, and one in the log of each service that holds a record with the number, in the order of the
    services. None holds number or date, and ours is the same whether anybody holds the number.

    Where nobody does, another row is written and taken back: the time that the answer takes tells nothing either.
    """
    services = {by.service.pk, *(person.service_id for person in holding)}
    for key in sorted(services):
        if key == by.service.pk:
            note(by, "emergency.open", subject="no record", found=False)
        for person in holding:
            if person.service_id == key:
                there = Actor(person.service, Role.VIEWER, by.user)
                audit.record(there, TRIED, person=person, of_service=by.service.code)
    if not holding:
        with transaction.atomic():
            audit.record(by, TRIED, of_service=by.service.code)
            transaction.set_rollback(True)


@dataclass(frozen=True, slots=True)
class Tries:
    """How often somebody of another service asked for a person and opened nothing."""

    who: str
    of_service: str
    person: Person | None
    count: int
    last: datetime


def against(service: Service) -> list[Tries]:
    """The tries of the last days against people of this service, the newest first."""
    rows = AuditEvent.objects.filter(service=service, action=TRIED, at__gt=clock.now() - SHOWN)
    rows = rows.exclude(person="")
    made: dict[tuple[str, str, str], list[datetime]] = defaultdict(list)
    for event in rows.order_by("-at"):
        made[event.user, event.detail.get("of_service", ""), event.person].append(event.at)
    names = {user.username: user.full_name for user in User.objects.filter(username__in={k[0] for k in made})}
    places = dict(Service.real.filter(code__in={key[1] for key in made}).values_list("code", "name"))
    people = {str(row.pk): row for row in Person.objects.filter(service=service, pk__in={k[2] for k in made})}
    return [
        Tries(names.get(who, who), places.get(place, place), people.get(person), len(times), times[0])
        for (who, place, person), times in made.items()
    ]
