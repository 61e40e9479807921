"""Facts about broken bones. A fracture counts once a person has judged it a fragility fracture; until somebody has
asked for every earlier one, a count may be too low and is in doubt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from openfls.intervention.calendar import add_months
from openfls.intervention.expression import Fact
from openfls.intervention.situation import Situation
from openfls.record.picture import PastFracture
from openfls.record.sites import MAJOR_OSTEOPOROTIC, Site

_Read = Callable[[Situation, Mapping[str, float]], Fact]
HISTORY = "fracture_history_taken"
SPINE = frozenset({Site.VERTEBRA})
TA791_SITES = frozenset({Site.VERTEBRA, Site.HIP, Site.FOREARM, Site.WRIST, Site.HUMERUS})
RECENT_MONTHS = 24


def _is_recent(fracture: PastFracture, today: date) -> bool | None:
    if fracture.on is None or fracture.on > today:
        return None
    return fracture.on >= add_months(today, -RECENT_MONTHS)


def count(
    situation: Situation, sites: frozenset[Site] | None, *, recent: bool = False, bones: bool = False
) -> Fact:
    """How many fragility fractures of ``sites`` (None: any); ``bones`` counts broken vertebrae."""
    sure = 0
    lacking: list[str] = []
    for fracture in situation.picture.fractures:
        if fracture.fragility is False:
            continue
        of_site = None if fracture.site is Site.UNSPECIFIED else sites is None or fracture.site in sites
        in_time = _is_recent(fracture, situation.today) if recent else True
        if sites is None:
            of_site = True
        if of_site is False or in_time is False:
            continue
        if of_site and in_time and fracture.fragility:
            sure += max(1, len(fracture.levels)) if bones else 1
        else:
            lacking.append("more about an earlier fracture")
    if not situation.picture.fracture_history_taken:
        lacking.append(HISTORY)
    return Fact(float(sure), str(sure), tuple(dict.fromkeys(lacking)), doubt=bool(lacking))


def _had(sites: frozenset[Site] | None, *, recent: bool = False) -> _Read:
    def read(situation: Situation, _: Mapping[str, float]) -> Fact:
        found = count(situation, sites, recent=recent)
        value = bool(found.value)
        return Fact(value, "yes" if value else "none known", found.missing, found.doubt)

    return read


def _count(sites: frozenset[Site] | None, *, bones: bool = False) -> _Read:
    return lambda situation, _: count(situation, sites, bones=bones)


def _age_at_index(situation: Situation, _: Mapping[str, float]) -> Fact:
    age = situation.age_at_index
    return Fact(None, "not known", ("date of birth",)) if age is None else Fact(float(age), str(age))


def _weeks_since_fracture(situation: Situation, _: Mapping[str, float]) -> Fact:
    if situation.index_on is None:
        return Fact(None, "not known", ("day of the fracture",))
    weeks = (situation.today - situation.index_on).days / 7
    return Fact(weeks, f"{weeks:.0f}")


def _femur_broken(situation: Situation, _: Mapping[str, float]) -> Fact:
    """The shaft or lower end; what is below the trochanter but coded as hip cannot be told apart here."""
    found = any(
        fracture.site is Site.FEMUR and fracture.on is not None and fracture.on == situation.index_on
        for fracture in situation.picture.fractures
    )
    return Fact(found, "yes" if found else "no")


BONES: Mapping[str, tuple[str, _Read]] = {
    "fragility_fracture": ("a fragility fracture", _had(None)),
    "fragility_fractures": ("number of fragility fractures", _count(None)),
    "hip_fracture": ("a hip fracture", _had(frozenset({Site.HIP}))),
    "vertebral_fracture": ("a vertebral fracture", _had(SPINE)),
    "vertebral_fractures": ("number of broken vertebrae", _count(SPINE, bones=True)),
    "recent_hip_fracture": ("a hip fracture in the last 24 months", _had(frozenset({Site.HIP}), recent=True)),
    "recent_vertebral_fracture": ("a vertebral fracture in the last 24 months", _had(SPINE, recent=True)),
    "recent_major_fracture": (
        "a major osteoporotic fracture in the last 24 months",
        _had(MAJOR_OSTEOPOROTIC, recent=True),
    ),
    "recent_ta791_fracture": (
        "a fracture of spine, hip, forearm or humerus in the last 24 months",
        _had(TA791_SITES, recent=True),
    ),
    "age_at_fracture": ("age at the fracture", _age_at_index),
    "weeks_since_fracture": ("weeks since the fracture", _weeks_since_fracture),
    "femur_shaft_fracture": ("this fracture is of the femur below the hip", _femur_broken),
}
