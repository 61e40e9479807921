"""From all that is told of one person to her fractures and episodes, whatever order it came in.

The clinical rooms group the evidence anew each time (`identification.episodes`); here the groups meet what is kept
already. What a person has confirmed is never changed by a feed: evidence is added, no more.
"""

from __future__ import annotations

from datetime import date, timedelta

from openfls.identification.episodes import sort_out
from openfls.record.feeds import FoundFracture, Observation
from openfls.record.findings import Triage
from openfls.record.pathway import State, Step
from openfls.service import clock
from openfls.service.actions.moves import move, open_episode
from openfls.service.actor import Actor
from openfls.service.feeds.values import observation_from
from openfls.service.models import Episode, FeedRow, Fracture, Person, SourceRecord

SAME_EVENT = timedelta(days=14)
"""Two sites that broke within this time belong to one episode; ours, no source sets it."""


def reconcile(person: Person, by: Actor) -> list[Episode]:
    """Bring the fractures and episodes of ``person`` in line with the evidence. Returns the episodes that are new."""
    records = {
        observation_from(row.observation): row
        for row in person.source_records.filter(superseded=False).select_related("row", "fracture__episode")
    }
    outcome = sort_out(records, person=person.demographics(), person_id=str(person.pk))
    taken: set[object] = set()
    made: list[Episode] = []
    for found in outcome.found:
        rows = [records[each] for each in found.observations]
        fracture = _kept_fracture(rows, taken)
        if fracture is None:
            fracture, episode = _new_fracture(person, found, by)
            made += [episode] if episode else []
        elif fracture.episode.state == State.FOUND:
            _tell_again(fracture, found)
        taken.add(fracture.pk)
        _give(rows, fracture)
    _leave_out({records[each.observation]: each.reason for each in outcome.left_out})
    _drop_emptied(person, by)
    return made


def _kept_fracture(rows: list[SourceRecord], taken: set[object]) -> Fracture | None:
    """The oldest fracture that any of the evidence made before and that no other group has claimed."""
    kept = {row.fracture for row in rows if row.fracture and row.fracture_id not in taken}
    return min(kept, key=lambda fracture: (fracture.episode.found_on, str(fracture.pk)), default=None)


def _new_fracture(person: Person, found: FoundFracture, by: Actor) -> tuple[Fracture, Episode | None]:
    on = found.on or clock.today()
    episode = _episode_of_the_event(person, found, on)
    made = None
    if episode is None:
        episode = made = Episode.objects.create(
            service=person.service,
            person=person,
            index_date=on,
            found_on=clock.today(),
            triage=found.triage,
            reason=_reason(found),
        )
        left_out = found.triage is Triage.NONE
        open_episode(episode, State.NOT_FOR_US if left_out else State.FOUND, _reason(found), by)
    finding = _main_finding(found)
    fracture = Fracture.objects.create(
        service=person.service,
        person=person,
        episode=episode,
        on=on,
        kind=finding.kind,
        age=finding.age,
        rank=episode.fractures.count(),
        **_place(found),
    )
    return fracture, made


def _episode_of_the_event(person: Person, found: FoundFracture, on: date) -> Episode | None:
    """The episode of another bone that broke in the same event, while nobody has decided about it yet."""
    if found.on is None or found.triage is Triage.NONE:
        return None
    near = person.episodes.filter(
        state=State.FOUND, index_date__range=(on - SAME_EVENT, on + SAME_EVENT)
    ).exclude(fractures__site=found.site, fractures__side=found.side)
    return near.order_by("index_date", "found_on").first()


def _tell_again(fracture: Fracture, found: FoundFracture) -> None:
    """A fracture that nobody has decided about yet is as the evidence now tells it."""
    for column, value in _place(found).items():
        setattr(fracture, column, value)
    fracture.on = found.on or fracture.on
    fracture.save()
    episode = fracture.episode
    first = episode.fractures.order_by("on", "rank").first()
    if first is not None and first.pk == fracture.pk:
        episode.index_date = fracture.on
        episode.triage = found.triage
        episode.reason = _reason(found)
        episode.save()


def _place(found: FoundFracture) -> dict[str, str]:
    return {"site": found.site, "side": found.side, "levels": ";".join(found.levels)}


def _main_finding(found: FoundFracture):
    findings = [finding for each in found.observations for finding in each.findings]
    at_site = [finding for finding in findings if finding.site is found.site]
    return (at_site or findings)[0]


def _reason(found: FoundFracture) -> str:
    undated = "" if found.on else "; day of the fracture not known, counted from the day it was found"
    return f"{found.reason}{undated}"[:500]


def _give(rows: list[SourceRecord], fracture: Fracture) -> None:
    for row in rows:
        if row.fracture_id != fracture.pk:
            row.fracture = fracture
            row.save(update_fields=["fracture"])
        if row.row.outcome != FeedRow.Outcome.NEW:
            row.row.outcome, row.row.reason = FeedRow.Outcome.NEW, ""
            row.row.save(update_fields=["outcome", "reason"])


def _leave_out(reasons: dict[SourceRecord, str]) -> None:
    for row, reason in reasons.items():
        if row.fracture_id:
            row.fracture = None
            row.save(update_fields=["fracture"])
        if (row.row.outcome, row.row.reason) != (FeedRow.Outcome.REJECTED, reason[:500]):
            row.row.outcome, row.row.reason = FeedRow.Outcome.REJECTED, reason[:500]
            row.row.save(update_fields=["outcome", "reason"])


def _drop_emptied(person: Person, by: Actor) -> None:
    """A fracture whose evidence has all gone to another, or was withdrawn by its sender, is no longer put forward."""
    for episode in person.episodes.filter(state=State.FOUND):
        told = SourceRecord.objects.filter(fracture__episode=episode, superseded=False)
        if not told.exists():
            move(
                episode,
                Step.REFUTE,
                by,
                "The records that told of it now tell of another fracture, or of none",
            )


def evidence_of(fracture: Fracture) -> list[Observation]:
    """What stands behind a fracture."""
    return [observation_from(row.observation) for row in fracture.source_records.filter(superseded=False)]
