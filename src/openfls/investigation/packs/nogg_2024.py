"""NOGG 2024, Clinical guideline for the prevention and treatment of osteoporosis, as rules in our words.

Most of it was read second-hand, in a public tool that encodes the guideline; each rule carries its mark.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from openfls.investigation.conditions import (
    AGE,
    ALCOHOL_THREE_A_DAY,
    DXA_STANDS,
    FIFTY_OR_POSTMENOPAUSAL,
    GLUCOCORTICOID_MONTHS,
    GLUCOCORTICOIDS_NOW,
    HEIGHT_LOSS,
    WOMAN,
    SmokesNow,
    TScore,
    glucocorticoids,
)
from openfls.investigation.counting import AtLeast
from openfls.investigation.fractures import ANY_FRAGILITY, RECENT_MAJOR, RECENT_VERTEBRAL, TWO_VERTEBRAL
from openfls.investigation.frax import AboveIntervention, FraxClass, FraxWithBmd
from openfls.investigation.guideline import Pack, Rule, Setting, Topic
from openfls.investigation.logic import Condition, Flag, Named
from openfls.investigation.nogg import Between, RiskClass
from openfls.record.advice import Confidence
from openfls.record.errors import BadInput

VERSION = "2024"
DEFAULTS: Mapping[str, Setting] = MappingProxyType(
    {
        "between_ages": Between.BAND.value,
        "treat_t_score": -2.5,
        "very_high_t_score": -3.5,
        "several_factors": 2.0,
    }
)
SECTION_4 = "NOGG 2024, section 4"
SECTION_7 = "NOGG 2024, section 7"


FACTORS: tuple[Condition, ...] = (
    Flag("parent_hip_fracture"),
    SmokesNow(),
    ALCOHOL_THREE_A_DAY,
    GLUCOCORTICOIDS_NOW,
    Flag("rheumatoid_arthritis"),
    Flag("type_1_diabetes"),
    Flag("hyperthyroidism"),
    Flag("early_menopause"),
    Flag("malabsorption"),
    Flag("chronic_liver_disease"),
)
ANY_FACTOR = Named(AtLeast(1, FACTORS), "a clinical risk factor that FRAX asks for")


def _classes(between: Between) -> tuple[Rule, ...]:
    low = FraxClass(between, (RiskClass.LOW,))
    intermediate = FraxClass(between, (RiskClass.INTERMEDIATE,))
    high = FraxClass(between, (RiskClass.HIGH, RiskClass.VERY_HIGH))
    above = AboveIntervention(between)
    second = Confidence.SECOND_HAND
    return (
        Rule(
            "NOGG-4-low",
            Topic.FOLLOW_UP,
            "strong",
            low & ~ANY_FRAGILITY,
            ("reassure-lifestyle",),
            "Low risk and no fragility fracture: reassure, advise on lifestyle, reassess when things change.",
            second,
            SECTION_4,
        ),
        Rule(
            "NOGG-4-intermediate",
            Topic.DXA,
            "strong",
            intermediate & ~FraxWithBmd(),
            ("offer-dxa",),
            "Intermediate risk: measure bone density, then calculate FRAX again with it.",
            second,
            SECTION_4,
        ),
        Rule(
            "NOGG-4-after-bmd",
            Topic.TREAT,
            "strong",
            intermediate & FraxWithBmd() & above,
            ("consider-treatment",),
            "With bone density the risk reaches the intervention threshold: consider drug treatment.",
            second,
            SECTION_4,
        ),
        Rule(
            "NOGG-4-high",
            Topic.TREAT,
            "strong",
            high,
            ("consider-treatment",),
            "High or very high risk: consider drug treatment.",
            second,
            SECTION_4,
        ),
        Rule(
            "NOGG-4-high-baseline",
            Topic.DXA,
            "strong",
            high & DXA_STANDS,
            ("baseline-dxa",),
            "High or very high risk: measure bone density where a baseline is needed.",
            second,
            SECTION_4,
        ),
        Rule(
            "NOGG-4-no-bmd",
            Topic.TREAT,
            "strong",
            ~Flag("dxa_possible") & (ANY_FRAGILITY | above),
            ("consider-treatment",),
            "Bone density cannot be measured, and there is a fragility fracture or a risk at the "
            "intervention threshold: consider drug treatment.",
            second,
            SECTION_4,
        ),
        Rule(
            "NOGG-vh-frax",
            Topic.SPECIALIST,
            "strong",
            FraxClass(between, (RiskClass.VERY_HIGH,)),
            ("very-high-risk", "consider-specialist"),
            "Very high risk by FRAX: consider referral to a specialist, an anabolic drug may come first.",
            second,
            SECTION_4,
        ),
    )


def _very_high(settings: Mapping[str, Setting]) -> tuple[Rule, ...]:
    several = int(settings["several_factors"])
    criteria: tuple[tuple[str, Condition, str, Confidence], ...] = (
        (
            "vertebral-recent",
            RECENT_VERTEBRAL,
            "a vertebral fracture in the last 2 years",
            Confidence.SECOND_HAND,
        ),
        ("two-vertebral", TWO_VERTEBRAL, "two or more vertebral fractures", Confidence.SECOND_HAND),
        (
            "t-score",
            TScore(float(settings["very_high_t_score"])),
            "a T-score at or below the very-high line",
            Confidence.SECOND_HAND,
        ),
        (
            "steroids",
            glucocorticoids(7.5, 3),
            "prednisolone 7.5 mg a day or more for 3 months or more; urgent",
            Confidence.SECOND_HAND,
        ),
        (
            "several",
            RECENT_MAJOR & AtLeast(several, FACTORS),
            f"a recent fracture with several risk factors (counted here as {several} or more)",
            Confidence.INFERRED,
        ),
    )
    return tuple(
        Rule(
            f"NOGG-vh-{name}",
            Topic.SPECIALIST,
            "strong",
            FIFTY_OR_POSTMENOPAUSAL & when,
            ("very-high-risk", "consider-specialist"),
            f"Very high risk: {why}. Consider referral to a specialist.",
            confidence,
            SECTION_4,
            "The guideline gives no number; it is a setting." if name == "several" else "",
        )
        for name, when, why, confidence in criteria
    )


def _others(settings: Mapping[str, Setting], between: Between) -> tuple[Rule, ...]:
    oral = GLUCOCORTICOIDS_NOW
    start_now = (
        ANY_FRAGILITY | (WOMAN & AGE.at_least(70)) | glucocorticoids(7.5, 3) | AboveIntervention(between)
    )
    factors = AtLeast(1, _AI_FACTORS)
    inhibitor = TScore(-2.0, strictly=True) | (TScore(-1.5, strictly=True) & factors)
    spine = HEIGHT_LOSS.at_least(4) | Flag("vertebral_symptoms") | TScore(-2.5)
    return (
        Rule(
            "NOGG-4-frax-first",
            Topic.TOOL,
            "strong",
            FIFTY_OR_POSTMENOPAUSAL & (ANY_FRAGILITY | ANY_FACTOR),
            ("score-frax",),
            "Record a FRAX result first (calculated on its own site, never here).",
            Confidence.RECALLED_HIGH,
            SECTION_4,
        ),
        Rule(
            "NOGG-4-fracture",
            Topic.TREAT,
            "strong",
            FIFTY_OR_POSTMENOPAUSAL & ANY_FRAGILITY,
            ("consider-treatment",),
            "Consider drug treatment after a fragility fracture, above all a recent one and in older people.",
            Confidence.SECOND_HAND,
            SECTION_4,
        ),
        Rule(
            "NOGG-4-t-score",
            Topic.TREAT,
            "not graded here",
            FIFTY_OR_POSTMENOPAUSAL & TScore(float(settings["treat_t_score"])),
            ("consider-treatment",),
            "Consider drug treatment: the T-score is in the range of osteoporosis.",
            Confidence.SECOND_HAND,
            "NOGG 2024 as a public tool reads it",
        ),
        Rule(
            "NOGG-7-start-now",
            Topic.TREAT,
            "strong",
            FIFTY_OR_POSTMENOPAUSAL & oral & start_now,
            ("start-bone-protection-now",),
            "On glucocorticoids at high risk: start bone protection at once, without waiting for a DXA scan.",
            Confidence.CHECKED,
            SECTION_7,
        ),
        Rule(
            "NOGG-ai-dxa",
            Topic.TREAT,
            "position statement",
            Flag("aromatase_inhibitor") & inhibitor,
            ("consider-treatment",),
            "On an aromatase inhibitor with low bone density: consider drug treatment.",
            Confidence.SECOND_HAND,
            "IOF 2017 on aromatase inhibitors, as a public tool cites it",
            "Which risk factors count is (recalled, medium).",
        ),
        Rule(
            "NOGG-ai-factors",
            Topic.TREAT,
            "position statement",
            Flag("aromatase_inhibitor") & AtLeast(2, _AI_FACTORS),
            ("consider-treatment",),
            "On an aromatase inhibitor with two risk factors: consider drug treatment, even without a DXA.",
            Confidence.SECOND_HAND,
            "IOF 2017 on aromatase inhibitors, as a public tool cites it",
            "Which risk factors count is (recalled, medium).",
        ),
        Rule(
            "NOGG-vfa",
            Topic.VFA,
            "not graded here",
            FIFTY_OR_POSTMENOPAUSAL & (spine | glucocorticoids(0, 3)),
            ("consider-vfa",),
            "Consider vertebral fracture assessment: height loss, kyphosis or back pain, low bone density, "
            "or glucocorticoids.",
            Confidence.RECALLED_HIGH,
            "NOGG 2024",
        ),
    )


_AI_FACTORS: tuple[Condition, ...] = (
    AGE.above(65),
    SmokesNow(),
    Flag("parent_hip_fracture"),
    ANY_FRAGILITY,
    GLUCOCORTICOIDS_NOW & GLUCOCORTICOID_MONTHS.above(6),
)


def build(settings: Mapping[str, Setting] = DEFAULTS) -> Pack:
    """The pack with a service's settings; ``between_ages`` is ``band`` or ``linear``, otherwise BadInput."""
    chosen = str(settings["between_ages"])
    if chosen not in [*Between]:
        raise BadInput(f"{chosen!r} is none of {', '.join(Between)}", where="NOGG", field="between_ages")
    between = Between(chosen)
    return Pack(
        id="NOGG",
        version=VERSION,
        title="NOGG 2024 Prevention and treatment of osteoporosis",
        published=None,
        source="NOGG 2024",
        rules=(*_others(settings, between), *_classes(between), *_very_high(settings)),
        settings=settings,
        note="Thresholds and most rules were read second-hand; the day of publication is not recorded.",
    )
