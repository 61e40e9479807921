"""Observations of one person in, that person's fractures out; and what made no fracture, with the reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType

from openfls.identification.episodes.clusters import (
    GAP_DAYS,
    Cluster,
    Piece,
    by_gap,
    distance,
    nearest,
    of_one_site,
    together,
)
from openfls.identification.episodes.judging import (
    MINIMUM_AGE,
    age_at,
    left_out_reason,
    one_side,
    triage_with_reason,
)
from openfls.identification.episodes.persons import birth_dates, merged, name_of_person
from openfls.record.feeds import Bearing, FoundFracture, Observation
from openfls.record.findings import Triage, triage_of
from openfls.record.people import Demographics
from openfls.record.sites import Site

IN_THE_FUTURE = "the date is in the future"
NOBODY: Mapping[Observation, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An observation that told of no fracture for this service, and why."""

    observation: Observation
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """One person's fractures, oldest first, and every observation that is in none of them."""

    found: tuple[FoundFracture, ...]
    left_out: tuple[LeftOut, ...]
    beside: tuple[Observation, ...] = ()
    """Diseases of bone that were recorded: they make no fracture and are not left out either."""


def group(
    observations: Iterable[Observation],
    *,
    person: Demographics | None = None,
    person_id: str = "",
    doubts: Sequence[str] = (),
    minimum_age: int = MINIMUM_AGE,
) -> list[FoundFracture]:
    """`sort_out`, the fractures alone."""
    outcome = sort_out(
        observations, person=person, person_id=person_id, doubts=doubts, minimum_age=minimum_age
    )
    return list(outcome.found)


def sort_out(
    observations: Iterable[Observation],
    *,
    person: Demographics | None = None,
    person_id: str = "",
    doubts: Sequence[str] = (),
    minimum_age: int = MINIMUM_AGE,
    brought_back: Mapping[Observation, str] = NOBODY,
    today: date = date.max,
) -> Outcome:
    """The fractures that ``observations`` of one person tell of. The order of the observations does not
    matter.

    Args:
        observations: every observation of this one person, whichever feed told it.
        person: what is known of the person from elsewhere (notices, the service's record); by default what
            the observations say together.
        person_id: the name of the person in the result; by default made from the identifiers.
        doubts: reasons known to the caller why a person must look, such as a number shared with somebody
            else.
        minimum_age: completed years at the fracture below which it is left out.
        brought_back: observations that a person puts forward whatever the rules say, each with the reason. What they
            tell of is for review.
        today: what is dated after it is for review: its day cannot be right, the fracture may be.
    """
    told = list(dict.fromkeys(observations))
    person = person if person is not None else merged(each.person for each in told)
    born = birth_dates([*(each.person for each in told), person])
    doubts = [*doubts, *_identity_doubts(born)]
    flags = [each for each in told if each.bearing is Bearing.FLAG or not each.findings]
    pieces, outside = _pieces([each for each in told if each not in flags], brought_back)
    supports = [piece for piece in pieces if _only_supports(piece) and piece.observation not in brought_back]
    clusters = _clusters([piece for piece in pieces if piece not in supports])
    for piece in sorted(supports, key=lambda piece: piece.key):
        fits = [each for each in clusters if _site(each) is piece.finding.site and _near(piece, each)]
        if fits:
            nearest(piece, fits).append(piece)
        else:
            outside.append((piece, f"{piece.observation.display}: {piece.observation.remark}"))
    found: list[FoundFracture] = []
    for cluster in clusters:
        asked = sorted({brought_back[p.observation] for p in cluster if p.observation in brought_back})
        made = _fracture(
            cluster,
            person,
            person_id or name_of_person(person),
            [*_ahead(cluster, today), *doubts, *asked, *_flagged(flags, cluster)],
        )
        if not asked and _is_under(minimum_age, made, born):
            why = (
                f"aged {made.age_at_fracture} at the fracture, under {minimum_age}: {made.site.label.lower()}"
            )
            outside += [(piece, why) for piece in cluster]
        else:
            found.append(made)
    found.sort(key=lambda made: (made.on or date.max, list(Site).index(made.site), made.side, made.levels))
    return Outcome(tuple(found), _left_out(outside, found), tuple(flags))


def _only_supports(piece: Piece) -> bool:
    return piece.observation.bearing is Bearing.SUPPORT


def _pieces(
    told: Iterable[Observation], brought_back: Mapping[Observation, str]
) -> tuple[list[Piece], list[tuple[Piece, str]]]:
    inside: list[Piece] = []
    outside: list[tuple[Piece, str]] = []
    for observation in told:
        for finding in observation.findings:
            piece = Piece(observation, finding)
            if triage_of(finding) is Triage.NONE and observation not in brought_back:
                outside.append((piece, left_out_reason(observation, finding)))
            else:
                inside.append(piece)
    return inside, outside


def _clusters(pieces: list[Piece]) -> list[Cluster]:
    by_site = together(pieces, lambda piece: piece.finding.site)
    unplaced = by_site.pop(Site.UNSPECIFIED, [])
    clusters = [cluster for of_site in by_site.values() for cluster in of_one_site(of_site)]
    placed = [list(cluster) for cluster in clusters]
    alone: list[Piece] = []
    for piece in sorted(unplaced, key=lambda piece: piece.key):
        near = [at for at, cluster in enumerate(clusters) if _near(piece, cluster)]
        if not near or (piece.on is None and len(near) > 1):
            alone.append(piece)
        else:
            best = min(near, key=lambda at: (distance(piece, clusters[at]), at))
            placed[best].append(piece)
    undated = [piece for piece in alone if piece.on is None]
    return [*placed, *by_gap(alone), *([undated] if undated else [])]


def _near(piece: Piece, cluster: Cluster) -> bool:
    return distance(piece, cluster) <= GAP_DAYS


def _site(cluster: Cluster) -> Site:
    return next(
        (piece.finding.site for piece in cluster if piece.finding.site is not Site.UNSPECIFIED),
        Site.UNSPECIFIED,
    )


def _fracture(cluster: Cluster, person: Demographics, person_id: str, doubts: Sequence[str]) -> FoundFracture:
    site = _site(cluster)
    at_site = [piece for piece in cluster if piece.finding.site is site]
    telling = [piece for piece in at_site if not _only_supports(piece)] or at_site
    on = min((piece.on for piece in telling if piece.on), default=None)
    age = age_at(person, on)
    ordered = sorted(cluster, key=lambda piece: piece.key)
    triage, reason = triage_with_reason(
        [(piece.observation, piece.finding) for piece in ordered], person, on, age, doubts
    )
    levels = {level for piece in at_site for level in piece.finding.levels}
    return FoundFracture(
        person=person,
        person_id=person_id,
        on=on,
        age_at_fracture=age,
        site=site,
        side=one_side({piece.finding.side for piece in at_site}),
        levels=tuple(sorted(levels, key=_down_the_spine)),
        triage=triage,
        reason=reason,
        observations=tuple(dict.fromkeys(piece.observation for piece in ordered)),
    )


def _ahead(cluster: Cluster, today: date) -> list[str]:
    """Why a day cannot be right. It is looked at in each record: the fracture counts from the earliest."""
    days = sorted({piece.on for piece in cluster if piece.on is not None and piece.on > today})
    return [f"{IN_THE_FUTURE} ({day.isoformat()}): put the day right" for day in days]


def _flagged(flags: Iterable[Observation], cluster: Cluster) -> list[str]:
    """Diseases of bone recorded before the fracture, or while it was still being told of."""
    days = [piece.on for piece in cluster if piece.on]
    until = max(days) + timedelta(days=GAP_DAYS) if days else date.max
    return sorted({each.remark for each in flags if each.remark and (each.on is None or each.on <= until)})


def _identity_doubts(born: set[date]) -> list[str]:
    if len(born) < 2:
        return []
    return [f"birth dates differ: {', '.join(day.isoformat() for day in sorted(born))}"]


def _is_under(minimum_age: int, made: FoundFracture, born: set[date]) -> bool:
    """Whether every birth date that was told makes the person too young; one that is in doubt excludes nobody."""
    if made.age_at_fracture is None or made.on is None:
        return False
    ages = [age_at(replace(made.person, birth_date=day), made.on) for day in born]
    return all(age is not None and age < minimum_age for age in [made.age_at_fracture, *ages])


def _left_out(outside: Iterable[tuple[Piece, str]], found: Iterable[FoundFracture]) -> tuple[LeftOut, ...]:
    used = {observation for made in found for observation in made.observations}
    reasons: dict[Observation, dict[str, None]] = {}
    for piece, why in sorted(outside, key=lambda item: (item[0].key, item[1])):
        if piece.observation not in used:
            reasons.setdefault(piece.observation, {})[why] = None
    return tuple(LeftOut(observation, "; ".join(whys)) for observation, whys in reasons.items())


def _down_the_spine(level: str) -> tuple[int, int, str]:
    match = re.fullmatch(r"([CTLS])(\d{1,2})", level)
    return ("CTLS".index(match[1]), int(match[2]), level) if match else (9, 0, level)
