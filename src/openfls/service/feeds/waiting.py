"""The rows that wait for a person: what each says, and whom it could be about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from openfls.identification.episodes.persons import matchable
from openfls.record.feeds import Measured, Notice, Observation, Reading, Rejection
from openfls.record.people import Demographics, Identifier
from openfls.service.feeds.values import reading_from
from openfls.service.models import FeedRow, Person, PersonIdentifier, Service


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row that waits, as read.

    ``people`` are those whom it could be about. For a merge ``kept`` has the person that the message keeps and
    ``gone`` the one that it says is the same; None where the service does not know one of them.
    """

    row: FeedRow
    reading: Observation | Notice | Measured
    people: tuple[Person, ...]
    kept: Person | None = None
    gone: Person | None = None

    @property
    def is_merge(self) -> bool:
        """Whether it says that two records are of one person."""
        return isinstance(self.reading, Notice) and self.reading.about == "merge"

    @property
    def told(self) -> Demographics:
        """What the row says of the person."""
        return self.reading.person

    @property
    def other(self) -> Demographics | None:
        """What a merge says of the person that is gone."""
        return self.reading.other if isinstance(self.reading, Notice) else None

    @property
    def observation(self) -> Observation | None:
        """What it says of a bone."""
        return self.reading if isinstance(self.reading, Observation) else None

    @property
    def result(self) -> Measured | None:
        """The result that it tells."""
        return self.reading if isinstance(self.reading, Measured) else None


def rows_waiting(service: Service) -> QuerySet[FeedRow]:
    """The rows of a service that wait, the oldest first."""
    rows = FeedRow.objects.filter(service=service, waiting__isnull=False)
    return rows.select_related("delivery", "service").order_by("pk")


def waiting_of(row: FeedRow) -> Waiting:
    """One waiting row with the people of its service whom it could be about."""
    return waiting_all([row])[0]


def waiting_all(rows: Sequence[FeedRow]) -> list[Waiting]:
    """Waiting rows of one service with the people whom each could be about, in a constant number of queries."""
    readings: list[Reading] = [reading_from(row.waiting) for row in rows]
    told = [
        each for reading in readings for each in (reading.person, getattr(reading, "other", None)) if each
    ]
    owners = _owners(rows[0].service, told) if rows else {}
    return [_waiting(row, reading, owners) for row, reading in zip(rows, readings, strict=True)]


def _waiting(row: FeedRow, reading: Reading, owners: dict[Identifier, Person]) -> Waiting:
    assert not isinstance(reading, Rejection)
    if not (isinstance(reading, Notice) and reading.about == "merge"):
        return Waiting(row, reading, tuple(_of(reading.person, owners)))
    keeps = _of(reading.person, owners)
    goes = _of(reading.other, owners) if reading.other else []
    # A number that both sides name says nothing about which of two records is meant.
    gone = next((each for each in goes if each not in keeps), next(iter(goes), None))
    kept = next((each for each in keeps if each != gone), next(iter(keeps), None))
    people = tuple(dict.fromkeys(each for each in (kept, gone) if each))
    return Waiting(row, reading, people, kept, gone)


def _owners(service: Service, told: Iterable[Demographics]) -> dict[Identifier, Person]:
    """Whom each number that any of ``told`` names belongs to."""
    numbers = {number for each in told for number in matchable(each)}
    held = PersonIdentifier.objects.filter(
        service=service, valid=True, value__in={number.value for number in numbers}
    )
    keys = {
        Identifier(row.system, row.value): row.person_id
        for row in held
        if Identifier(row.system, row.value) in numbers
    }
    people = Person.objects.select_related("service").prefetch_related("identifiers", "episodes__fractures")
    found = people.in_bulk(set(keys.values()))
    return {number: found[key] for number, key in keys.items()}


def _of(told: Demographics, owners: dict[Identifier, Person]) -> list[Person]:
    found = {owners[number] for number in matchable(told) if number in owners}
    return sorted(found, key=lambda each: str(each.pk))
