"""Whatever is promised by a day and takes somebody's time: assessments, reviews, doses and reviews of a treatment.

Each has a window: the first day on which it may be made, and the last on which the promise is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from openfls.intervention.packs import settings
from openfls.intervention.schedule import Due, promises
from openfls.record.pathway import PLACES, State
from openfls.service.flags import why_no_contact
from openfls.service.guidance import guidance_of
from openfls.service.models import Episode, Service, Slot, Treatment
from openfls.service.treatment.courses import courses_from

KINDS = {State.REVIEW_16: Slot.WEEK_16, State.REVIEW_52: Slot.WEEK_52, State.TO_ASSESS: Slot.ASSESS}
"""What an episode of this state waits for."""
REVIEWS = frozenset({State.REVIEW_16, State.REVIEW_52})
BEFORE = timedelta(weeks=4)
"""How long before its day a treatment may be reviewed; ours, no source sets it. A dose never comes before its day."""
AFTER = timedelta(weeks=2)
"""How long after its day a dose is placed as in time, well before one that can be late is; ours, no source sets it."""


@dataclass(frozen=True, slots=True)
class Promised:
    """One thing that is promised about one person, with its window and its words."""

    episode: Episode
    slot: Slot
    opens: date
    due: date
    words: str

    @property
    def key(self) -> str:
        """Its key among all of a service."""
        return f"{self.episode.pk} {self.slot}"


def window_of(episode: Episode) -> tuple[date, date]:
    """The first day on which the step that is waited for may be made, and the last on which it was promised."""
    place = PLACES[State(episode.state)]
    return episode.index_date + timedelta(days=place.not_before), place.clock(episode.index_date).due


def all_promised(service: Service, today: date, until: date) -> list[Promised]:
    """Everything that may be made until a day for people who may be called, each once."""
    found = [*_steps(service), *_treatments(service, today, until)]
    return [one for one in found if one.opens <= until and not why_no_contact(one.episode.person)]


def promised_of(episode: Episode, slot: str, today: date) -> Promised | None:
    """What an episode waits for of a kind; None where it does not."""
    rows = Episode.objects.select_related("person", "service").filter(pk=episode.pk)
    if slot == Slot.TREATMENT:
        far = today + timedelta(days=20 * 366)
        found = _treatments(episode.service, today, far, episode.person_id)
        return next((one for one in found if one.episode.pk == episode.pk), None)
    return next((one for one in map(_step, rows) if one is not None and one.slot == slot), None)


def _steps(service: Service) -> list[Promised]:
    rows = (
        Episode.objects.filter(service=service, state__in=list(KINDS), person__deceased=False)
        .select_related("person")
        .prefetch_related("person__flags")
    )
    return [one for one in map(_step, rows) if one is not None]


def _step(episode: Episode) -> Promised | None:
    slot = KINDS.get(State(episode.state))
    if slot is None:
        return None
    opens, due = window_of(episode)
    return Promised(episode, slot, opens, due, slot.label)


def _treatments(service: Service, today: date, until: date, person: object = None) -> list[Promised]:
    """The first promise of each person's courses, also after the episode was closed."""
    courses = Treatment.objects.filter(service=service, withdrawn=False, episode__person__deceased=False)
    if person is not None:
        courses = courses.filter(episode__person=person)
    people = courses.filter(next_due__lte=until + BEFORE).values("episode__person")
    rows = courses.filter(episode__person__in=people).select_related("episode__person")
    rows = rows.prefetch_related("doses", "episode__person__flags", "episode__person__episodes")
    limits = settings(guidance_of(service, today).limits)
    by_person: dict[object, list[Treatment]] = {}
    for row in rows:
        by_person.setdefault(row.episode.person_id, []).append(row)
    found = (_first(of_one, limits, today) for of_one in by_person.values())
    return [one for one in found if one is not None]


def _first(rows: list[Treatment], limits: Mapping[str, float], today: date) -> Promised | None:
    """The first promise of one person; a dose whose day has come before a review that is overdue."""
    dues = [
        (row, due)
        for row, course in zip(rows, courses_from(rows), strict=True)
        for due in promises(course, limits)
        if not _held_with_a_review(row, due)
    ]
    if not dues:
        return None
    row, due = min(
        dues,
        key=lambda each: (not (each[1].is_dose and each[1].on <= today), each[1].on, not each[1].is_dose),
    )
    opens, last = treatment_window(due)
    return Promised(row.episode, Slot.TREATMENT, opens, last, due.promise.text)


def _held_with_a_review(row: Treatment, due: Due) -> bool:
    """A yearly review is held with the review at 16 or 52 weeks of the same person that may be made by its day."""
    waits: Iterable[Episode] = row.episode.person.episodes.all()
    return due.promise.since == "reviewed" and any(
        each.state in REVIEWS and window_of(each)[0] <= due.on + BEFORE for each in waits
    )


def treatment_window(due: Due) -> tuple[date, date]:
    """From which day to which a promise of a treatment is kept. A dose, or the drug that follows, never comes early."""
    if due.promise.since in ("last_dose", "next"):
        in_time = due.late_from - timedelta(days=1) if due.promise.late_months else due.on + AFTER
        return due.on, min(in_time, due.on + AFTER)
    return due.on - BEFORE, due.on
