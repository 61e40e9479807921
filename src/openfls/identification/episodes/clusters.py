"""What tells of the same fracture: dates, sides and levels of one person's findings at one site.

The gap: two pieces of evidence at a site that are at most 90 days apart tell of one fracture, and each
further one within 90 days of the last told of it as well. The window slides from the earliest evidence on, so
that the check films of a healing fracture stay with it. Source of the 90 days: OHDSI's phenotype library
(bone fracture).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from openfls.record.feeds import Observation
from openfls.record.findings import Finding, FractureAge
from openfls.record.sites import Side, Site

GAP_DAYS = 90


@dataclass(frozen=True)
class Piece:
    """One finding of one observation; a day of None is not known."""

    observation: Observation
    finding: Finding

    @property
    def on(self) -> date | None:
        return self.observation.on

    @cached_property
    def key(self) -> tuple[str, ...]:
        """A total order that does not depend on arrival."""
        source, finding = self.observation.source, self.finding
        day = self.on.isoformat() if self.on else "9999"
        texts = (source.feed, source.record, source.version, source.position, self.observation.code)
        told = (
            finding.site,
            finding.side,
            " ".join(finding.levels),
            finding.age,
            finding.certainty,
            finding.kind,
        )
        return (day, *texts, *told, repr(self.observation))


Cluster = list[Piece]


def days_between(one: date | None, other: date | None) -> int:
    """Days apart; 0 where one of the days is not known, so that an undated record joins the nearest told."""
    return abs((one - other).days) if one and other else 0


def by_gap(pieces: Iterable[Piece]) -> list[Cluster]:
    """Runs of pieces no further apart than the gap, in order of time. Undated pieces join the first run."""
    dated = sorted((piece for piece in pieces if piece.on), key=lambda piece: piece.key)
    runs: list[Cluster] = []
    for piece in dated:
        if runs and days_between(runs[-1][-1].on, piece.on) <= GAP_DAYS:
            runs[-1].append(piece)
        else:
            runs.append([piece])
    return runs


def of_one_site(pieces: list[Piece]) -> list[Cluster]:
    """The fractures that the pieces of one site tell of."""
    if pieces and pieces[0].finding.site is Site.VERTEBRA:
        return _vertebral(pieces)
    return [cluster for run in _runs_with_undated(pieces) for cluster in _by_side(run)]


def _runs_with_undated(pieces: list[Piece]) -> list[Cluster]:
    runs = by_gap(pieces)
    undated = sorted((piece for piece in pieces if piece.on is None), key=lambda piece: piece.key)
    if not undated:
        return runs
    # One dated fracture: the undated record tells of it. None or several: it stands alone, for a person to
    # place.
    if len(runs) == 1:
        return [[*runs[0], *undated]]
    return [*runs, undated]


def _by_side(run: Cluster) -> list[Cluster]:
    sides = {piece.finding.side for piece in run}
    if Side.BOTH in sides or not {Side.LEFT, Side.RIGHT} <= sides:
        return [run]
    split = [
        part
        for side in (Side.LEFT, Side.RIGHT)
        for part in _runs_with_undated([piece for piece in run if piece.finding.side is side])
    ]
    for piece in sorted(
        (piece for piece in run if piece.finding.side is Side.NONE), key=lambda piece: piece.key
    ):
        nearest(piece, split).append(piece)
    return split


def nearest(piece: Piece, clusters: list[Cluster]) -> Cluster:
    """The cluster whose nearest piece is closest in days; on a tie the earliest."""
    return min(clusters, key=lambda cluster: (distance(piece, cluster), _first(cluster)))


def distance(piece: Piece, cluster: Cluster) -> int:
    """Days between a piece and the nearest piece of a cluster."""
    return min(days_between(piece.on, other.on) for other in cluster)


def _first(cluster: Cluster) -> tuple[str, ...]:
    return min(piece.key for piece in cluster)


def _vertebral(pieces: list[Piece]) -> list[Cluster]:
    """An old vertebral finding is the fracture told before where the levels allow it; else one of its own."""
    new = _runs_with_undated([piece for piece in pieces if piece.finding.age is FractureAge.NEW])
    old = sorted(
        (piece for piece in pieces if piece.finding.age is FractureAge.OLD), key=lambda piece: piece.key
    )
    told_before = [list(run) for run in new]
    alone: list[Piece] = []
    for piece in old:
        fits = [at for at, run in enumerate(new) if _not_later(run, piece) and _levels_meet(run, piece)]
        if fits:
            at = min(fits, key=lambda at: (distance(piece, new[at]), _first(new[at])))
            told_before[at].append(piece)
        else:
            alone.append(piece)
    return [*told_before, *_old_alone(alone)]


def _old_alone(pieces: list[Piece]) -> list[Cluster]:
    """Old vertebral fractures that no record told as new: one for every set of levels that meet, however far
    apart."""
    clusters: list[Cluster] = []
    # Pieces with levels first: one without then joins the nearest of them.
    for piece in sorted(pieces, key=lambda piece: (not piece.finding.levels, piece.key)):
        meeting = [cluster for cluster in clusters if _levels_meet(cluster, piece)]
        if not meeting:
            clusters.append([piece])
        elif piece.finding.levels:
            joined = [piece, *(each for cluster in meeting for each in cluster)]
            clusters = [cluster for cluster in clusters if cluster not in meeting] + [joined]
        else:
            nearest(piece, meeting).append(piece)
    return clusters


def _not_later(run: Cluster, piece: Piece) -> bool:
    first = run[0].on
    return first is None or piece.on is None or (first - piece.on).days <= GAP_DAYS


def _levels_meet(cluster: Cluster, piece: Piece) -> bool:
    levels = {level for other in cluster for level in other.finding.levels}
    return not levels or not piece.finding.levels or not levels.isdisjoint(piece.finding.levels)


def together(pieces: Iterable[Piece], key: Callable[[Piece], Site]) -> dict[Site, list[Piece]]:
    """Pieces by site, the sites in the order of the rule book."""
    sorted_out: dict[Site, list[Piece]] = {}
    for piece in pieces:
        sorted_out.setdefault(key(piece), []).append(piece)
    order = list(Site)
    return dict(sorted(sorted_out.items(), key=lambda item: order.index(item[0])))
