"""Which blood tests, by person and fracture, in tiers (NOGG 2024, table 3, as a public tool cites it)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from openfls.investigation.conditions import AGE, MAN, OnBoneDrug, TScore
from openfls.investigation.fractures import ANY_FRAGILITY, RECENT_FRAGILITY, HadFractures
from openfls.investigation.guideline import Pack, Rule, Setting, Topic
from openfls.investigation.logic import Always, Flag
from openfls.record.advice import Confidence
from openfls.record.sites import Site

VERSION = "2024"
DEFAULTS: Mapping[str, Setting] = MappingProxyType({"unexplained_below_age": 65.0, "severe_t_score": -3.0})


def _had(*sites: Site, name: str) -> HadFractures:
    return HadFractures(1, frozenset(sites), None, name)


HIP = _had(Site.HIP, name="a hip fragility fracture")
SPINE = _had(Site.VERTEBRA, name="a vertebral fragility fracture")
WRIST_OR_HUMERUS = _had(Site.WRIST, Site.HUMERUS, name="a wrist or humerus fragility fracture")
PELVIS = _had(Site.PELVIS, Site.SACRUM, name="a fragility fracture of pelvis or sacrum")


def build(settings: Mapping[str, Setting] = DEFAULTS) -> Pack:
    """The pack with a service's settings: the age below which a cause is looked for, and a severe T-score."""
    young = AGE.below(float(settings["unexplained_below_age"]))
    second, recalled = Confidence.SECOND_HAND, Confidence.RECALLED_HIGH
    rows = (
        (
            "tier-1",
            Always(),
            ("calcium", "creatinine", "vitamin-d"),
            "Before any drug: adjusted calcium, creatinine (for the creatinine clearance) and 25-hydroxyvitamin D, "
            "which must be known before an infusion or injection.",
            second,
        ),
        (
            "tier-2",
            Always(),
            ("full-blood-count", "esr-or-crp", "alp", "phosphate", "liver-function", "albumin", "tsh"),
            "For everybody: full blood count, ESR or CRP, ALP, phosphate, liver function, albumin, TSH.",
            second,
        ),
        (
            "hip-inpatient",
            HIP,
            ("bloods-as-inpatient",),
            "After a hip fracture take tiers 1 and 2 before discharge, so that zoledronate can be considered.",
            second,
        ),
        (
            "vertebral-myeloma",
            SPINE,
            ("protein-electrophoresis", "light-chains-or-bence-jones"),
            "After a vertebral fracture without other cause: serum protein electrophoresis and light chains or Bence "
            "Jones protein; ask for spinal red flags.",
            second,
        ),
        (
            "young-wrist-humerus",
            WRIST_OR_HUMERUS & young,
            ("coeliac-antibodies", "tsh"),
            "A wrist or humerus fracture at this age without a cause: look for coeliac and thyroid disease.",
            second,
        ),
        (
            "pelvis-pain",
            PELVIS,
            ("alp", "imaging-if-pain-persists"),
            "After a fracture of pelvis or sacrum: ALP, and bone scan or MRI if the pain persists.",
            second,
        ),
        (
            "men-testosterone",
            MAN & ((ANY_FRAGILITY & young) | TScore(float(settings["severe_t_score"]))),
            ("morning-testosterone",),
            "A man with a fracture at this age or a severe T-score: morning testosterone, with LH, FSH and SHBG.",
            recalled,
        ),
        (
            "early-menopause",
            Flag("early_menopause"),
            ("lh-fsh",),
            "Early menopause: LH and FSH.",
            recalled,
        ),
        (
            "malabsorption",
            Flag("malabsorption"),
            ("coeliac-antibodies",),
            "Malabsorption: coeliac antibodies (tTG).",
            recalled,
        ),
        (
            "on-treatment",
            OnBoneDrug() & RECENT_FRAGILITY,
            ("vitamin-d", "pth", "coeliac-antibodies", "bone-turnover-markers", "ask-about-adherence"),
            "A fracture on treatment: ask how the drug is taken; vitamin D, PTH, coeliac antibodies, P1NP or CTX.",
            second,
        ),
    )
    return Pack(
        "BLOODS",
        VERSION,
        "Blood tests in fracture liaison (NOGG 2024)",
        None,
        "NOGG 2024, table 3",
        tuple(
            Rule(f"BLOODS-{name}", Topic.BLOODS, "not graded here", when, actions, text, confidence)
            for name, when, actions, text, confidence in rows
        ),
        settings,
        "Read second-hand. PTH for an abnormal calcium or ALP, and rarer tests, are left to the clinician.",
    )
