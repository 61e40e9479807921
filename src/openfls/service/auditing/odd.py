"""Access that stands out: for each rule, user and day whom it is about. It asks a question, it is no verdict."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Max
from django.utils import timezone

from openfls.record.pathway import PLACES, State
from openfls.service.auditing.lanes import is_look
from openfls.service.auditing.reading import Days, events_of
from openfls.service.auditing.rules import rules
from openfls.service.folding import folded
from openfls.service.models import AccessReview, AuditEvent, Episode, Person, Service, User

EMERGENCY = "emergency.opened"
"""What the log of a service says when somebody of another one opens a record in an emergency (`service.access`)."""
REFUSED = "page.refused"
"""What the log says of a page that was not shown (`web.guard`)."""
_TAKEN = (".download", ".print", ".export", ".take")
_OPEN = [state for state, place in PLACES.items() if place.is_open]


@dataclass(frozen=True, slots=True)
class Odd:
    """One user's access on one day that a rule points at. ``people`` are keys, empty where files alone are meant."""

    rule: str
    user: User
    on: date
    first: datetime
    count: int
    people: tuple[str, ...]

    @property
    def key(self) -> str:
        """By which its reviews are found: the same however often it is worked out."""
        return hashlib.sha256(f"{self.rule} {self.user.username} {self.on}".encode()).hexdigest()

    @property
    def title(self) -> str:
        """The rule in a few words."""
        return rules()[self.rule].title

    @property
    def words(self) -> str:
        """What the rule looks for, with its numbers."""
        return rules()[self.rule].words


@dataclass(frozen=True, slots=True)
class _Opened:
    at: datetime
    person: str


@dataclass(frozen=True, slots=True)
class _Day:
    """What one user did on one day."""

    user: User
    on: date
    opened: Sequence[_Opened]
    taken: Sequence[tuple[datetime, int]]
    emergencies: Sequence[_Opened]
    refused: Sequence[_Opened]


def odd_access(service: Service, days: Days, user: User | None = None) -> list[Odd]:
    """Everything that stands out on these days, the newest first; of one ``user`` where one is named."""
    found: list[Odd] = []
    events = events_of(service, days).exclude(user="").exclude(user__startswith="connection ")
    if user is not None:
        events = events.filter(user=user.username)
    by_day = _by_day(events)
    people = _people(service, by_day)
    last_care = _last_care(service, people)
    for day in by_day:
        for rule, find in _FINDERS.items():
            hits = find(day, people, last_care)
            if hits:
                keys = tuple(dict.fromkeys(hit.person for hit in hits if hit.person))
                first = min(hit.at for hit in hits)
                found.append(Odd(rule, day.user, day.on, first, len(keys) or len(hits), keys))
    return sorted(found, key=lambda odd: (odd.on, odd.first), reverse=True)


def reviews_of(service: Service, found: Iterable[Odd]) -> dict[str, AccessReview]:
    """The newest review of each that has one, by key."""
    rows = AccessReview.objects.filter(service=service, key__in=[odd.key for odd in found])
    return {row.key: row for row in rows.select_related("by").order_by("at", "pk")}


def _by_day(events: Iterable[AuditEvent]) -> list[_Day]:
    rows: dict[tuple[str, date], list[tuple[datetime, str, str, int]]] = defaultdict(list)
    columns = ("user", "at", "action", "person", "detail__shown", "detail__rows")
    for user, at, action, person, shown, counted in events.values_list(*columns):  # type: ignore[attr-defined]
        if person or action.endswith((*_TAKEN, REFUSED)):
            many = max(each for each in (shown, counted, 0) if isinstance(each, int))
            rows[user, timezone.localdate(at)].append((at, action, person, many))
    users = {row.username: row for row in User.objects.filter(username__in={user for user, _ in rows})}
    return [
        _Day(
            user=users[name],
            on=on,
            opened=[
                _Opened(at, person) for at, action, person, _ in sorted(of_day) if person and is_look(action)
            ],
            taken=[(at, many) for at, action, _, many in of_day if action.endswith(_TAKEN)],
            emergencies=[_Opened(at, person) for at, action, person, _ in of_day if action == EMERGENCY],
            refused=[_Opened(at, "") for at, action, _, __ in of_day if action == REFUSED],
        )
        for (name, on), of_day in rows.items()
        if name in users
    ]


def _people(service: Service, days: Iterable[_Day]) -> dict[str, Person]:
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


Finder = Callable[[_Day, Mapping[str, Person], Mapping[str, date | None]], list[_Opened]]


def _many(day: _Day, people: Mapping[str, Person], care: Mapping[str, date | None]) -> list[_Opened]:
    limits = rules()["many"].numbers
    window: list[_Opened] = []
    for each in day.opened:
        window = [one for one in window if each.at - one.at <= timedelta(minutes=limits["minutes"])]
        window.append(each)
        if len({one.person for one in window}) >= limits["most"]:
            return list(day.opened)
    return []


def _taken(day: _Day, people: Mapping[str, Person], care: Mapping[str, date | None]) -> list[_Opened]:
    most = rules()["taken"].numbers["most"]
    return [_Opened(at, "") for at, many in day.taken if many >= most]


def _same_surname(day: _Day, people: Mapping[str, Person], care: Mapping[str, date | None]) -> list[_Opened]:
    name = folded(day.user.last_name)
    return [one for one in day.opened if name and _of(people, one, "family_name") == name]


def _own(day: _Day, people: Mapping[str, Person], care: Mapping[str, date | None]) -> list[_Opened]:
    given = folded(day.user.first_name)
    same = _same_surname(day, people, care)
    return [one for one in same if given and _of(people, one, "given_name").split()[:1] == given.split()[:1]]


def _of(people: Mapping[str, Person], one: _Opened, name: str) -> str:
    person = people.get(one.person)
    return folded(getattr(person, name)) if person else ""


def _no_episode(day: _Day, people: Mapping[str, Person], care: Mapping[str, date | None]) -> list[_Opened]:
    since = day.on - timedelta(days=rules()["no-episode"].numbers["days"])

    def idle(key: str) -> bool:
        ended = care.get(key, date.min)
        return key in people and ended is not None and ended < since

    return [one for one in day.opened if idle(one.person)]


def _at_night(day: _Day, people: Mapping[str, Person], care: Mapping[str, date | None]) -> list[_Opened]:
    hours = rules()["night"].numbers
    return [
        one
        for one in day.opened
        if (hour := timezone.localtime(one.at).hour) >= hours["from"] or hour < hours["until"]
    ]


def _emergency(day: _Day, people: Mapping[str, Person], care: Mapping[str, date | None]) -> list[_Opened]:
    return list(day.emergencies)


def _refused(day: _Day, people: Mapping[str, Person], care: Mapping[str, date | None]) -> list[_Opened]:
    return list(day.refused) if len(day.refused) >= rules()["refused"].numbers["most"] else []


_FINDERS: dict[str, Finder] = {
    "many": _many,
    "taken": _taken,
    "surname": _same_surname,
    "own": _own,
    "no-episode": _no_episode,
    "night": _at_night,
    "emergency": _emergency,
    "refused": _refused,
}
