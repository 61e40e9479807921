"""A record that the rules left out is put forward all the same, because a person says why."""

from __future__ import annotations

from openfls.record.feeds import Bearing
from openfls.record.pathway import NotPossible
from openfls.service.actions.action import action, note
from openfls.service.actor import Actor
from openfls.service.feeds.reconcile import reconcile
from openfls.service.feeds.turns import take_turn
from openfls.service.feeds.values import observation_from
from openfls.service.models import Episode, FeedRow, SourceRecord
from openfls.service.roles import May


def can_put_forward(row: FeedRow) -> bool:
    """Whether the row was left out although it tells of a bone."""
    record: SourceRecord | None = getattr(row, "source_record", None)
    if record is None or record.superseded or record.brought_back or record.fractures.exists():
        return False
    if row.outcome != FeedRow.Outcome.REJECTED:
        return False
    observation = observation_from(record.observation)
    return observation.bearing is not Bearing.FLAG and bool(observation.findings)


@action("feed.put_forward", May.WORK_THE_PATHWAY)
def put_forward(*, row: FeedRow, reason: str, by: Actor) -> Episode:
    """Make the fracture that a left-out row tells of one to confirm. The reason stays with the record.

    Raises:
        NotPossible: there is no reason, or the row tells of no fracture that was left out.
    """
    reason = reason.strip()
    if not reason:
        raise NotPossible("Say why it is put forward.")
    take_turn(row.service)
    row = FeedRow.objects.select_for_update().get(pk=row.pk)
    if not can_put_forward(row):
        raise NotPossible("This row was not left out, or tells of no fracture.")
    record = row.source_record
    record.brought_back = reason[:300]
    record.save(update_fields=["brought_back"])
    reconcile(row.person, by)
    record.refresh_from_db()
    fracture = record.fractures.select_related("episode").first()
    if fracture is None:
        raise NotPossible("It cannot be put forward: its record tells of no fracture any more.")
    episode: Episode = fracture.episode
    note(
        by,
        "feed.put_forward",
        person=row.person,
        subject=f"row {row.pk}",
        episode=str(episode.pk),
        reason=reason[:300],
    )
    return episode
