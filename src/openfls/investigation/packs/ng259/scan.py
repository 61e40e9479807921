"""NICE NG259, sections 1.4 and 1.5: DXA and vertebral fracture assessment."""

from __future__ import annotations

from collections.abc import Mapping

from openfls.investigation.conditions import (
    AGE,
    DXA_STANDS,
    HEIGHT_LOSS,
    LOWEST_Z,
    MAJOR_RISK,
    MAN,
    WOMAN,
)
from openfls.investigation.fractures import (
    ANY_MAJOR,
)
from openfls.investigation.guideline import Rule, Setting, Topic
from openfls.investigation.logic import Flag, Named, Shown
from openfls.investigation.packs.ng259.shared import (
    DXA_OFFERED,
    STEROIDS,
)


def dxa(settings: Mapping[str, Setting]) -> tuple[Rule, ...]:
    high_risk = MAJOR_RISK.at_least(float(settings["consider_dxa_major_pct"]))
    start = Flag("starting_bone_drug")
    delayed = Flag("dxa_delayed") & start
    return (
        Rule(
            "NG259-1.4.1",
            Topic.DXA,
            "offer",
            DXA_OFFERED.part,
            ("offer-dxa",),
            "Offer a DXA scan, whatever the risk score says and also without one.",
            note="A low score never withdraws this offer. Exception: rule 1.7.4.",
        ),
        Rule(
            "NG259-1.4.2",
            Topic.DXA,
            "consider",
            high_risk,
            ("consider-dxa",),
            "Consider a DXA scan: the 10-year risk reaches the threshold.",
        ),
        Rule(
            "NG259-1.4.3",
            Topic.SPECIALIST,
            "must do",
            Flag("hyperparathyroidism"),
            ("specialist",),
            "Seek specialist advice: primary hyperparathyroidism is known or suspected.",
        ),
        Rule(
            "NG259-1.4.4",
            Topic.DXA,
            "must do",
            start & DXA_STANDS,
            ("baseline-dxa",),
            "Have a baseline DXA scan when a drug is started.",
        ),
        Rule(
            "NG259-1.4.5-fast-track",
            Topic.DXA,
            "consider",
            delayed & Flag("anabolic_likely"),
            ("fast-track-dxa",),
            "Consider a fast-track DXA scan within 6 weeks: an anabolic drug is likely.",
            note="The committee advises against an antiresorptive first and an anabolic after it.",
        ),
        Rule(
            "NG259-1.4.5-start",
            Topic.TREAT,
            "consider",
            delayed & ~Flag("anabolic_likely"),
            ("start-antiresorptive-before-dxa",),
            "Consider starting an antiresorptive without waiting for the DXA scan.",
        ),
    )


def vfa(settings: Mapping[str, Setting]) -> tuple[Rule, ...]:
    scan = Named(
        Flag("dxa_planned") | Shown(DXA_OFFERED) | Shown(Flag("starting_bone_drug")),
        "a DXA scan is planned or offered",
    )
    women, men = float(settings["vfa_age_women"]), float(settings["vfa_age_men"])
    older = (MAN & AGE.at_least(men)) | (WOMAN & AGE.at_least(women))
    younger = (MAN & AGE.below(men)) | (WOMAN & AGE.below(women))
    useless = Named(
        (Flag("spinal_imaging_last_3_months") & ~Flag("vertebral_symptoms"))
        | Flag("scoliosis")
        | Flag("above_scanner_limit"),
        "a reason against it (1.5.3)",
    )
    signs = ANY_MAJOR | Flag("vertebral_symptoms") | HEIGHT_LOSS.above(4) | STEROIDS | LOWEST_Z.below(-2)
    return (
        Rule(
            "NG259-1.5.1",
            Topic.VFA,
            "consider",
            scan & older & ~Shown(useless),
            ("consider-vfa",),
            "Consider vertebral fracture assessment at the same visit as the DXA scan.",
        ),
        Rule(
            "NG259-1.5.2",
            Topic.VFA,
            "consider",
            scan & younger & signs & ~Shown(useless),
            ("consider-vfa",),
            "Consider vertebral fracture assessment at the same visit, although below the age for all.",
        ),
        Rule(
            "NG259-1.5.3",
            Topic.VFA,
            "do not",
            useless.part,
            ("no-vfa",),
            "Leave out vertebral fracture assessment: recent spinal imaging, no symptoms, or not readable.",
        ),
        Rule(
            "NG259-1.5.4",
            Topic.VFA,
            "do not routinely",
            Flag("vfa_positive"),
            ("no-further-spinal-imaging",),
            "No further spinal imaging by routine after a positive assessment, unless in doubt or another "
            "diagnosis is feared.",
        ),
    )
