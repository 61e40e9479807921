"""One row of a feed kept, and taken back: what it says of a bone, a result, or why it is left out."""

from __future__ import annotations

from openfls.record.feeds import Measured, Observation, Reading
from openfls.service.feeds.results import sort_versions, told_of, why_not
from openfls.service.feeds.values import to_json
from openfls.service.feeds.versions import supersede
from openfls.service.models import FeedRow, Person, SourceRecord, ToldValue


def left_out(row: FeedRow, reason: str, waiting: Reading | None = None) -> None:
    """Mark a row as left out for ``reason``; ``waiting`` is what it says, where a person must decide. Not saved."""
    row.outcome = FeedRow.Outcome.REJECTED
    row.reason = reason[:500]
    row.waiting = to_json(waiting) if waiting else None


def keep_result(row: FeedRow, result: Measured) -> list[ToldValue]:
    """Keep a result of a row whose person is known, or its refusal. The value that stands, where one does."""
    assert row.person is not None
    value = None
    reason = why_not(result, row.person)
    if reason:
        left_out(row, reason)
        row.save(update_fields=["outcome", "reason", "waiting"])
    else:
        value = told_of(row, row.person, result)
        value.save()
    sort_versions(row.service_id, row.record)
    if value is not None:
        value.refresh_from_db(fields=["state"])
    return [value] if value is not None and value.state == ToldValue.State.STANDING else []


def keep_observation(row: FeedRow, observation: Observation) -> None:
    """Keep what a row says about the bones of its person, whom somebody has named."""
    _source_record(row, observation).save()
    supersede(row.service_id, row.record)


def withdraw_observation(row: FeedRow) -> None:
    """Take back `keep_observation`: an earlier version of the record counts again."""
    SourceRecord.objects.filter(row=row).delete()
    supersede(row.service_id, row.record)


def people_of_record(row: FeedRow) -> set[Person]:
    """The people to whom any version of the row's record was given."""
    versions = SourceRecord.objects.filter(row__service=row.service_id, row__record=row.record)
    return {each.person for each in versions.select_related("person__service")}


def _source_record(row: FeedRow, observation: Observation) -> SourceRecord:
    return SourceRecord(
        row=row,
        service=row.service,
        person=row.person,
        kind=observation.source.kind,
        on=observation.on,
        observation=to_json(observation),
    )
