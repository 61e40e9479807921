"""Falls as routing of care: NICE NG249 (2025) and the World Falls Guidelines (2022). Never a prediction.

NG249 says not to use tools that predict a person's risk of falling; a questionnaire here only decides which
care is offered, and "low" means advice and exercise, never "no risk".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from openfls.investigation.conditions import AGE, FALLS, GAIT_SPEED, TIMED_UP_AND_GO
from openfls.investigation.counting import AnyMeasured
from openfls.investigation.guideline import Pack, Rule, Setting, Topic
from openfls.investigation.logic import Always, Flag, Named, Shown
from openfls.record.advice import Confidence

NG249_VERSION = "2025-04-29"
WFG_VERSION = "2022"
NO_SETTINGS: Mapping[str, Setting] = MappingProxyType({})
WFG_DEFAULTS: Mapping[str, Setting] = MappingProxyType({"slow_gait_m_s": 0.8, "slow_up_and_go_s": 15.0})

FALLEN = FALLS.at_least(1)
MARKER = Named(
    Flag("injured_by_fall")
    | FALLS.at_least(2)
    | Flag("frail")
    | Flag("unable_to_get_up")
    | Flag("lost_consciousness"),
    "injury, two or more falls, frailty, could not get up, or lost consciousness",
)
FACTOR_50_64 = Named(
    Flag("parkinsons") | Flag("dementia") | Flag("frail") | Flag("unsteady") | Flag("immobility") | FALLEN,
    "a condition that makes falls likely (Parkinson's, dementia, frailty, unsteadiness, immobility, a fall)",
)
COVERED = Named(
    AGE.at_least(65) | (AGE.at_least(50) & FACTOR_50_64),
    "65 or over, or 50 to 64 with a condition that makes falls likelier",
)


def build_ng249(settings: Mapping[str, Setting] = NO_SETTINGS) -> Pack:
    """NICE NG249."""
    comprehensive = Named(COVERED & FALLEN & MARKER, "a comprehensive falls assessment is offered (1.1.3)")
    rules = (
        Rule(
            "NG249-1.1.1",
            Topic.FALLS,
            "do not",
            Always(),
            ("no-falls-prediction-tool",),
            "Use no tool to predict this person's risk of falling.",
        ),
        Rule(
            "NG249-1.1.2",
            Topic.FALLS,
            "must do",
            COVERED,
            ("ask-about-falls",),
            "Ask about falls in the last year.",
            Confidence.SECOND_HAND,
        ),
        Rule(
            "NG249-1.1.3",
            Topic.FALLS,
            "offer",
            comprehensive.part,
            ("offer-falls-assessment",),
            "Offer a comprehensive falls assessment.",
            Confidence.SECOND_HAND,
            note="After a fracture from a fall nearly everybody of 65 or over qualifies (inferred).",
        ),
        Rule(
            "NG249-1.1.3-referral",
            Topic.FALLS,
            "offer",
            comprehensive & ~Shown(Flag("falls_service_now")),
            ("offer-falls-referral",),
            "Offer referral to the falls service, unless already under it.",
            Confidence.INFERRED,
        ),
        Rule(
            "NG249-1.1.7",
            Topic.FALLS,
            "must do",
            Flag("inpatient") | Flag("care_home"),
            ("look-for-falls-factors",),
            "In hospital or a care home: look for what makes falls likelier and act on it.",
            Confidence.SECOND_HAND,
            note="The wording was not read; compare with the original.",
        ),
        Rule(
            "NG249-1.2.2",
            Topic.FALLS,
            "must do",
            comprehensive,
            ("review-medicines-for-falls",),
            "Have the medicines reviewed as part of the assessment.",
            Confidence.SECOND_HAND,
        ),
    )
    return Pack(
        "NG249",
        NG249_VERSION,
        "NICE NG249 Falls: assessment and prevention",
        date(2025, 4, 29),
        "NICE NG249, 29 April 2025",
        rules,
        settings,
        "Partly read second-hand.",
    )


def build_wfg(settings: Mapping[str, Setting] = WFG_DEFAULTS) -> Pack:
    """The World Falls Guidelines."""
    slow = AnyMeasured(
        (
            GAIT_SPEED.at_most(float(settings["slow_gait_m_s"])),
            TIMED_UP_AND_GO.above(float(settings["slow_up_and_go_s"])),
        )
    )
    asked = Named(
        FALLEN | Flag("unsteady") | Flag("fear_of_falling"),
        "a fall in the last year, unsteady, or worried about falling",
    )
    high = Named(FALLEN & MARKER, "a fall with a marker of severity")
    rules = (
        Rule(
            "WFG-low",
            Topic.FALLS,
            "recommended",
            ~asked | (asked & ~high & ~slow),
            ("falls-advice-exercise",),
            "Advice on falls and exercise; ask again in a year. This is not a statement of no risk.",
            Confidence.RECALLED_HIGH,
        ),
        Rule(
            "WFG-intermediate",
            Topic.FALLS,
            "recommended",
            asked & ~high & slow,
            ("falls-physiotherapy",),
            "Physiotherapy for balance and strength; ask again in a year.",
            Confidence.RECALLED_HIGH,
        ),
        Rule(
            "WFG-high",
            Topic.FALLS,
            "recommended",
            high.part,
            ("falls-multifactorial",),
            "Multifactorial falls assessment, with a review after 30 to 90 days.",
            Confidence.RECALLED_HIGH,
            note="A fracture from a fall is an injury, so it counts here (inferred).",
        ),
    )
    return Pack(
        "WFG",
        WFG_VERSION,
        "World Falls Guidelines 2022",
        None,
        "World Falls Guidelines 2022, Age and Ageing 51:afac205",
        rules,
        settings,
        "Content recalled, not read; the day of publication is not recorded.",
    )
