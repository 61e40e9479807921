"""The call list: reviews that may be made now and promises of treatments, the oldest promise first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from openfls.intervention.packs import settings
from openfls.intervention.schedule import promises
from openfls.record.clocks import Clock
from openfls.record.pathway import PLACES, State
from openfls.service.flags import why_no_contact
from openfls.service.guidance import guidance_of
from openfls.service.models import Contact, Episode, Plan, Service, Treatment
from openfls.service.treatment.courses import courses_from
from openfls.service.worklist import episodes_of

AHEAD = timedelta(days=30)
"""How long before its day a promise of a treatment stands on the list; ours, no source sets it."""


@dataclass(frozen=True, slots=True)
class Call:
    """One line: whom to call, what was promised by when, what was agreed, and the last attempt."""

    episode: Episode
    what: str
    clock: Clock
    plan: Plan | None
    last: Contact | None
    attempts: int
    why_not: str


@dataclass(frozen=True, slots=True)
class Longer:
    """A promise of a treatment: the person, the drug, what and when."""

    treatment: Treatment
    what: str
    on: date
    is_late: bool


def calls(service: Service, today: date) -> list[Call]:
    """The reviews that may be made now. Nobody who is not to be contacted has a number here."""
    found = episodes_of(service, "reviews-due", today).prefetch_related("plans", "contacts", "person__flags")
    return [_call(episode) for episode in found]


def _call(episode: Episode) -> Call:
    plans = [plan for plan in episode.plans.all() if not plan.withdrawn]
    contacts = list(episode.contacts.all())
    place = PLACES[State(episode.state)]
    return Call(
        episode=episode,
        what=place.next_step,
        clock=place.clock(episode.index_date),
        plan=plans[-1] if plans else None,
        last=contacts[-1] if contacts else None,
        attempts=len(contacts),
        why_not=why_no_contact(episode.person),
    )


def longer(service: Service, today: date, ahead: timedelta = AHEAD) -> list[Longer]:
    """The promises of treatments that have come or come within ``ahead``, also of people whose episode is closed."""
    return _promised(service, _due(service, today + ahead).values("episode__person"), today, today + ahead)


def first_of_longer(service: Service, today: date, most: int) -> tuple[list[Longer], bool]:
    """The first ``most`` promises that have come, or a few more, and whether these are all.

    Only as many courses are worked out as that takes, those first whose day came first. The day that a course keeps may
    be older than its promises, until a night brings it in line: then more courses are worked out.
    """
    keys = _due(service, today).order_by("next_due", "pk").values_list("episode__person", flat=True)
    looked_at, number = 0, most
    found: list[Longer] = []
    known: set[object] = set()
    while True:
        people = list(keys[looked_at : looked_at + number])
        found += _promised(service, set(people) - known, today, today)
        is_all = len(people) < number
        if is_all or len(found) >= most:
            return sorted(found, key=_its_place), is_all
        known.update(people)
        looked_at, number = looked_at + number, 2 * number


def _due(service: Service, until: date) -> QuerySet[Treatment]:
    return _courses(service).filter(next_due__lte=until)


def _courses(service: Service) -> QuerySet[Treatment]:
    return Treatment.objects.filter(service=service, withdrawn=False, episode__person__deceased=False)


def _promised(service: Service, people: Any, today: date, until: date) -> list[Longer]:
    rows = _courses(service).filter(episode__person__in=people).select_related("episode__person")
    found, own = [], settings(guidance_of(service, today).limits)
    # Whether a drug has been followed is told by the person's other courses, and by nobody else's.
    for of_one in _by_person(rows.prefetch_related("doses")):
        for row, course in zip(of_one, courses_from(of_one), strict=True):
            dues = [due for due in promises(course, own) if due.on <= until]
            # A dose stands here also behind a review that nobody has made.
            shown = dues[:1] + [due for due in dues[1:] if due.is_dose]
            found += [Longer(row, due.promise.text, due.on, today >= due.late_from) for due in shown]
    return sorted(found, key=_its_place)


def _its_place(one: Longer) -> tuple[date, int]:
    return one.on, one.treatment.pk


def _by_person(rows: Iterable[Treatment]) -> Iterable[list[Treatment]]:
    found: dict[object, list[Treatment]] = {}
    for row in rows:
        found.setdefault(row.episode.person_id, []).append(row)
    return found.values()
