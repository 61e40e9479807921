"""The call list: reviews that may be made now and promises of treatments, the oldest promise first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

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


def longer(service: Service, today: date, ahead: timedelta = AHEAD, most: int | None = None) -> list[Longer]:
    """The promises of treatments that have come or come within ``ahead``, also of people whose episode is closed.

    With ``most`` no more than so many courses are looked at, those whose first promise is the oldest; so the first
    ``most`` promises are the same as without.
    """
    courses = Treatment.objects.filter(service=service, withdrawn=False, episode__person__deceased=False)
    people = courses.filter(next_due__lte=today + ahead).values_list("episode__person", flat=True)
    if most is not None:
        people = list(people.order_by("next_due", "pk")[:most])  # type: ignore[assignment]
    rows = courses.filter(episode__person__in=people).select_related("episode__person")
    found, own = [], settings(guidance_of(service, today).limits)
    # Whether a drug has been followed is told by the person's other courses, and by nobody else's.
    for of_one in _by_person(rows.prefetch_related("doses")):
        for row, course in zip(of_one, courses_from(of_one), strict=True):
            dues = [due for due in promises(course, own) if due.on <= today + ahead]
            # A dose stands here also behind a review that nobody has made.
            shown = dues[:1] + [due for due in dues[1:] if due.is_dose]
            found += [Longer(row, due.promise.text, due.on, today >= due.late_from) for due in shown]
    return sorted(found, key=lambda one: (one.on, one.treatment.pk))


def _by_person(rows: Iterable[Treatment]) -> Iterable[list[Treatment]]:
    found: dict[object, list[Treatment]] = {}
    for row in rows:
        found.setdefault(row.episode.person_id, []).append(row)
    return found.values()
