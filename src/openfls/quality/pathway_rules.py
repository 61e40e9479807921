"""The way of a person as a chain of steps: each is asked only of those who made the step before it.

So the numerator of a step is the denominator of the next, and where a chain loses people is the *not met* of a step.
The steps are shared with the audit's rules; the chain is ours.
"""

from __future__ import annotations

import ibis

from openfls.quality.branches import Branch, Rule
from openfls.quality.packs import Measure
from openfls.quality.rules import (
    MET,
    NOT_ELIGIBLE,
    NOT_MET,
    UNKNOWN,
    Settings,
    closed,
    outside,
    rule,
    still_open,
)
from openfls.quality.states import Expression

_NOT_TAKEN = ("Informed decline", "No longer appropriate", "Not started", "Refer for clinical opinion")


def _assessed(r: ibis.Table) -> Expression:
    return r.assessment_day.notnull()


def _recommended(r: ibis.Table) -> Expression:
    return _assessed(r) & r.recommended.fill_null(False)


def _started(r: ibis.Table) -> Expression:
    """A first dose, or a drug at a review: who takes a drug has started it."""
    on_drug = r.on_drug_16.fill_null(False) | r.on_drug_52.fill_null(False)
    return _recommended(r) & (r.start_day.notnull() | on_drug)


def _on_16(r: ibis.Table) -> Expression:
    return _started(r) & r.on_drug_16.fill_null(False)


def _before(done: Expression, words: str) -> Branch:
    return Branch(~done, NOT_ELIGIBLE, words)


@rule("path_confirmed")
def path_confirmed(r: ibis.Table, m: Measure, settings: Settings) -> Rule:
    """The record is there, so a person has confirmed the fracture."""
    return Rule(outside(r), (MET, "confirmed"))


@rule("path_assessed")
def path_assessed(r: ibis.Table, m: Measure, settings: Settings) -> Rule:
    """Assessed on any day."""
    return Rule(
        (
            *outside(r),
            Branch(_assessed(r), MET, "assessed"),
            *closed(r, m.days, "no assessment date"),
        ),
        still_open(m.days),
    )


@rule("path_recommended")
def path_recommended(r: ibis.Table, m: Measure, settings: Settings) -> Rule:
    """A drug recommended, of those assessed."""
    therapy = r.bone_therapy
    return Rule(
        (
            *outside(r),
            _before(_assessed(r), "not assessed"),
            Branch(r.recommended, MET, ibis.literal("recommended: ") + therapy),
            Branch(therapy.contains("Inappropriate"), NOT_MET, "drug judged inappropriate"),
            Branch(therapy.contains("Informed decline"), NOT_MET, "the person declined"),
            Branch(r.referred, NOT_MET, "decision referred; what came of it is not recorded here"),
            *closed(r, m.days, "no treatment decision recorded"),
        ),
        still_open(m.days),
    )


@rule("path_started")
def path_started(r: ibis.Table, m: Measure, settings: Settings) -> Rule:
    """A drug started, of those recommended one."""
    at_16 = r.bone_therapy_16_weeks
    return Rule(
        (
            *outside(r),
            _before(_recommended(r), "no drug recommended after an assessment"),
            Branch(_started(r), MET, "started"),
            Branch(at_16.isin(_NOT_TAKEN), NOT_MET, at_16.lower()),
            *closed(r, m.days, "no start recorded"),
        ),
        still_open(m.days),
    )


@rule("path_on_16")
def path_on_16(r: ibis.Table, m: Measure, settings: Settings) -> Rule:
    """On a drug at the 16-week review, of those who started."""
    at_16 = r.bone_therapy_16_weeks
    return Rule(
        (
            *outside(r),
            _before(_started(r), "no drug started"),
            Branch(_on_16(r), MET, ibis.literal("on ") + at_16),
            Branch(at_16.isin(_NOT_TAKEN), NOT_MET, at_16.lower()),
            *closed(r, m.days, "no drug recorded at 16 weeks"),
        ),
        still_open(m.days),
    )


@rule("path_on_52")
def path_on_52(r: ibis.Table, m: Measure, settings: Settings) -> Rule:
    """On a drug at the 52-week review, of those on one at 16 weeks. Who died on the way is left out."""
    at_52 = r.bone_therapy_52_weeks
    return Rule(
        (
            *outside(r),
            _before(_on_16(r), "not on a drug at 16 weeks"),
            Branch(r.on_drug_52, MET, ibis.literal("on ") + at_52),
            Branch(r.death_day.notnull() | (r.followed_up_52_weeks == "Died"), NOT_ELIGIBLE, "died"),
            Branch(r.dead, UNKNOWN, "died, day not known"),
            Branch(at_52.isin(_NOT_TAKEN), NOT_MET, at_52.lower()),
            *closed(r, m.days, "no drug confirmed at 52 weeks"),
        ),
        still_open(m.days),
    )
