"""From all that is told of one person to her fractures and episodes, whatever order it came in.

The clinical rooms group the evidence anew each time (`identification.episodes`); here the groups meet what is kept
already. What a person has confirmed is never changed by a feed: evidence is added, no more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from openfls.identification.episodes import sort_out
from openfls.record.feeds import FoundFracture, Observation
from openfls.record.findings import Triage
from openfls.record.pathway import State, Step
from openfls.record.sites import Side, Site
from openfls.service import clock
from openfls.service.actions.moves import move, open_episode
from openfls.service.actor import Actor
from openfls.service.feeds.endings import drop_emptied, mark_changed, put_to_rest, wake
from openfls.service.feeds.events import Event, Told, events
from openfls.service.feeds.groups import columns_of_event, columns_of_fracture, is_dated
from openfls.service.feeds.history import is_history, keep_or_find, words_of_history
from openfls.service.feeds.newly_found import find, without_episodes
from openfls.service.feeds.putting_right import put_right, standing_for
from openfls.service.feeds.second_look import new_evidence
from openfls.service.feeds.values import observation_from
from openfls.service.models import Episode, FeedRow, Fracture, Person, SourceRecord, TellsOf

_UNDECIDED = (State.FOUND, State.NOT_FOR_US)


def reconcile_all(
    people: Iterable[Person], by: Actor, *, fresh: Collection[int] = (), lost: Collection[object] = ()
) -> list[Episode]:
    """`reconcile` for the people of a batch. Those of whom nothing is kept yet are done together."""
    locked = Person.objects.select_for_update(no_key=True, of=("self",)).select_related("service")
    everybody = list(
        locked.prefetch_related("identifiers").filter(pk__in=[each.pk for each in people]).order_by("pk")
    )
    new = without_episodes(everybody)
    made = find(new, by)
    for person in everybody:
        if person not in new:
            made += reconcile(person, by, fresh=fresh, lost=lost)
    return made


def reconcile(
    person: Person, by: Actor, *, fresh: Collection[int] = (), lost: Collection[object] = ()
) -> list[Episode]:
    """Bring the fractures and episodes of ``person`` in line with the evidence. Returns the episodes that are new.

    ``fresh`` are the keys of the feed rows that have just arrived, ``lost`` those of the fractures of which a record
    has just been withdrawn or corrected.
    """
    person, episodes = _locked(person)
    if not person.deceased:
        wake(episodes.values(), by)
    rows = list(
        person.source_records.filter(superseded=False).select_related("row").prefetch_related("fractures")
    )
    for row in rows:
        for fracture in row.fractures.all():
            if fracture.episode_id in episodes:
                fracture.episode = episodes[fracture.episode_id]
    before = {row.pk: {each.pk for each in row.fractures.all()} for row in rows}
    as_told = {observation_from(row.observation): row for row in rows}
    records, brought_back = put_right(
        as_told,
        standing_for(person),
        person.demographics(),
        {each: f"brought back: {row.brought_back}" for each, row in as_told.items() if row.brought_back},
    )
    outcome = sort_out(
        records,
        person=person.demographics(),
        person_id=str(person.pk),
        brought_back=brought_back,
        today=clock.today(),
    )
    told: list[Told] = []
    links: dict[int, set[object]] = {row.pk: set() for row in rows}
    for found, telling, kept in _with_kept(outcome.found, records):
        if kept is not None:
            _look_again(person, kept.episode, telling, fresh, by)
        if kept is None or kept.episode.state == State.FOUND or kept.episode.history:
            told.append(Told(found, kept, found.on or (kept.on if kept else clock.today())))
        else:
            _link(links, telling, kept)
    made: list[Episode] = []
    claimed: set[object] = set()
    for event in events(told):
        episode, is_new = _episode_of(event, person, claimed, by)
        if not is_new and not person.deceased:
            keep_or_find(episode, dated=is_dated(event), by=by)
        claimed.add(episode.pk)
        made += [episode] if is_new else []
        for each in event.told:
            _link(links, [records[one] for one in each.found.observations], _fracture_of(each, episode))
    _tie(rows, before, links)
    _leave_out({records[each.observation]: each.reason for each in outcome.left_out}, links)
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
    if episode.state != State.NOT_FOR_US or episode.history or person.deceased:
        return
    if why := new_evidence(episode, rows, fresh):
        move(episode, Step.BRING_BACK, by, why[:500])


Group = tuple[FoundFracture, list[SourceRecord], Fracture | None]


def _with_kept(found: Sequence[FoundFracture], records: Mapping[Observation, SourceRecord]) -> list[Group]:
    """Each fracture as told now, the records behind it, and the one that was made of it before.

    A record can stand behind several, so those of the same bone are matched before any other is.
    """
    telling = [[records[each] for each in one.observations] for one in found]
    kept: dict[int, Fracture] = {}
    taken: set[object] = set()
    for same_bone in (True, False):
        for at, one in enumerate(found):
            if at not in kept and (match := _kept_fracture(one, telling[at], taken, same_bone=same_bone)):
                kept[at] = match
                taken.add(match.pk)
    return [(one, list(dict.fromkeys(telling[at])), kept.get(at)) for at, one in enumerate(found)]


def _kept_fracture(
    found: FoundFracture, rows: list[SourceRecord], taken: set[object], *, same_bone: bool
) -> Fracture | None:
    """The fracture that any of the evidence made before and that no other group has claimed: one under care
    before one that waits, that before one left out, then the oldest."""
    kept = {
        fracture
        for row in rows
        for fracture in row.fractures.all()
        if fracture.pk not in taken and (_same_bone(fracture, found) or not same_bone)
    }

    def order(fracture: Fracture) -> tuple[object, ...]:
        state = State(fracture.episode.state)
        decided = _UNDECIDED.index(state) if state in _UNDECIDED else -1
        return (decided, fracture.episode.found_on, fracture.on, str(fracture.pk))

    return min(kept, key=order, default=None)


def _same_bone(fracture: Fracture, found: FoundFracture) -> bool:
    sites = {fracture.site, str(found.site)}
    sides = {fracture.side, str(found.side)}
    return (len(sites) == 1 or Site.UNSPECIFIED in sites) and not {Side.LEFT, Side.RIGHT} <= sides


def _episode_of(event: Event, person: Person, claimed: set[object], by: Actor) -> tuple[Episode, bool]:
    """The episode of an event as it is now told, and whether it is new."""
    first = event.told[0]
    columns = columns_of_event(event)
    kept = [each.kept.episode for each in event.told if each.kept]
    episode = next((each for each in kept if each.pk not in claimed), None)
    if episode is None:
        episode = Episode.objects.create(
            service=person.service, person=person, found_on=clock.today(), **columns
        )
        left_out = first.found.triage is Triage.NONE
        if not left_out and is_history(episode, dated=is_dated(event)):
            episode.history = True
            episode.save(update_fields=["history"])
            open_episode(episode, State.NOT_FOR_US, words_of_history(person.service), by)
            return episode, True
        open_episode(episode, State.NOT_FOR_US if left_out else State.FOUND, columns["reason"], by)
        return episode, True
    if any(getattr(episode, name) != value for name, value in columns.items()):
        for name, value in columns.items():
            setattr(episode, name, value)
        episode.save(update_fields=list(columns))
    return episode, False


def _fracture_of(told: Told, episode: Episode) -> Fracture:
    """The row of a fracture in its episode, as the evidence now tells it."""
    columns = columns_of_fracture(told)
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


def _link(links: dict[int, set[object]], rows: Sequence[SourceRecord], fracture: Fracture) -> None:
    for row in rows:
        links[row.pk].add(fracture.pk)


def _tie(
    rows: Sequence[SourceRecord], before: Mapping[int, set[object]], links: Mapping[int, set[object]]
) -> None:
    """Let each record stand behind the fractures that it tells of now, and behind no other."""
    for row in rows:
        gone, new = before[row.pk] - links[row.pk], links[row.pk] - before[row.pk]
        if gone:
            TellsOf.objects.filter(record=row, fracture__in=gone).delete()
        if new:
            TellsOf.objects.bulk_create(TellsOf(record=row, fracture_id=key) for key in new)
        if links[row.pk] and row.row.outcome != FeedRow.Outcome.NEW:
            row.row.outcome, row.row.reason = FeedRow.Outcome.NEW, ""
            row.row.save(update_fields=["outcome", "reason"])


def _leave_out(reasons: dict[SourceRecord, str], links: Mapping[int, set[object]]) -> None:
    for row, reason in reasons.items():
        if links[row.pk]:
            continue  # it tells of another bone that is not left out
        if (row.row.outcome, row.row.reason) != (FeedRow.Outcome.REJECTED, reason[:500]):
            row.row.outcome, row.row.reason = FeedRow.Outcome.REJECTED, reason[:500]
            row.row.save(update_fields=["outcome", "reason"])


def evidence_of(fracture: Fracture) -> list[Observation]:
    """What stands behind a fracture."""
    return [observation_from(row.observation) for row in fracture.source_records.filter(superseded=False)]
