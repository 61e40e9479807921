"""Where a person of the record stands: one place, with a next step or the reason to have none."""

from __future__ import annotations

from openfls.intervention.standing import EpisodeAt, Standing, standing
from openfls.record.pathway import State
from openfls.service.models import Person
from openfls.service.treatment.courses import courses_of


def standing_of(person: Person) -> Standing:
    """From the episodes, the newest word about each, and the courses."""
    episodes = [
        EpisodeAt(State(row.state), row.index_date, _why(list(row.statuses.all())))
        for row in person.episodes.prefetch_related("statuses")
    ]
    return standing(episodes, courses_of(person), deceased=person.deceased)


def _why(statuses: list) -> str:
    """What the newest status row says; a review that closes says what it heard."""
    return statuses[-1].reason if statuses else ""
