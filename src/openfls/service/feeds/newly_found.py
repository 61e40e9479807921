"""The fractures of people of whom no episode is kept yet, for many at once: nothing of theirs can be in the way.

It comes to the same as `reconcile.reconcile` one by one, in a few questions to the database for all of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from openfls.identification.episodes import sort_out
from openfls.record.feeds import Observation
from openfls.record.findings import Triage
from openfls.record.pathway import State
from openfls.record.sites import Site
from openfls.service import clock
from openfls.service.actor import Actor
from openfls.service.feeds.events import Event, Told, events
from openfls.service.feeds.groups import columns_of_event, columns_of_fracture, is_dated
from openfls.service.feeds.history import is_history, words_of_history
from openfls.service.feeds.values import observation_from
from openfls.service.models import (
    Episode,
    FeedRow,
    Fracture,
    FractureCorrection,
    Person,
    SourceRecord,
    Status,
    TellsOf,
)

_ORDER = list(Site)


def without_episodes(people: Sequence[Person]) -> list[Person]:
    """Those of ``people`` of whom nothing is kept that new evidence must be brought in line with."""
    kept = {
        *Episode.objects.filter(person__in=people).values_list("person_id", flat=True),
        *FractureCorrection.objects.filter(person__in=people).values_list("person_id", flat=True),
    }
    return [each for each in people if each.pk not in kept and not each.deceased]


def find(people: Sequence[Person], by: Actor) -> list[Episode]:
    """Make the episodes that the evidence about ``people`` tells of: each as `without_episodes`, locked, none dead."""
    rows: dict[object, list[SourceRecord]] = defaultdict(list)
    evidence = SourceRecord.objects.filter(person__in=people, superseded=False).select_related("row")
    for row in evidence.order_by("pk"):
        rows[row.person_id].append(row)
    made = _Made(by)
    for person in people:
        made.add(person, rows[person.pk])
    made.save()
    return made.episodes


@dataclass(slots=True)
class _Made:
    """What is to be kept of them, saved together."""

    by: Actor
    episodes: list[Episode] = field(default_factory=list)
    _statuses: list[Status] = field(default_factory=list)
    _fractures: list[Fracture] = field(default_factory=list)
    _ties: dict[tuple[int, Any], TellsOf] = field(default_factory=dict)
    _rows: dict[int, FeedRow] = field(default_factory=dict)

    def add(self, person: Person, rows: Sequence[SourceRecord]) -> None:
        """Sort the evidence of one person."""
        records = {observation_from(row.observation): row for row in rows}
        outcome = sort_out(
            records,
            person=person.demographics(),
            person_id=str(person.pk),
            brought_back={
                each: f"brought back: {row.brought_back}" for each, row in records.items() if row.brought_back
            },
            today=clock.today(),
        )
        tied: set[int] = set()
        for event in events(Told(found, None, found.on or clock.today()) for found in outcome.found):
            tied |= self._event(event, person, records)
        for row in rows:
            if row.pk in tied:
                self._stands(row.row, FeedRow.Outcome.NEW, "")
        for each in outcome.left_out:
            row = records[each.observation]
            if row.pk not in tied:
                self._stands(row.row, FeedRow.Outcome.REJECTED, each.reason[:500])

    def _event(self, event: Event, person: Person, records: dict[Observation, SourceRecord]) -> set[int]:
        episode = Episode(
            service=person.service, person=person, found_on=clock.today(), **columns_of_event(event)
        )
        state, reason = State.FOUND, episode.reason
        if event.told[0].found.triage is Triage.NONE:
            state = State.NOT_FOR_US
        elif is_history(episode, dated=is_dated(event)):
            state, reason, episode.history = State.NOT_FOR_US, words_of_history(person.service), True
        episode.state = state
        self.episodes.append(episode)
        self._statuses.append(
            Status(episode=episode, state=state, step="find", reason=reason, at=clock.now(), by=self.by.user)
        )
        tied: set[int] = set()
        for rank, told in enumerate(sorted(event.told, key=_in_order)):
            fracture = Fracture(
                service=person.service, person=person, episode=episode, rank=rank, **columns_of_fracture(told)
            )
            self._fractures.append(fracture)
            for one in told.found.observations:
                key = records[one].pk
                tied.add(key)
                self._ties[key, fracture.pk] = TellsOf(record_id=key, fracture=fracture)
        return tied

    def _stands(self, row: FeedRow, outcome: str, reason: str) -> None:
        if (row.outcome, row.reason) != (outcome, reason) and (reason or row.outcome != outcome):
            row.outcome, row.reason = outcome, reason
            self._rows[row.pk] = row

    def save(self) -> None:
        """Keep everything."""
        Episode.objects.bulk_create(self.episodes)
        Status.objects.bulk_create(self._statuses)
        Fracture.objects.bulk_create(self._fractures)
        TellsOf.objects.bulk_create(self._ties.values())
        if self._rows:
            FeedRow.objects.bulk_update(self._rows.values(), ["outcome", "reason"])


def _in_order(told: Told) -> tuple[object, ...]:
    """Fractures of one day stand in the order of the site list."""
    found = told.found
    return (told.on, _ORDER.index(found.site), found.side, ";".join(found.levels))
