"""Counting whom a proposed change would move, in slices that a page can wait for.

A service with twenty thousand people takes longer than a web server waits. So each request counts for some seconds,
keeps what it found, and says how far it has come; a request that is lost loses its own slice and nothing else.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from django.db.models import QuerySet

from openfls.intervention import Situation, grid, raised
from openfls.investigation import Pack
from openfls.investigation.moving import Moved, comparison
from openfls.record.pathway import UNDER_CARE
from openfls.service import clock
from openfls.service.actions import guiding
from openfls.service.actor import Actor
from openfls.service.advice import scored_picture
from openfls.service.guidance import from_json
from openfls.service.models import Episode, GuidelineChange, GuidelineMove
from openfls.service.roles import Role
from openfls.service.rows import bring
from openfls.service.situation import situation_of

SECONDS = 8.0
"""How long one request counts: well within what any web server or proxy waits."""
SLICE = 4.0
"""Seconds of a slice outside of a request: the progress moves that often."""
_CHUNK = 100
ALERT = "Alert: "


def waiting() -> QuerySet[GuidelineChange]:
    """The changes that are still to be counted, the oldest first."""
    rows = GuidelineChange.objects.filter(state=GuidelineChange.State.COUNTING)
    return rows.select_related("service", "proposed_by").order_by("pk")


def counter_of(change: GuidelineChange) -> Actor:
    """In whose name it is counted: the proposer's."""
    return Actor(service=change.service, role=Role(change.proposer_role), user=change.proposed_by)


def count_on(change: GuidelineChange, by: Actor, seconds: float = SECONDS) -> GuidelineChange:
    """Count for some ``seconds``, and keep it. Afterwards the change waits for its second person, or for more counting.

    Raises:
        NotPossible: it is not being counted, or somebody else counts it.
    """
    before, after = from_json(change.before), from_json(change.after)
    compared = comparison(before.packs(), after.packs())
    moved: list[tuple[Episode, Moved]] = []
    seen, last, until = 0, None, time.monotonic() + seconds
    for chunk in _chunks(change):
        for episode in bring(chunk):
            by_packs = compared.of(scored_picture(episode, clock.today())[0])
            if found := _both(by_packs, _by_limits(episode, before.limits, after.limits)):
                moved.append((episode, found))
        seen, last = seen + len(chunk), chunk[-1]
        if time.monotonic() > until:
            break
    else:
        last = None
    in_all = _under_care(change).count() if last else 0
    return guiding.keep_count(change=change, moved=moved, seen=seen, last=last, in_all=in_all, by=by)


def _by_limits(episode: Episode, before: Mapping[str, float], after: Mapping[str, float]) -> Moved | None:
    """How a change of limits alters the alerts of somebody, and what is said of each drug."""
    if before == after:
        return None
    situation = situation_of(episode, clock.today())
    was, now = (_said(situation, own) for own in (before, after))
    if was == now:
        return None
    return Moved((), (), tuple(sorted(now - was)), tuple(sorted(was - now)))


def _said(situation: Situation, own: Mapping[str, float]) -> frozenset[str]:
    alerts = {f"{ALERT}{one.rule.text}" for one in raised(situation, own)}
    options = grid(situation, "", own).options
    return frozenset(alerts | {f"{one.drug.name}: {one.verdict.value}" for one in options})


def _both(one: Moved | None, other: Moved | None) -> Moved | None:
    if one is None or other is None:
        return one or other
    return replace(one, gained=(*one.gained, *other.gained), lost=(*one.lost, *other.lost))


def _under_care(change: GuidelineChange) -> QuerySet[Episode]:
    return Episode.objects.filter(service=change.service_id, state__in=UNDER_CARE)


def _chunks(change: GuidelineChange) -> Iterator[list[Episode]]:
    """The episodes under care after the last one counted, by key, some at a time."""
    after = change.last_counted
    while True:
        rows = _under_care(change).select_related("person", "service").order_by("pk")
        chunk = list((rows.filter(pk__gt=after) if after else rows)[:_CHUNK])
        if not chunk:
            return
        after = chunk[-1].pk
        yield chunk


@dataclass(frozen=True, slots=True)
class Tally:
    """How many people would gain and lose an action."""

    action: str
    gained: int
    lost: int


def tallies(change: GuidelineChange) -> list[Tally]:
    """Every action that somebody would gain or lose, by how many, the most first."""
    gained: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    for more, less in change.moves.values_list("gained", "lost"):
        gained.update(more)
        lost.update(less)
    found = [Tally(action, gained[action], lost[action]) for action in {*gained, *lost}]
    return sorted(found, key=lambda one: (-one.gained - one.lost, one.action))


@dataclass(frozen=True, slots=True)
class Line:
    """One person who would move: what is advised now that would not be, and the other way round."""

    move: GuidelineMove
    no_longer: tuple[str, ...]
    newly: tuple[str, ...]


def lines(change: GuidelineChange, moves: Iterable[GuidelineMove]) -> list[Line]:
    """The moves in words: the texts of the rules that hold on one side alone and make the difference."""
    before, after = from_json(change.before), from_json(change.after)
    return [
        Line(
            move,
            _texts(before.packs(), move.rules_before, move.lost),
            _texts(after.packs(), move.rules_after, move.gained),
        )
        for move in moves
    ]


def _texts(packs: Iterable[Pack], held: list[str], actions: list[str]) -> tuple[str, ...]:
    wanted, names = set(actions), set(held)
    found = [
        f"{rule.text} ({rule.id})"
        for pack in packs
        for rule in pack.rules
        if rule.id in names and wanted & set(rule.actions)
    ]
    return tuple(dict.fromkeys([*found, *(one for one in actions if ": " in one)]))
