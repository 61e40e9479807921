"""What stands first on a page about one person: the same for her own service and for who reads in an emergency."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openfls.intervention.standing import Standing
from openfls.service import watching
from openfls.service.feeds.contradictions import standing
from openfls.service.models import Alert, Episode, Person, PersonCorrection
from openfls.service.people_standing import standing_of
from openfls.service.search import namesakes_of


@dataclass(frozen=True, slots=True)
class Head:
    """The alerts without a decision, the worst first; where the person stands; who may be the same person; what was
    corrected by hand, among it what a record contradicts."""

    alerts: Sequence[Alert]
    stands: Standing
    namesakes: Sequence[Person]
    corrections: Sequence[PersonCorrection]


def head_of(person: Person, episodes: Iterable[Episode] | None = None) -> Head:
    """The head of ``person``; ``episodes`` with their statuses, where they have been fetched."""
    rows = Alert.objects.filter(episode__person=person).select_related("episode__person")
    return Head(
        alerts=watching.waiting(rows),
        stands=standing_of(person, episodes),
        namesakes=namesakes_of(person),
        corrections=list(standing(person).values()),
    )
