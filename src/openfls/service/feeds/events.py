"""Bones that broke in one fall are one episode, while nobody has decided about it; whatever order they were told in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from openfls.record.feeds import FoundFracture
from openfls.record.findings import Triage
from openfls.record.sites import Site
from openfls.service.models import Fracture

SAME_EVENT = timedelta(days=14)
"""Two sites that broke within this time of the first belong to one episode; ours, no source sets it."""


@dataclass(frozen=True, slots=True)
class Told:
    """A fracture as the evidence tells it now, the row that it had before, and the day it is counted from."""

    found: FoundFracture
    kept: Fracture | None
    on: date

    @property
    def order(self) -> tuple[object, ...]:
        """A total order that does not depend on what came first."""
        return (self.on, list(Site).index(self.found.site), self.found.side, self.found.levels)

    @property
    def stands_alone(self) -> bool:
        """Whether no other bone joins it: its day is not known, or it is left out from the start."""
        return self.found.on is None or (self.found.triage is Triage.NONE and self.kept is None)


@dataclass(slots=True)
class Event:
    """The fractures of one event, the first of them first."""

    told: list[Told] = field(default_factory=list)

    def takes(self, other: Told) -> bool:
        """Whether ``other``, which is not earlier, broke in this event."""
        first = self.told[0]
        if first.stands_alone or other.stands_alone or other.on - first.on > SAME_EVENT:
            return False
        return all(
            (each.found.site, each.found.side) != (other.found.site, other.found.side) for each in self.told
        )


def events(told: Iterable[Told]) -> list[Event]:
    """The fractures sorted into events, each counted from its first."""
    made: list[Event] = []
    for each in sorted(told, key=lambda each: each.order):
        home = next((event for event in made if event.takes(each)), None)
        if home is None:
            made.append(Event([each]))
        else:
            home.told.append(each)
    return made
