"""Readings for the feed tests, and what a database holds once they are loaded, without its random keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

import world
from openfls.record.feeds import Observation, Reading, Source, SourceKind
from openfls.record.findings import Finding
from openfls.record.pathway import State
from openfls.record.people import Demographics
from openfls.record.sites import Side, Site
from openfls.service import clock
from openfls.service.actor import system_actor
from openfls.service.feeds.taking_in import take_in
from openfls.service.models import Delivery, Episode, Service

START = world.TODAY - timedelta(days=400)


def told(
    person: Demographics,
    record: str,
    *,
    day: int = 0,
    site: Site = Site.WRIST,
    side: Side = Side.LEFT,
    kind: SourceKind = SourceKind.RADIOLOGY,
    version: str = "",
) -> Observation:
    """A record that told of a fracture, ``day`` days after the start."""
    return Observation(
        source=Source(f"{kind}.csv", record, kind, "row 1", version),
        person=person,
        on=START + timedelta(days=day),
        findings=(Finding(site, side),),
        text=f"Fracture of the {side} {site}.",
    )


def load(service: Service, *batches: Sequence[Reading]) -> Delivery:
    """Load batches as one delivery."""
    delivery = Delivery.objects.create(
        service=service, name="feed.csv", sha256="0" * 64, received_at=clock.now()
    )
    for batch in batches:
        take_in(delivery=delivery, readings=list(batch), by=system_actor(service))
    return Delivery.objects.counted().get(pk=delivery.pk)


def accounted(delivery: Delivery) -> bool:
    """Whether every row read is in exactly one of the four counts."""
    kept = delivery.rows_new + delivery.rows_known + delivery.rows_rejected + delivery.rows_other  # type: ignore[attr-defined]
    return kept == delivery.rows_read


Shown = tuple[date, str, tuple[tuple[date, str, str, tuple[str, ...]], ...]]


def episodes(service: Service, *, left_out: Iterable[str] = (State.NOT_FOR_US,)) -> list[Shown]:
    """Day, state and fractures (day, site, side, the records behind it) of each episode that is put forward."""
    return sorted(
        (
            episode.index_date,
            episode.state,
            tuple(
                (
                    fracture.on,
                    fracture.site,
                    fracture.side,
                    tuple(sorted(fracture.source_records.values_list("row__record", flat=True))),
                )
                for fracture in episode.fractures.all()
            ),
        )
        for episode in Episode.objects.filter(service=service).exclude(state__in=list(left_out))
    )


def again(observation: Observation, **source: str) -> Observation:
    """The same record as another file holds it."""
    return replace(observation, source=replace(observation.source, **source))
