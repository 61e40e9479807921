"""Where a person of the record stands: one place, with a next step or the reason to have none."""

from __future__ import annotations

from collections.abc import Iterable

from openfls.intervention.standing import EpisodeAt, Standing, standing
from openfls.record.pathway import State
from openfls.service.models import Episode, Person
from openfls.service.treatment.courses import courses_of


def standing_of(person: Person, rows: Iterable[Episode] | None = None) -> Standing:
    """From the episodes, the newest word about each, and the courses. ``rows`` are the person's episodes with their
    statuses, where they have been fetched."""
    rows = person.episodes.prefetch_related("statuses") if rows is None else rows
    episodes = [EpisodeAt(State(row.state), row.index_date, _why(list(row.statuses.all()))) for row in rows]
    return standing(episodes, courses_of(person), deceased=person.deceased)


def _why(statuses: list) -> str:
    """What the newest status row says; a review that closes says what it heard."""
    return statuses[-1].reason if statuses else ""
