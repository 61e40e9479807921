"""NICE NG259, sections 1.7 to 1.10: treatment, and what follows where there is none."""

from __future__ import annotations

from collections.abc import Mapping

from openfls.investigation.conditions import (
    FIFTY_OR_POSTMENOPAUSAL,
    MAJOR_RISK,
    UNDER_FIFTY_NOT_POSTMENOPAUSAL,
    DxaWithin,
    OnBoneDrug,
    TScore,
    glucocorticoids,
)
from openfls.investigation.fractures import (
    ANY_FRAGILITY,
    ANY_MAJOR,
    HIP_OR_VERTEBRAL,
)
from openfls.investigation.guideline import Rule, Setting, Topic
from openfls.investigation.logic import Flag, Named, Shown
from openfls.investigation.packs.ng259.shared import (
    ACCELERATED_LOSS,
    DXA_OFFERED,
    STEROIDS,
)


def treat(settings: Mapping[str, Setting]) -> tuple[Rule, ...]:
    low, lowish = float(settings["treat_t_score"]), float(settings["treat_t_score_with_factor"])
    without_scan = HIP_OR_VERTEBRAL | (~Flag("adrenal_replacement_only") & glucocorticoids(15, 3))
    by_scan = TScore(low) | (TScore(lowish) & (ANY_FRAGILITY | STEROIDS | ACCELERATED_LOSS))
    criteria = Named(
        FIFTY_OR_POSTMENOPAUSAL & (without_scan | by_scan), "drug treatment is considered (1.7.3)"
    )
    threshold = float(settings["consider_dxa_major_pct"])
    dxa_gate = Named(
        DXA_OFFERED | MAJOR_RISK.at_least(threshold), "DXA is offered or considered (1.4.1, 1.4.2)"
    )
    instead = Named(
        dxa_gate & (~Flag("dxa_possible") | ~Flag("dxa_needed")),
        "DXA would be due but cannot be done or adds nothing",
    )
    return (
        Rule(
            "NG259-1.7.1",
            Topic.TREAT,
            "must do",
            criteria | instead,
            ("shared-decision",),
            "Decide about drug treatment together with the person, from the 10-year risk, bone density if "
            "measured, number, time and sites of fractures, and other risk factors.",
        ),
        Rule(
            "NG259-1.7.3",
            Topic.TREAT,
            "consider",
            criteria.part,
            ("consider-treatment",),
            "Consider drug treatment.",
        ),
        Rule(
            "NG259-1.7.4",
            Topic.TREAT,
            "must do",
            instead.part,
            ("treatment-without-dxa",),
            "Decide together about drug treatment without a DXA scan.",
        ),
        Rule(
            "NG259-1.7.5",
            Topic.SPECIALIST,
            "must do",
            (UNDER_FIFTY_NOT_POSTMENOPAUSAL & (ANY_MAJOR | Flag("bmd_falling"))) | Flag("rare_bone_disease"),
            ("specialist",),
            "Seek specialist advice on treatment.",
        ),
        Rule(
            "NG259-1.8.1",
            Topic.FOLLOW_UP,
            "must do",
            Flag("treatment_declined"),
            ("return-route",),
            "Say when and how to come back, and to contact the GP if mind or circumstances change.",
        ),
        Rule(
            "NG259-1.9.1",
            Topic.FOLLOW_UP,
            "consider",
            MAJOR_RISK.below(threshold)
            & ~DXA_OFFERED
            & ~(FIFTY_OR_POSTMENOPAUSAL & without_scan)
            & ~Shown(criteria)
            & ~OnBoneDrug(),
            ("reassess-on-change-or-5-years",),
            "Reassess when circumstances change, otherwise in 5 years, with the same tool.",
            note="Our reading: silent on treatment and where a fracture rule or treatment criterion holds.",
        ),
        Rule(
            "NG259-1.9.2",
            Topic.FOLLOW_UP,
            "consider",
            (MAJOR_RISK.at_least(threshold) | DxaWithin(None)) & ~criteria & ~OnBoneDrug(),
            ("repeat-dxa-2-to-5-years",),
            "Repeat the DXA scan in 2 to 3 years where close to the criteria, or when circumstances change "
            "(if the last is 2 years old), otherwise in 5 years.",
        ),
        Rule(
            "NG259-1.10.1",
            Topic.FOLLOW_UP,
            "do not routinely",
            DxaWithin(24),
            ("no-repeat-dxa-within-2-years",),
            "No routine repeat of the DXA scan within 2 years.",
        ),
    )
