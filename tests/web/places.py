"""Every address of the app, filled in with a record in the state for which the page is made.

A route whose record is not described here fails its tests: `NoPlace` says what to add.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import world
from openfls.record.feeds import Rejection, Source, SourceKind
from openfls.record.reasons import NotForUs
from openfls.service import clock
from openfls.service.actions import finding, writing
from openfls.service.actor import Actor, system_actor
from openfls.service.feeds.taking_in import take_in
from openfls.service.measures import standing_set
from openfls.service.models import Delivery, Episode, Letter, PassedOver, Person
from openfls.service.worklist import WORKLISTS
from openfls.web.guard import Route
from openfls.web.urls import ROUTES
from service import waiting_world

_PARAMETER = re.compile(r"<(\w+):(\w+)>")
NEVER_MADE = {"uuid": str(uuid.UUID(int=7)), "int": "987654321"}


class NoPlace(Exception):
    """A route that these tests do not know how to fill in."""


@dataclass(frozen=True, slots=True)
class Place:
    """An address with a record behind it, and the person whom it shows (None where it is about nobody alone)."""

    path: str
    person: Person | None = None


def refuted(by: Actor, **columns: object) -> Episode:
    """An episode that was found not to be for the service."""
    return finding.refute(
        episode=world.found(by.service, **columns),
        reason=NotForUs.HIGH_ENERGY,
        words="Fell off a horse",
        by=by,
    )


def _found(by: Actor, **columns: object) -> Episode:
    return world.found(by.service, **columns)


EPISODE_FOR: dict[str, Callable[..., Episode]] = {
    "finding": _found,
    "bring-back": refuted,
    "assessment": world.confirmed,
    "results": world.confirmed,
    "plan": world.assessed,
    "review": lambda by, **columns: world.planned(
        by, **{"on": clock.today() - timedelta(days=120)} | columns
    ),
    "contact": world.confirmed,
    "close": world.confirmed,
    "undo": world.confirmed,
    "correct": world.confirmed,
    "letters": world.planned,
}
OF_A_PERSON = ("person", "person-correct")
PAIRS = ("same-person",)
"""Routes about two people."""
ONES_OWN = ("upload-check",)
"""Routes to what belongs to one user alone: a colleague finds nothing there either."""
LETTER_FOR = ("letter", "letter-pdf")
KEY_FOR: dict[str, Callable[[], str]] = {
    "worklist": lambda: WORKLISTS[0].key,
    "worklist-csv": lambda: WORKLISTS[0].key,
    "not-for-us": lambda: WORKLISTS[0].key,
    "measure": lambda: standing_set().measures[0].id,
}


def letter(by: Actor, kind: str = "gp", **columns: object) -> Letter:
    """A letter that waits to be approved."""
    return writing.write(episode=world.planned(by, **columns), kind=kind, by=by)


def delivery(by: Actor, **columns: object) -> Delivery:
    """A delivery of which one row about a known person was left out."""
    episode = world.found(by.service, **columns)
    source = Source("radiology.hl7", f"left out of {episode.pk}", SourceKind.RADIOLOGY, "line 2")
    made = Delivery.objects.create(
        service=by.service, name="radiology.hl7", sha256="1" * 64, received_at=clock.now()
    )
    rejection = Rejection(
        source=source, person=episode.person.demographics(), reason="The report tells of no new fracture"
    )
    take_in(delivery=made, readings=[rejection], by=system_actor(by.service))
    return made


NUMBERED: dict[str, Callable[..., Delivery | PassedOver]] = {
    "delivery": delivery,
    "code-list": lambda by, **_: waiting_world.code_list(by),
    "waiting-row": waiting_world.doubtful,
    "decision-undo": waiting_world.decision,
    "end-task": lambda by, **columns: world.planned(by, **columns).tasks.get(kind="dxa_result"),
    "put-forward": waiting_world.left_out,
    "passed-over-judge": lambda by, **_: world.passed_over(by.service),
}


def parameter(route: Route) -> tuple[str, str] | None:
    """The one parameter of a route as (converter, name), None where it has none."""
    found = _PARAMETER.findall(route.address)
    if len(found) > 1 and route.name not in PAIRS:
        raise NoPlace(f"{route.address}: describe its parameters in tests/web/places.py")
    return found[0] if found else None


def has_record(route: Route) -> bool:
    """Whether the address names a record of one service."""
    found = parameter(route)
    return found is not None and found[0] != "slug"


def path_of(route: Route, *values: str) -> str:
    """The address of a route with its parameters filled in; the last value fills in those that are left."""
    given = iter(values)
    last = values[-1] if values else ""
    return "/" + _PARAMETER.sub(lambda _: next(given, last), route.address)


def place_of(route: Route, by: Actor, **columns: object) -> Place:  # noqa: PLR0911 - one line a kind of record
    """The address of ``route`` with a record of the service of ``by``, made now. ``columns`` go to `world.report`."""
    match parameter(route):
        case None:
            return Place(path_of(route))
        case ("slug", "key") if route.name in KEY_FOR:
            return Place(path_of(route, KEY_FOR[route.name]()))
        case ("uuid", "pk") if route.name in PAIRS:
            one, other = world.found(by.service, **columns).person, world.found(by.service).person
            return Place(path_of(route, str(one.pk), str(other.pk)), one)
        case ("uuid", "pk") if route.name in ONES_OWN:
            return Place(path_of(route, str(waiting_world.upload(by).pk)))
        case ("uuid", "pk") if route.name in OF_A_PERSON:
            person = world.found(by.service, **columns).person
            return Place(path_of(route, str(person.pk)), person)
        case ("uuid", "pk") if route.name in EPISODE_FOR:
            episode = EPISODE_FOR[route.name](by, **columns)
            return Place(path_of(route, str(episode.pk)), episode.person)
        case ("uuid", "pk") if route.name in LETTER_FOR:
            made = letter(by, **columns)
            return Place(path_of(route, str(made.pk)), made.person)
        case ("int", "pk") if route.name in NUMBERED:
            row = NUMBERED[route.name](by, **columns)
            return Place(path_of(route, str(row.pk)), getattr(row, "person", None))
        case found:
            raise NoPlace(f"{route.address}: say in tests/web/places.py which record fills in {found}")


def a_year_of_people(by: Actor) -> list[Episode]:
    """People at every step of the pathway, found over the last year."""
    today = clock.today()
    made = [
        step(by, on=today - timedelta(days=days))
        for days, step in (
            (10, _found),
            (20, refuted),
            (30, world.confirmed),
            (100, world.confirmed),
            (60, world.assessed),
            (130, world.planned),
            (200, world.planned),
        )
    ]
    return made


def route_id(route: Route) -> str:
    """The name of a case."""
    return f"{route.name} {route.address or '/'}"


WITH_RECORD = [route for route in ROUTES if has_record(route)]
WITHOUT_RECORD = [route for route in ROUTES if not has_record(route)]
