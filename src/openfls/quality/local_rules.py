"""Rules over steps that the audit does not ask for: information, letters, advice, the review after a start."""

from __future__ import annotations

import ibis

from openfls.quality.branches import Branch, Rule
from openfls.quality.packs import Measure
from openfls.quality.rules import (
    MET,
    NOT_ELIGIBLE,
    NOT_MET,
    UNKNOWN,
    RuleMaker,
    Settings,
    closed,
    outside,
    rule,
    still_open,
    therapy,
)
from openfls.quality.states import Expression


def _done_by(r: ibis.Table, m: Measure, done: Expression, words: str) -> Rule:
    """Done at any time counts; not done is met by the end of the window or not at all."""
    branches = (*outside(r), Branch(done, MET, words), *closed(r, m.days, f"{words}: not recorded"))
    return Rule(branches, still_open(m.days))


@rule("information")
def information(r: ibis.Table, m: Measure, settings: Settings) -> Rule:
    """Written information given."""
    return _done_by(r, m, r.information_day.notnull(), "written information given")


@rule("plan_shared")
def plan_shared(r: ibis.Table, m: Measure, settings: Settings) -> Rule:
    """The plan sent to the general practice and to the person."""
    both = r.gp_letter_day.notnull() & r.patient_letter_day.notnull()
    return _done_by(r, m, both, "plan sent to the practice and to the person")


@rule("gp_letter")
def gp_letter(r: ibis.Table, m: Measure, settings: Settings) -> Rule:
    """A letter to the general practice."""
    return _done_by(r, m, r.gp_letter_day.notnull(), "letter to the practice")


@rule("patient_letter")
def patient_letter(r: ibis.Table, m: Measure, settings: Settings) -> Rule:
    """A letter to the person."""
    return _done_by(r, m, r.patient_letter_day.notnull(), "letter to the person")


@rule("dxa_ordered")
def dxa_ordered(r: ibis.Table, m: Measure, settings: Settings) -> Rule:
    """Bone density ordered."""
    return _done_by(r, m, r.dxa.isin(("Ordered", "Recommended")), "bone density ordered")


def _advice(column: str, words: str) -> RuleMaker:
    def advised(r: ibis.Table, m: Measure, settings: Settings) -> Rule:
        return _done_by(r, m, r[column] == "Yes", f"advice on {words}")

    return advised


for _topic, _words in {
    "calcium": "calcium",
    "vitamin_d": "vitamin D",
    "exercise": "exercise",
    "falls": "falls",
    "smoking": "smoking",
    "alcohol": "alcohol",
}.items():
    rule(f"advice_{_topic}")(_advice(f"advice_{_topic}", _words))


@rule("therapy_offered")
def therapy_offered(r: ibis.Table, m: Measure, settings: Settings) -> Rule:
    """A drug offered: recommended, the decision referred, or declined by the person after an offer."""
    recommended = therapy(r, m, settings)
    undecided = closed(r, m.days, "no treatment decision recorded")
    declined = Branch(r.bone_therapy.contains("Informed decline"), MET, "offered; the person declined")
    not_wanted = Branch(r.bone_therapy.contains("Inappropriate"), NOT_ELIGIBLE, "drug judged inappropriate")
    return Rule((*recommended.branches[:4], not_wanted, declined, *undecided), recommended.otherwise)


_FALLS_FACTORS = (
    "two_falls",
    "fear_of_falling",
    "falls_risk_drugs",
    "vision_problem",
    "toileting_problem",
    "cardiovascular_problem",
    "cognitive_impairment",
)


@rule("falls_referred")
def falls_referred(r: ibis.Table, m: Measure, settings: Settings) -> Rule:
    """Referred, of those whose falls assessment found a factor (any of 5.02 to 5.04 and 5.06 to 5.09 is Yes)."""
    at_risk = ibis.or_(*((r[column] == "Yes").fill_null(False) for column in _FALLS_FACTORS))
    assessed = (r.falls_assessment == "Yes").fill_null(False)
    return Rule(
        (
            *outside(r),
            Branch(
                ~at_risk & ~assessed, UNKNOWN, "falls risk not assessed: it cannot be said who is at risk"
            ),
            Branch(~at_risk, NOT_ELIGIBLE, "no falls factor found"),
            Branch(r.falls_referral, MET, "referred"),
            *closed(r, m.days, "at risk of falling, no referral recorded"),
        ),
        still_open(m.days),
    )


def _review_after_start(gap_column: str, followed_up: str) -> RuleMaker:
    def reviewed(r: ibis.Table, m: Measure, settings: Settings) -> Rule:
        since_start = r[gap_column] - r.start_gap
        on_treatment = r.elapsed - r.start_gap
        return Rule(
            (
                *outside(r),
                Branch(r.start_day.isnull(), NOT_ELIGIBLE, "no start of a drug recorded"),
                Branch((r[followed_up] == "Yes") & (since_start <= m.days), MET, f"reviewed by day {m.days}"),
                Branch(
                    (r[followed_up] == "Yes") & (since_start > m.days),
                    NOT_MET,
                    f"reviewed after day {m.days} of treatment",
                ),
                Branch(
                    r.death_day - r.start_day <= m.days, NOT_ELIGIBLE, f"died by day {m.days} of treatment"
                ),
                Branch(r.dead & r.death_day.isnull(), UNKNOWN, "died, day not known"),
                Branch(
                    r.index_day.isnull(), NOT_MET, "no dated review; no index diagnosis date, so no clock"
                ),
                Branch(on_treatment > m.days, NOT_MET, f"no dated review, and day {m.days} has passed"),
            ),
            (UNKNOWN, f"not yet done; day {m.days} of treatment has not passed"),
        )

    return reviewed


rule("reviewed_after_start")(_review_after_start("review_16_gap", "followed_up_16_weeks"))
rule("reviewed_at_a_year")(_review_after_start("review_52_gap", "followed_up_52_weeks"))
