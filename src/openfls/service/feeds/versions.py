"""Several versions of one record: which one counts, and what counts no more because its sender took it back."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from uuid import UUID

from openfls.record.feeds import Observation
from openfls.service.feeds.values import observation_from
from openfls.service.models import FeedRow, SourceRecord, TellsOf

# What could not be read says nothing about the bone, so it takes nothing back.
_UNREAD = re.compile(r"^no person named(; it tells of|$)|not readable|which is not read")


@dataclass(frozen=True, slots=True)
class Replaced:
    """Whom a change of versions touches: ``people``, and the ``fractures`` that lost what an earlier version said."""

    people: set[UUID] = field(default_factory=set)
    fractures: set[UUID] = field(default_factory=set)


def supersede(service: object, record: str) -> Replaced:
    """Let the newest version of a record count; of two with the same version the one that came last.

    A version that was left out by its own words (entered in error, no fracture any more) counts as a version too: where
    it is the newest, no earlier one counts.
    """
    versions = SourceRecord.objects.filter(row__service=service, row__record=record)
    known = list(versions.select_related("row").prefetch_related("fractures"))
    if not known:
        return Replaced()
    newest = max(known, key=lambda each: (each.row.version, each.pk))
    standing = None if _is_taken_back(newest) else newest
    behind = {each.pk: {fracture.pk for fracture in each.fractures.all()} for each in known}
    lost = {key for each in known if not (standing and _same(each, standing)) for key in behind[each.pk]}
    # What the earlier version told of is what the newer one corrects, not another fracture.
    fractures = next(
        (
            behind[each.pk]
            for each in [newest, *known]
            if behind[each.pk] and each.person_id == newest.person_id
        ),
        set(),
    )
    people = {each.person_id for each in known}
    if standing is None:
        versions.update(superseded=True)
        TellsOf.objects.filter(record__in=known).delete()
        return Replaced(people, lost)
    versions.exclude(pk=newest.pk).update(superseded=True)
    versions.filter(pk=newest.pk).update(superseded=False)
    TellsOf.objects.filter(record__in=[each for each in known if each.pk != newest.pk]).delete()
    newest.fractures.set(fractures)
    return Replaced(people, lost)


def _is_taken_back(newest: SourceRecord) -> bool:
    """Whether a later version of the record says that there is nothing for the service."""
    said_nothing = FeedRow.objects.filter(
        service=newest.service_id,
        record=newest.row.record,
        outcome=FeedRow.Outcome.REJECTED,
        source_record=None,
        waiting__isnull=True,
        decisions=None,
    )
    return any(_later(row, newest.row) for row in said_nothing if not _UNREAD.search(row.reason))


def _later(row: FeedRow, other: FeedRow) -> bool:
    """By their versions; where one has none, or both the same, the one that came last."""
    if row.version and other.version and row.version != other.version:
        return row.version > other.version
    return row.pk > other.pk


def _same(one: SourceRecord, other: SourceRecord) -> bool:
    return one.person_id == other.person_id and _gist(one) == _gist(other)


def _gist(record: SourceRecord) -> tuple[object, ...]:
    told: Observation = observation_from(record.observation)
    return told.on, [(f.site, f.side, f.levels, f.certainty, f.age, f.kind) for f in told.findings]
