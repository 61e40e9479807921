"""From all that is told of one person to her fractures and episodes, whatever order it came in.

The clinical rooms group the evidence anew each time (`identification.episodes`); here the groups meet what is kept
already. What a person has confirmed is never changed by a feed: evidence is added, no more.
"""

from __future__ import annotations

from collections.abc import Collection

from openfls.identification.episodes import sort_out
from openfls.identification.episodes.incidental import incidental_reason
from openfls.record.feeds import FoundFracture, Observation
from openfls.record.findings import Triage
from openfls.record.pathway import State, Step
from openfls.service import clock
from openfls.service.actions.moves import move, open_episode
from openfls.service.actor import Actor
from openfls.service.feeds.endings import drop_emptied, mark_changed, put_to_rest
from openfls.service.feeds.events import Event, Told, events
from openfls.service.feeds.second_look import new_evidence
from openfls.service.feeds.values import observation_from
from openfls.service.models import Episode, FeedRow, Fracture, Person, SourceRecord

_UNDECIDED = (State.FOUND, State.NOT_FOR_US)


def reconcile(
    person: Person, by: Actor, *, fresh: Collection[int] = (), lost: Collection[object] = ()
) -> list[Episode]:
    """Bring the fractures and episodes of ``person`` in line with the evidence. Returns the episodes that are new.

    ``fresh`` are the keys of the feed rows that have just arrived, ``lost`` those of the fractures of which a record
    has just been withdrawn or corrected.
    """
    person, episodes = _locked(person)
    rows = list(person.source_records.filter(superseded=False).select_related("row", "fracture"))
    for row in rows:
        if row.fracture and row.fracture.episode_id in episodes:
            row.fracture.episode = episodes[row.fracture.episode_id]
    records = {observation_from(row.observation): row for row in rows}
    before = {row.pk: row.fracture_id for row in rows}
    brought_back = {
        each: f"brought back: {row.brought_back}" for each, row in records.items() if row.brought_back
    }
    outcome = sort_out(
        records, person=person.demographics(), person_id=str(person.pk), brought_back=brought_back
    )
    taken: set[object] = set()
    groups: list[tuple[FoundFracture, list[SourceRecord], Fracture | None]] = []
    for found in outcome.found:
        telling = [records[each] for each in found.observations]
        kept = _kept_fracture(telling, taken)
        if kept is not None:
            taken.add(kept.pk)
            _look_again(person, kept.episode, telling, fresh, by)
        groups.append((found, telling, kept))
    told: list[Told] = []
    for found, telling, kept in groups:
        if kept is None or kept.episode.state == State.FOUND:
            told.append(Told(found, kept, found.on or (kept.on if kept else clock.today())))
        else:
            _give(telling, kept)
    made: list[Episode] = []
    claimed: set[object] = set()
    for event in events(told):
        episode, is_new = _episode_of(event, person, claimed, by)
        claimed.add(episode.pk)
        made += [episode] if is_new else []
        for each in event.told:
            _give([records[one] for one in each.found.observations], _fracture_of(each, episode))
    _leave_out({records[each.observation]: each.reason for each in outcome.left_out})
    drop_emptied(person, by, rows, before, lost)
    mark_changed(person, lost)
    if person.deceased:
        put_to_rest(person, by)
    return made


def _locked(person: Person) -> tuple[Person, dict[object, Episode]]:
    """The person and her episodes as they are now, nobody else's to change until the transaction ends.

    What only refers to them need not wait, hence no lock on their keys.
    """
    now = Person.objects.select_for_update(no_key=True, of=("self",)).select_related("service")
    person = now.get(pk=person.pk)
    kept = Episode.objects.select_for_update(no_key=True).filter(person=person).order_by("pk")
    return person, {episode.pk: episode for episode in kept}


def _look_again(
    person: Person, episode: Episode, rows: list[SourceRecord], fresh: Collection[int], by: Actor
) -> None:
    if episode.state != State.NOT_FOR_US or person.deceased:
        return
    if why := new_evidence(episode, rows, fresh):
        move(episode, Step.BRING_BACK, by, why[:500])


def _kept_fracture(rows: list[SourceRecord], taken: set[object]) -> Fracture | None:
    """The fracture that any of the evidence made before and that no other group has claimed: one under care
    before one that waits, that before one left out, then the oldest."""
    kept = {row.fracture for row in rows if row.fracture and row.fracture_id not in taken}

    def order(fracture: Fracture) -> tuple[object, ...]:
        state = State(fracture.episode.state)
        decided = _UNDECIDED.index(state) if state in _UNDECIDED else -1
        return (decided, fracture.episode.found_on, fracture.on, str(fracture.pk))

    return min(kept, key=order, default=None)


def _episode_of(event: Event, person: Person, claimed: set[object], by: Actor) -> tuple[Episode, bool]:
    """The episode of an event as it is now told, and whether it is new."""
    first = event.told[0]
    columns = {
        "index_date": first.on,
        "triage": first.found.triage,
        "reason": _reason(first.found),
        "incidental": _incidental(event),
    }
    kept = [each.kept.episode for each in event.told if each.kept]
    episode = next((each for each in kept if each.pk not in claimed), None)
    if episode is None:
        episode = Episode.objects.create(
            service=person.service, person=person, found_on=clock.today(), **columns
        )
        left_out = first.found.triage is Triage.NONE
        open_episode(episode, State.NOT_FOR_US if left_out else State.FOUND, columns["reason"], by)
        return episode, True
    if any(getattr(episode, name) != value for name, value in columns.items()):
        for name, value in columns.items():
            setattr(episode, name, value)
        episode.save(update_fields=list(columns))
    return episode, False


def _fracture_of(told: Told, episode: Episode) -> Fracture:
    """The row of a fracture in its episode, as the evidence now tells it."""
    finding = _main_finding(told.found)
    columns = {"on": told.on, "kind": finding.kind, "age": finding.age, **_place(told.found)}
    fracture = told.kept
    # The last fracture of an episode stays there: the episode is put aside with what it was about.
    alone = fracture and fracture.episode_id != episode.pk and fracture.episode.fractures.count() == 1
    if fracture is None or alone:
        return Fracture.objects.create(
            service=episode.service,
            person=episode.person,
            episode=episode,
            rank=_free_rank(episode),
            **columns,
        )
    if fracture.episode_id != episode.pk:
        fracture.rank = _free_rank(episode)
        fracture.episode = episode
    for column, value in columns.items():
        setattr(fracture, column, value)
    fracture.save()
    return fracture


def _free_rank(episode: Episode) -> int:
    return max(episode.fractures.values_list("rank", flat=True), default=-1) + 1


def _place(found: FoundFracture) -> dict[str, str]:
    return {"site": found.site, "side": found.side, "levels": ";".join(found.levels)}


def _main_finding(found: FoundFracture):
    findings = [finding for each in found.observations for finding in each.findings]
    at_site = [finding for finding in findings if finding.site is found.site]
    return (at_site or findings)[0]


def _incidental(event: Event) -> str:
    observations = [one for each in event.told for one in each.found.observations]
    return incidental_reason(observations, {each.found.site for each in event.told})[:200]


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


def evidence_of(fracture: Fracture) -> list[Observation]:
    """What stands behind a fracture."""
    return [observation_from(row.observation) for row in fracture.source_records.filter(superseded=False)]
