"""NICE NG259, sections 1.1 and 1.3: who is assessed, and with which tool."""

from __future__ import annotations

from openfls.investigation.conditions import (
    AGE,
    FALLS,
    FIFTY_OR_POSTMENOPAUSAL,
    MAN,
    POSTMENOPAUSAL,
    UNDER_FIFTY_NOT_POSTMENOPAUSAL,
    WOMAN,
)
from openfls.investigation.fractures import (
    ANY_FRAGILITY,
    HIP_OR_VERTEBRAL,
    TWO_MAJOR,
)
from openfls.investigation.guideline import Rule, Topic
from openfls.investigation.logic import Always, Flag
from openfls.investigation.packs.ng259.shared import (
    RELATIVE_HIP,
    STEROIDS,
    TABLE_1,
)


def assess() -> tuple[Rule, ...]:
    older = (MAN & AGE.at_least(75)) | (WOMAN & AGE.at_least(65))
    younger = (AGE.at_least(50) & AGE.below(75)) | (WOMAN & POSTMENOPAUSAL & AGE.below(65))
    return (
        Rule(
            "NG259-1.1.1",
            Topic.ASSESS,
            "must do",
            FIFTY_OR_POSTMENOPAUSAL & (ANY_FRAGILITY | STEROIDS),
            ("assess",),
            "Assess the risk of fragility fracture.",
        ),
        Rule(
            "NG259-1.1.2",
            Topic.ASSESS,
            "consider",
            older | (younger & (FALLS.at_least(2) | RELATIVE_HIP | TABLE_1)),
            ("consider-assess",),
            "Consider assessing the risk of fragility fracture.",
            note="A relative's hip fracture weighs more where it happened before the age of 80.",
        ),
        Rule(
            "NG259-1.1.3",
            Topic.ASSESS,
            "must do",
            UNDER_FIFTY_NOT_POSTMENOPAUSAL & (HIP_OR_VERTEBRAL | TWO_MAJOR),
            ("assess",),
            "Assess the risk of fragility fracture although the person is under 50.",
        ),
        Rule(
            "NG259-1.1.4",
            Topic.ASSESS,
            "consider",
            UNDER_FIFTY_NOT_POSTMENOPAUSAL
            & (ANY_FRAGILITY | STEROIDS | (Flag("early_menopause") & ~Flag("hrt"))),
            ("consider-assess",),
            "Consider assessing the risk of fragility fracture although the person is under 50.",
        ),
    )


def tool() -> tuple[Rule, ...]:
    return (
        Rule(
            "NG259-1.3.1",
            Topic.TOOL,
            "must do",
            AGE.at_least(40),
            ("score-frax-or-qfracture",),
            "With the full clinical assessment, record a 10-year risk: FRAX or QFracture.",
        ),
        Rule(
            "NG259-1.3.1-young",
            Topic.TOOL,
            "must do",
            AGE.at_least(30) & AGE.below(40),
            ("score-qfracture",),
            "With the full clinical assessment, record a 10-year risk: QFracture (FRAX begins at 40).",
        ),
        Rule(
            "NG259-1.3.2",
            Topic.TOOL,
            "be aware",
            AGE.above(90),
            ("tool-limits",),
            "Over 90, FRAX calculates as for 90, and QFracture looks ahead only to the age of 100.",
        ),
        Rule(
            "NG259-1.3.3",
            Topic.TOOL,
            "must do",
            Always(),
            ("same-tool",),
            "Stay with the same risk tool throughout the person's care.",
        ),
        Rule(
            "NG259-1.3.4",
            Topic.TOOL,
            "must do",
            Flag("hrt"),
            ("hrt-lowers-risk",),
            "Take into account that systemic HRT lowers the risk of fracture.",
        ),
        Rule(
            "NG259-1.3.5",
            Topic.SPECIALIST,
            "must do",
            AGE.below(30) | Flag("rare_bone_disease"),
            ("specialist",),
            "Seek specialist advice: under 30, or a rare osteoporosis or bone disease.",
        ),
    )
