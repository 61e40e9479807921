"""The rows that wait for a person: what each says, and whom it could be about."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from openfls.record.feeds import Notice, Observation, Reading
from openfls.record.people import Demographics
from openfls.service.feeds.identity import owners_of
from openfls.service.feeds.values import reading_from
from openfls.service.models import FeedRow, Person, Service


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row that waits, as read.

    ``people`` are those whom it could be about. For a merge ``kept`` has the person that the message keeps and
    ``gone`` the one that it says is the same; None where the service does not know one of them.
    """

    row: FeedRow
    reading: Observation | Notice
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


def rows_waiting(service: Service) -> QuerySet[FeedRow]:
    """The rows of a service that wait, the oldest first."""
    rows = FeedRow.objects.filter(service=service, waiting__isnull=False)
    return rows.select_related("delivery", "service").order_by("pk")


def waiting_of(row: FeedRow) -> Waiting:
    """One waiting row with the people of its service whom it could be about."""
    reading: Reading = reading_from(row.waiting)
    assert isinstance(reading, Observation | Notice)
    if isinstance(reading, Notice) and reading.about == "merge":
        keeps = owners_of(row.service, reading.person)
        goes = owners_of(row.service, reading.other) if reading.other else []
        # A number that both sides name says nothing about which of two records is meant.
        gone = next((each for each in goes if each not in keeps), next(iter(goes), None))
        kept = next((each for each in keeps if each != gone), next(iter(keeps), None))
        people = tuple(dict.fromkeys(each for each in (kept, gone) if each))
        return Waiting(row, reading, people, kept, gone)
    return Waiting(row, reading, tuple(owners_of(row.service, reading.person)))
