"""A fracture that was left out comes back when a record says more than what was seen; a mere repeat does not."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from openfls.record.feeds import Bearing, Observation
from openfls.record.findings import Certainty
from openfls.record.pathway import Step
from openfls.record.reasons import NotForUs
from openfls.service import clock
from openfls.service.actions.moves import standing
from openfls.service.feeds.values import observation_from
from openfls.service.models import Episode, SourceRecord, Verdict

_FOR_GOOD = (NotForUs.DIED, NotForUs.KNOWN)
"""Reasons about the person, which no further film of the bone changes."""


def new_evidence(episode: Episode, rows: Sequence[SourceRecord], fresh: Collection[int]) -> str:
    """Why the episode must be looked at again; empty where nothing speaks for it.

    ``rows`` are all that tell of its fracture now, ``fresh`` the keys of the feed rows that have just arrived.
    """
    arrived = [row for row in rows if row.row_id in fresh]
    if not arrived:
        return ""
    last = standing(episode)[-1]
    if last.step != Step.REFUTE or Verdict.objects.filter(status=last, reason__in=_FOR_GOOD).exists():
        return ""
    since = clock.day_of(last.at)
    later = [row.on for row in arrived if row.on and row.on > since]
    if later:
        return f"new evidence since it was left out: a {arrived[0].kind} record of {min(later)}"
    seen = [row for row in rows if row.row_id not in fresh]
    # A correction of a record stands in its place, so what was seen is the version before.
    seen += SourceRecord.objects.filter(
        service=episode.service_id, superseded=True, row__record__in={row.row.record for row in arrived}
    ).exclude(row__in=fresh)
    certain = [row for row in arrived if _is_certain(row)]
    if certain and seen and not any(_is_certain(row) for row in seen):
        kind = certain[0].kind
        return f"new evidence since it was left out: a {kind} record is certain, only a possible fracture was told"
    return ""


def _is_certain(row: SourceRecord) -> bool:
    told: Observation = observation_from(row.observation)
    return told.bearing is not Bearing.SUPPORT and any(
        finding.certainty is Certainty.PRESENT for finding in told.findings
    )
