"""What the fictional clinicians agree on: cautious people, who leave the hard cases to a specialist.

No rule of this module advises anybody; its limits only keep the fiction from showing a plan that a reader
would object to.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from openfls.fiction.answers import ALENDRONATE, lowest_t
from openfls.fiction.tables import by_age, percent, table, weighted
from openfls.fiction.values import PlanKind
from openfls.record.people import Sex
from openfls.record.picture import BoneDensity
from openfls.record.sites import Site

RISEDRONATE, ZOLEDRONATE, DENOSUMAB = "risedronate", "zoledronate", "denosumab"
PARENTERAL = frozenset({ZOLEDRONATE, DENOSUMAB})
_AT_HIP = {ZOLEDRONATE: 48, ALENDRONATE: 34, RISEDRONATE: 8, DENOSUMAB: 10}
_ELSEWHERE = {ALENDRONATE: 62, RISEDRONATE: 14, ZOLEDRONATE: 18, DENOSUMAB: 6}
_LOWEST_CREATININE_CLEARANCE = {ALENDRONATE: 35, ZOLEDRONATE: 35, RISEDRONATE: 30, DENOSUMAB: 30}
_LOW_CALCIUM, _ENOUGH_VITAMIN_D, _LOW_T = 2.2, 50, -1.5


def agree(
    chance: Random, *, site: Site, age: int, sex: Sex, heard: Mapping[str, Any], scan: BoneDensity | None
) -> tuple[PlanKind, str | None]:
    """What is agreed, and the drug where there is one."""
    rules = table("courses")["plan"]
    if not percent(chance, _indicated(site, age, scan)):
        return PlanKind.NOT_INDICATED, None
    if percent(chance, rules["declined"]):
        return PlanKind.DECLINED, None
    clearance = creatinine_clearance(heard, age, sex)
    if clearance is None or percent(chance, rules["referred_to_gp"]):
        return PlanKind.REFERRED_TO_GP, None
    options = _options(_AT_HIP if site is Site.HIP else _ELSEWHERE, heard, clearance)
    if not options:
        return PlanKind.SPECIALIST, None
    return PlanKind.DRUG, weighted(chance, options)


def creatinine_clearance(heard: Mapping[str, Any], age: int, sex: Sex) -> float | None:
    """Cockcroft-Gault in mL/min; None where weight or creatinine is not known."""
    weight, creatinine = heard.get("weight_kg"), heard.get("creatinine_umol_l")
    if weight is None or creatinine is None:
        return None
    return float((140 - age) * weight * (1.04 if sex is Sex.FEMALE else 1.23) / creatinine)


def _indicated(site: Site, age: int, scan: BoneDensity | None) -> float:
    rules = table("courses")["plan"]
    if site in (Site.HIP, Site.VERTEBRA):
        return float(rules["hip_or_spine"])
    if scan is not None:
        return float(rules["low_t_score"] if lowest_t(scan) <= _LOW_T else rules["better_t_score"])
    return by_age(rules["unscanned"], age)


def _options(usual: Mapping[str, int], heard: Mapping[str, Any], clearance: float) -> dict[str, int]:
    if heard.get("adjusted_calcium_mmol_l", 0) < _LOW_CALCIUM:
        return {}
    no_tablets = heard.get("oesophageal_disease") is not False
    no_needles = heard.get("vitamin_d_nmol_l", 0) < _ENOUGH_VITAMIN_D
    return {
        drug: weight
        for drug, weight in usual.items()
        if clearance >= _LOWEST_CREATININE_CLEARANCE[drug]
        and not (no_needles if drug in PARENTERAL else no_tablets)
    }
