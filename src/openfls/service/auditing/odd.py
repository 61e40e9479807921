"""Access that stands out: for each rule, user and day whom it is about. It asks a question, it is no verdict."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Max
from django.utils import timezone

from openfls.record.pathway import PLACES, State
from openfls.service.auditing.lanes import is_look
from openfls.service.auditing.odd_rules import FINDERS, Day, Opened
from openfls.service.auditing.reading import Days, events_of
from openfls.service.auditing.rules import rules
from openfls.service.models import (
    AccessReview,
    AuditEvent,
    EmergencyAccess,
    Episode,
    Membership,
    Outcome,
    Person,
    Service,
    User,
)

TRIED = "emergency.tried"
"""What the log of a service says when somebody of another one asked for its person in an emergency and opened nothing
(`service.access.emergency_tries`)."""
_IN_AN_EMERGENCY = ("emergency.view", "emergency.list")
REFUSED = "page.refused"
"""What the log says of a page that was not shown (`web.guard`)."""
_TAKEN = (".download", ".print", ".export", ".take")
_OPEN = [state for state, place in PLACES.items() if place.is_open]


@dataclass(frozen=True, slots=True)
class Odd:
    """One user's access on one day that a rule points at. ``people`` are keys, empty where files alone are meant.

    ``of_service`` is the name of another service whose user it was, empty for one of our own. An ``opening`` is one
    record opened in an emergency: it is judged where all of them are (`service.access.emergency_judging`).
    """

    rule: str
    user: User
    on: date
    first: datetime
    count: int
    people: tuple[str, ...]
    of_service: str = ""
    opening: EmergencyAccess | None = None

    @property
    def key(self) -> str:
        """By which its reviews are found: the same however often it is worked out."""
        which = f" {self.opening.pk}" if self.opening else ""
        return hashlib.sha256(f"{self.rule} {self.user.username} {self.on}{which}".encode()).hexdigest()

    @property
    def title(self) -> str:
        """The rule in a few words."""
        return rules()[self.rule].title

    @property
    def words(self) -> str:
        """What the rule looks for, with its numbers."""
        return rules()[self.rule].words


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What somebody made of it, in words, with who and when. ``key`` is that of the review, 0 of an emergency's."""

    judged: str
    label: str
    words: str
    by: User
    at: datetime
    key: int = 0


def odd_access(service: Service, days: Days, user: User | None = None) -> list[Odd]:
    """Everything that stands out on these days, the newest first; of one ``user`` where one is named."""
    found = _openings(service, days, user)
    events = events_of(service, days).exclude(user="").exclude(user__startswith="connection ")
    if user is not None:
        events = events.filter(user=user.username)
    by_day = _by_day(events)
    people = _people(service, by_day)
    last_care = _last_care(service, people)
    codes = {day.tried_from for day in by_day if day.tried_from}
    names = dict(Service.real.filter(code__in=codes).values_list("code", "name")) if codes else {}
    guests = _guests(service, found)
    for day in by_day:
        for rule, find in FINDERS.items():
            hits = find(day, people, last_care)
            if hits:
                keys = tuple(dict.fromkeys(hit.person for hit in hits if hit.person))
                first = min(hit.at for hit in hits)
                count = len(hits) if rule == "tried" else len(keys) or len(hits)
                tried_from = names.get(day.tried_from, day.tried_from)
                place = tried_from if rule == "tried" else guests.get(day.user.pk, "")
                found.append(Odd(rule, day.user, day.on, first, count, keys, place))
    return sorted(found, key=lambda odd: (odd.on, odd.first), reverse=True)


def _openings(service: Service, days: Days, user: User | None) -> list[Odd]:
    """Each record that somebody of another service opened in an emergency, as its own row holds it."""
    first, after = days.moments
    rows = EmergencyAccess.objects.filter(service=service, begun_at__gte=first, begun_at__lt=after)
    if user is not None:
        rows = rows.filter(user=user)
    return [
        Odd(
            "emergency",
            row.user,
            timezone.localdate(row.begun_at),
            row.begun_at,
            1,
            (str(row.person_id),),
            row.from_service.name,
            row,
        )
        for row in rows.select_related("user", "person", "from_service", "reviewed_by")
    ]


def _guests(service: Service, openings: Iterable[Odd]) -> dict[int, str]:
    """By user, the service of those who are here for an emergency alone."""
    places = {odd.user.pk: odd.of_service for odd in openings}
    if not places:
        return {}
    ours = Membership.ever.filter(service=service, user__in=places).values_list("user", flat=True)
    return {key: place for key, place in places.items() if key not in set(ours)}


def reviews_of(service: Service, found: Iterable[Odd]) -> dict[str, Reviewed]:
    """The newest review of each that has one, by key; of an emergency the one judgement that there is."""
    found = list(found)
    rows = AccessReview.objects.filter(service=service, key__in=[odd.key for odd in found])
    made = {
        row.key: Reviewed(row.judged, row.get_judged_display(), row.words, row.by, row.at, row.pk)
        for row in rows.select_related("by").order_by("at", "pk")
    }
    return made | {odd.key: judged for odd in found if odd.opening and (judged := _judged(odd.opening))}


def _judged(row: EmergencyAccess) -> Reviewed | None:
    if row.reviewed_at is None or row.reviewed_by is None:
        return None
    label = Outcome(row.outcome).label
    return Reviewed(row.outcome, label, row.reviewed_words, row.reviewed_by, row.reviewed_at)


def _by_day(events: Iterable[AuditEvent]) -> list[Day]:
    rows: dict[tuple[str, date], list[tuple[datetime, str, str, int]]] = defaultdict(list)
    columns = ("user", "at", "action", "person", "detail__shown", "detail__rows", "detail__of_service")
    places: dict[tuple[str, date], str] = {}
    for user, at, action, person, shown, counted, place in events.values_list(*columns):  # type: ignore[attr-defined]
        if person or action.endswith((*_TAKEN, REFUSED)):
            many = max(each for each in (shown, counted, 0) if isinstance(each, int))
            rows[user, timezone.localdate(at)].append((at, action, person, many))
            if action == TRIED and person and isinstance(place, str):
                places[user, timezone.localdate(at)] = place
    users = {row.username: row for row in User.objects.filter(username__in={user for user, _ in rows})}
    return [
        Day(
            user=users[name],
            on=on,
            opened=[
                Opened(at, person, action in _IN_AN_EMERGENCY)
                for at, action, person, _ in sorted(of_day)
                if person and is_look(action)
            ],
            taken=[(at, many) for at, action, _, many in of_day if action.endswith(_TAKEN)],
            tried=[Opened(at, person) for at, action, person, _ in of_day if action == TRIED and person],
            tried_from=places.get((name, on), ""),
            refused=[Opened(at, "") for at, action, _, __ in of_day if action == REFUSED],
        )
        for (name, on), of_day in rows.items()
        if name in users
    ]


def _people(service: Service, days: Iterable[Day]) -> dict[str, Person]:
    keys = {UUID(each.person) for day in days for each in day.opened}
    rows = Person.objects.filter(service=service, pk__in=keys)
    return {str(row.pk): row for row in rows.only("pk", "family_name", "given_name")}


def _last_care(service: Service, people: Iterable[str]) -> dict[str, date | None]:
    """The day on which the last episode of each ended, None while one is open; who never had one is not in it."""
    keys = [UUID(key) for key in people]
    rows = Episode.objects.filter(service=service, person__in=keys).annotate(last=Max("statuses__at"))
    found: dict[str, date | None] = {}
    for person, state, last, on in rows.values_list("person", "state", "last", "found_on"):
        key, ended = str(person), timezone.localdate(last) if last else on
        if State(state) in _OPEN or found.get(key, ended) is None:
            found[key] = None
        else:
            found[key] = max(ended, found.get(key) or ended)
    return found
