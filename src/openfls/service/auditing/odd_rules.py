"""The rules of what stands out, each as a function of what one user did on one day."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from openfls.service.auditing.rules import rules
from openfls.service.folding import folded
from openfls.service.models import Person, User


@dataclass(frozen=True, slots=True)
class Opened:
    """``judged_apart``: seen in a record that was opened in an emergency, whose hour and need are judged with it."""

    at: datetime
    person: str
    judged_apart: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """What one user did on one day."""

    user: User
    on: date
    opened: Sequence[Opened]
    taken: Sequence[tuple[datetime, int]]
    tried: Sequence[Opened]
    tried_from: str
    refused: Sequence[Opened]


Finder = Callable[[Day, Mapping[str, Person], Mapping[str, date | None]], list[Opened]]


def _many(day: Day, people: Mapping[str, Person], care: Mapping[str, date | None]) -> list[Opened]:
    limits = rules()["many"].numbers
    window: list[Opened] = []
    for each in day.opened:
        window = [one for one in window if each.at - one.at <= timedelta(minutes=limits["minutes"])]
        window.append(each)
        if len({one.person for one in window}) >= limits["most"]:
            return list(day.opened)
    return []


def _taken(day: Day, people: Mapping[str, Person], care: Mapping[str, date | None]) -> list[Opened]:
    most = rules()["taken"].numbers["most"]
    return [Opened(at, "") for at, many in day.taken if many >= most]


def _same_surname(day: Day, people: Mapping[str, Person], care: Mapping[str, date | None]) -> list[Opened]:
    name = folded(day.user.last_name)
    return [one for one in day.opened if name and _of(people, one, "family_name") == name]


def _own(day: Day, people: Mapping[str, Person], care: Mapping[str, date | None]) -> list[Opened]:
    given = folded(day.user.first_name)
    same = _same_surname(day, people, care)
    return [one for one in same if given and _of(people, one, "given_name").split()[:1] == given.split()[:1]]


def _of(people: Mapping[str, Person], one: Opened, name: str) -> str:
    person = people.get(one.person)
    return folded(getattr(person, name)) if person else ""


def _no_episode(day: Day, people: Mapping[str, Person], care: Mapping[str, date | None]) -> list[Opened]:
    since = day.on - timedelta(days=rules()["no-episode"].numbers["days"])

    def idle(key: str) -> bool:
        ended = care.get(key, date.min)
        return key in people and ended is not None and ended < since

    return [one for one in day.opened if not one.judged_apart and idle(one.person)]


def _at_night(day: Day, people: Mapping[str, Person], care: Mapping[str, date | None]) -> list[Opened]:
    hours = rules()["night"].numbers
    return [
        one
        for one in day.opened
        if not one.judged_apart
        and ((hour := timezone.localtime(one.at).hour) >= hours["from"] or hour < hours["until"])
    ]


def _tried(day: Day, people: Mapping[str, Person], care: Mapping[str, date | None]) -> list[Opened]:
    return list(day.tried)


def _refused(day: Day, people: Mapping[str, Person], care: Mapping[str, date | None]) -> list[Opened]:
    return list(day.refused) if len(day.refused) >= rules()["refused"].numbers["most"] else []


FINDERS: dict[str, Finder] = {
    "many": _many,
    "taken": _taken,
    "surname": _same_surname,
    "own": _own,
    "no-episode": _no_episode,
    "night": _at_night,
    "tried": _tried,
    "refused": _refused,
}
