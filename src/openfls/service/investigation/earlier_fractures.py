"""What the record itself knows of fractures before this one, beside what was answered about them.

A fracture on record that a person has judged fills the question in; one that nobody has judged is offered. A no that
the record contradicts is a conflict until somebody, shown both, chooses. A yes that the record explains is the same
fracture, never a further one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time

from django.utils import timezone

from openfls.record.people import age_on
from openfls.record.picture import PastFracture
from openfls.record.sites import Site
from openfls.service import rows
from openfls.service.claims import EARLIER, RECORD, Claim, Known
from openfls.service.models import Episode, Fracture

ASKED: Mapping[str, Site | None] = {
    "previous_fracture": None,
    "previous_hip_fracture": Site.HIP,
    "previous_vertebral_fracture": Site.VERTEBRA,
}
"""The questions, and the bone of which each asks; None is any."""
FROM_AGE = 50
"""The questions ask of fractures after this birthday."""
KEY = "record"
_LONGEST = 120
_THE_RECORD = "the record of fractures"


def recorded(episode: Episode, before: date | None = None) -> list[Fracture]:
    """The fractures on record that the questions ask of, the oldest first: before this one, or before another day.

    Without a date of birth nobody can say whether one was after the age of 50: then there are none.
    """
    born, before = episode.person.birth_date, before or episode.index_date
    if born is None:
        return []
    return [
        row
        for row in rows.fractures_of(episode)
        if row.episode_id != episode.pk and row.on < before and age_on(born, row.on) >= FROM_AGE
    ]


def fill_in(found: dict[str, Known], episode: Episode, emptied: Iterable[str] = ()) -> None:
    """Lay what the record says beside what is ``found``; a field of ``emptied`` stays empty."""
    there = recorded(episode)
    for field, site in ASKED.items():
        fractures = _of(there, site)
        if fractures:
            found[field] = _beside(found.get(field, Known(field)), fractures, field in emptied)
        elif field in found:
            found[field] = _no_longer(found[field])


def _no_longer(known: Known) -> Known:
    """A yes that was taken over from the record does not outlive it: what was found to be none is asked about anew."""
    stands = known.counts
    if stands is None or not taken_over(stands.source):
        return known
    return replace(known, counts=None, beside=(*known.beside, stands))


def _beside(known: Known, fractures: list[Fracture], emptied: bool) -> Known:
    claim = _claim(fractures)
    stands = known.counts
    if stands is None:
        if known.rivals:
            return replace(known, rivals=(*known.rivals, claim))
        if emptied:
            return replace(known, beside=(*known.beside, claim))
        judged = any(row.fragility for row in fractures)
        return replace(known, counts=claim) if judged else replace(known, offered=claim)
    if stands.value is not False:
        return known
    if stands.source.endswith(_although(claim)):
        return replace(known, beside=(*known.beside, claim))
    return replace(known, counts=None, rivals=(stands, claim))


def _claim(fractures: list[Fracture]) -> Claim:
    newest = fractures[-1]
    at = timezone.make_aware(datetime.combine(newest.on, time()))
    words = "; ".join(f"{row.words}, {row.on.day} {row.on:%B %Y}" for row in reversed(fractures))
    if len(words) > _LONGEST:
        # How many there are tells of one more, also where its name does not fit.
        words = f"{words[: _LONGEST - 12]}… ({len(fractures)} in all)"
    judged = "" if any(row.fragility for row in fractures) else ", not judged yet"
    return Claim(RECORD, True, newest.on, at, f"{_THE_RECORD} ({words}{judged})", KEY)


def record_of(known: Known) -> Claim | None:
    """What the record says of a field, whether it counts or not."""
    claims = (known.counts, *known.rivals, *known.beside, known.offered)
    return next((claim for claim in claims if claim is not None and claim.kind == RECORD), None)


def taken_over(source: str) -> bool:
    """Whether an answer of this source repeats what the record said on its day."""
    return source.startswith(_THE_RECORD)


def against(source: str, claim: Claim) -> str:
    """The source of a no that somebody chose with ``claim`` of the record before her eyes.

    It names what was seen: a fracture that is found later raises the question again.
    """
    return f"{source[:20]}{_although(claim)}"


def _although(claim: Claim) -> str:
    return f", although yes in {claim.source}"


def beyond_record(episode: Episode, known: Mapping[str, Known]) -> list[PastFracture]:
    """The fractures that were told and that the record does not hold.

    A yes is explained by a fracture that somebody has judged; one that nobody has judged does not take the word of the
    person away. A yes of an earlier assessment spoke of fractures before that one.
    """
    told: list[PastFracture] = []
    for field in ("previous_hip_fracture", "previous_vertebral_fracture", "previous_fracture"):
        claim = known[field].counts if field in known else None
        if claim is None or claim.value is not True or claim.kind == RECORD:
            continue
        site = ASKED[field]
        if any(row.fragility for row in _of(recorded(episode, _spoke_before(episode, claim)), site)):
            continue
        if site is not None or not told:
            told.append(PastFracture(site=site or Site.UNSPECIFIED, fragility=True))
    return told


def _spoke_before(episode: Episode, claim: Claim) -> date:
    """The day of the fracture before which an answer means: that of the assessment in which it was given."""
    if claim.kind == EARLIER:
        for row in rows.answers_elsewhere(episode):
            if claim.key == f"answer-{row.pk}":
                day: date = row.assessment.episode.index_date
                return day
    return episode.index_date


def _of(fractures: Iterable[Fracture], site: Site | None) -> list[Fracture]:
    return [row for row in fractures if site is None or row.site == site]
