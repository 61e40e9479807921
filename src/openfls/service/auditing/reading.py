"""What information governance reads: who saw a person, and what a user did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from openfls.service.auditing.chain import MOST_PEOPLE
from openfls.service.auditing.lanes import CHANGES
from openfls.service.auditing.terms import deciphered
from openfls.service.auditing.words import done, what
from openfls.service.models import (
    AuditEvent,
    EmergencyAccess,
    Membership,
    MergedPerson,
    Person,
    Service,
    User,
)

USUAL = timedelta(days=90)
"""How far back a report goes that names no days."""
NOT_READ = "(enciphered with another key)"


@dataclass(frozen=True, slots=True)
class Days:
    """The days of a report, both included."""

    first: date
    last: date

    @classmethod
    def until(cls, last: date, length: timedelta = USUAL) -> Days:
        """The usual days that end with ``last``."""
        return cls(last - length + timedelta(days=1), last)

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """Its first moment, and the first after it."""
        return start_of(self.first), start_of(self.last + timedelta(days=1))


def start_of(day: date) -> datetime:
    """The first moment of a day, as the clock on the wall has it."""
    moment: datetime = timezone.make_aware(datetime.combine(day, time()))
    return moment


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the log for a reader; ``of_service`` names the other service of whoever read in an emergency."""

    event: AuditEvent
    who: str
    in_list: bool = False
    people: int = 0
    words: str | None = None
    of_service: str = ""

    @property
    def done(self) -> str:
        """What was done."""
        return done(self.event.action)

    @property
    def what(self) -> str:
        """With what."""
        return what(self.event.action)


def events_of(service: Service, days: Days) -> QuerySet[AuditEvent]:
    """The rows of the log of these days, the newest first."""
    first, after = days.moments
    return AuditEvent.objects.filter(service=service, at__gte=first, at__lt=after).order_by("-at", "-pk")


def of_person(person: Person, days: Days) -> QuerySet[AuditEvent]:
    """Everything that was done with a person or shown of her, in lists too; also under records that were put
    together with hers."""
    merged = MergedPerson.objects.filter(service=person.service, into=person, split_at=None)
    keys = [person.pk, *merged.values_list("pk", flat=True)]
    alone = Q(person__in=[str(key) for key in keys])
    in_list = Q()
    for key in keys:
        in_list |= Q(text__contains=UUID(str(key)).hex)
    rows = events_of(person.service, days).annotate(text=Cast("detail", TextField()))
    return rows.filter(alone | (Q(person="") & ~Q(lane=CHANGES) & in_list))


def long_lists(service: Service, days: Days) -> QuerySet[AuditEvent]:
    """The lists and files of so many people that not all of them are named: whoever is not may have been in it."""
    rows = events_of(service, days).filter(person="", detail__shown__gt=MOST_PEOPLE)
    return rows.exclude(lane=CHANGES)


def of_user(service: Service, username: str, days: Days) -> QuerySet[AuditEvent]:
    """Everything that a user did or saw."""
    return events_of(service, days).filter(user=username)


def user_in_log(service: Service, pk: int) -> User | None:
    """The user with that key, where the log of the service has anything of her: she need not have a role in it."""
    user = User.objects.filter(pk=pk).first()
    known = user and (
        Membership.ever.filter(service=service, user=user).exists()
        or AuditEvent.objects.filter(service=service, user=user.username).exists()
    )
    return user if known else None


def entries(events: Iterable[AuditEvent], *, of: Person | None = None) -> list[Entry]:
    """The rows as they are read. Of a search the words are deciphered: this is for governance alone."""
    rows = list(events)
    names = full_names({event.user for event in rows})
    elsewhere = _elsewhere(rows)
    return [
        Entry(
            event,
            who=names.get(event.user, event.user) or "The system itself",
            in_list=of is not None and not event.person,
            people=_number(event.detail.get("shown", event.detail.get("found"))),
            words=_searched(event.detail),
            of_service=elsewhere.get(event.pk, ""),
        )
        for event in rows
    ]


_OF_A_READER = ("opened", "asked_again", "view", "list", "closed")
_OPENING = "emergency "


def _elsewhere(rows: Iterable[AuditEvent]) -> dict[int, str]:
    """By row, the other service of who opened, read, closed or tried to open one of our records in an emergency."""
    opened: dict[int, str] = {}
    tried: dict[int, str] = {}
    for row in rows:
        kind, _, what_happened = row.action.partition(".")
        if kind != "emergency":
            continue
        if what_happened in _OF_A_READER and row.subject.startswith(_OPENING):
            opened[row.pk] = row.subject.removeprefix(_OPENING)
        elif what_happened == "tried" and row.person:
            tried[row.pk] = str(row.detail.get("of_service", ""))
    if not opened and not tried:
        return {}
    from_services = EmergencyAccess.objects.filter(pk__in=set(opened.values()))
    of = {str(key): name for key, name in from_services.values_list("pk", "from_service__name")}
    named = dict(Service.real.filter(code__in=set(tried.values())).values_list("code", "name"))
    return {row: of.get(key, "") for row, key in opened.items()} | {
        row: named.get(code, code) for row, code in tried.items()
    }


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _searched(detail: Mapping[str, object]) -> str | None:
    kept = detail.get("terms")
    return (deciphered(kept) or NOT_READ) if isinstance(kept, str) else None


def full_names(usernames: Iterable[str]) -> dict[str, str]:
    """The full name of each user name that is a user's."""
    return {user.username: user.full_name for user in User.objects.filter(username__in=list(usernames))}


def people_of(service: Service, events: Iterable[AuditEvent]) -> dict[str, Person]:
    """The people whom these rows name, by key as text; who is no longer there has no row."""
    keys = {event.person for event in events if event.person}
    return {str(person.pk): person for person in Person.objects.filter(service=service, pk__in=keys)}
