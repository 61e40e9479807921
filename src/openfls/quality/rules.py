"""The rules that the measures are made of: each reads the prepared row and says which of four states, and why.

A rule is shared by the sets that ask the same thing; what differs, a window or a switch, comes from the pack.
The order of the branches is the definition: what was done counts first, then what can no longer be done, and
what remains is not yet known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import ibis

from openfls.quality.branches import Branch, Rule
from openfls.quality.packs import Measure
from openfls.quality.row import MINIMUM_AGE
from openfls.quality.states import Expression, State

MET, NOT_MET, NOT_ELIGIBLE, UNKNOWN = State.MET, State.NOT_MET, State.NOT_ELIGIBLE, State.UNKNOWN
Settings = Mapping[str, str]
RuleMaker = Callable[[ibis.Table, Measure, Settings], Rule]

RULES: dict[str, RuleMaker] = {}
"""Every rule by the name that the packs use."""

WEEKS_52 = 364
THERAPY_WINDOW = 90
"""Days after which a blank treatment decision counts as none. Ours: the audit names no window for field 4.01."""


def rule(name: str) -> Callable[[RuleMaker], RuleMaker]:
    """Register a rule under ``name``."""

    def register(maker: RuleMaker) -> RuleMaker:
        RULES[name] = maker
        return maker

    return register


def outside(r: ibis.Table) -> tuple[Branch, ...]:
    """Who is left out of every measure."""
    return (
        Branch(r.age < MINIMUM_AGE, NOT_ELIGIBLE, f"under {MINIMUM_AGE} at the index diagnosis"),
        Branch(r.elapsed < 0, NOT_ELIGIBLE, "index diagnosis after the day of the count"),
    )


def closed(r: ibis.Table, days: int, undone: str) -> tuple[Branch, ...]:
    """What makes a step that was not done count as not met: no clock, death, or the window over."""
    return (
        Branch(r.index_day.isnull(), NOT_MET, f"{undone}; no index diagnosis date, so no clock"),
        Branch(r.dead, NOT_MET, f"{undone} before death; death is not an exclusion"),
        Branch(r.elapsed > days, NOT_MET, f"{undone}, and day {days} has passed"),
    )


def still_open(days: int) -> tuple[State, str]:
    """The state of a step that is not done and can still be."""
    return UNKNOWN, f"not yet done; day {days} has not passed"


def undecided(r: ibis.Table) -> Expression:
    """No treatment decision is recorded, and there is still time for it."""
    blank = r.bone_therapy.isnull() | (r.bone_therapy == "Don't know")
    return blank & (r.elapsed <= THERAPY_WINDOW)


def no_drug_wanted(r: ibis.Table, settings: Settings) -> tuple[Branch, ...]:
    """Who is outside the denominator of the measures about follow-up of a recommended drug."""
    choice = settings.get("denominator", "recommended")
    if choice == "all":
        return ()
    wanted = r.recommended.fill_null(False)
    if choice == "recommended_or_referred":
        wanted = wanted | r.referred.fill_null(False)
    return (
        Branch(~wanted & undecided(r), UNKNOWN, "treatment decision not yet recorded"),
        Branch(
            ~wanted & r.bone_therapy.isnull(), NOT_ELIGIBLE, "no treatment decision recorded (4.01 blank)"
        ),
        Branch(~wanted, NOT_ELIGIBLE, ibis.literal("no drug recommended: ") + r.bone_therapy),
    )


@rule("identified")
def identified(r: ibis.Table, m: Measure, settings: Settings) -> Rule:
    """The record is there."""
    return Rule(outside(r), (MET, "recorded"))


@rule("spine")
def spine(r: ibis.Table, m: Measure, settings: Settings) -> Rule:
    """The index site is the spine; a second or third site does not count."""
    other = NOT_MET if settings.get("spine") == "records" else NOT_ELIGIBLE
    return Rule(
        (
            *outside(r),
            Branch(r.index_site == "Spine", MET, "index site is the spine"),
            Branch(r.index_site.isnull(), NOT_MET, "index site not recorded (1.11 blank)"),
        ),
        (other, "index site is not the spine"),
    )


@rule("not_spine")
def not_spine(r: ibis.Table, m: Measure, settings: Settings) -> Rule:
    """The index site is known and is not the spine."""
    return Rule(
        (
            *outside(r),
            Branch(r.index_site == "Spine", NOT_ELIGIBLE, "index site is the spine"),
            Branch(r.index_site.isnull(), NOT_MET, "index site not recorded (1.11 blank)"),
        ),
        (MET, "index site is not the spine"),
    )


@rule("assessed")
def assessed(r: ibis.Table, m: Measure, settings: Settings) -> Rule:
    """Assessed by the service up to a day. A date before the diagnosis passes, as in the published definition."""
    return Rule(
        (
            *outside(r),
            Branch(r.assessment_gap <= m.days, MET, f"assessed by day {m.days}"),
            Branch(r.assessment_gap > m.days, NOT_MET, f"assessed after day {m.days}"),
            *closed(r, m.days, "no assessment date"),
        ),
        still_open(m.days),
    )


@rule("scanned")
def scanned(r: ibis.Table, m: Measure, settings: Settings) -> Rule:
    """Scanned after the diagnosis and up to a day, of those with a scan ordered or recommended."""
    ordered = r.dxa.isin(("Ordered", "Recommended")).fill_null(False)
    too_early = (r.dxa_gap <= 0).fill_null(False)
    return Rule(
        (
            *outside(r),
            Branch(r.dxa == "No", NOT_ELIGIBLE, "no DXA ordered or recommended"),
            Branch(~ordered & (r.elapsed <= m.days), UNKNOWN, "not yet recorded whether a DXA is ordered"),
            Branch(~ordered, NOT_ELIGIBLE, "not recorded that a DXA was ordered (3.01 blank)"),
            Branch((r.dxa_gap > 0) & (r.dxa_gap <= m.days), MET, f"scanned by day {m.days}"),
            Branch(r.dxa_gap > m.days, NOT_MET, f"scanned after day {m.days}"),
            Branch(
                too_early & (r.elapsed > m.days),
                NOT_MET,
                f"scan on or before the day of diagnosis, none by day {m.days}",
            ),
            *closed(r, m.days, "no scan date"),
        ),
        still_open(m.days),
    )


@rule("falls")
def falls(r: ibis.Table, m: Measure, settings: Settings) -> Rule:
    """Falls risk assessed, or a referral recorded."""
    return Rule(
        (
            *outside(r),
            Branch(r.falls_assessment == "Yes", MET, "falls risk assessed"),
            Branch(r.falls_referral, MET, "referral recorded"),
            *closed(r, m.days, "no falls assessment recorded"),
        ),
        still_open(m.days),
    )


@rule("falls_assessed")
def falls_assessed(r: ibis.Table, m: Measure, settings: Settings) -> Rule:
    """Falls risk assessed; a referral alone is not enough."""
    return Rule(
        (
            *outside(r),
            Branch(r.falls_assessment == "Yes", MET, "falls risk assessed"),
            *closed(r, m.days, "no falls assessment recorded"),
        ),
        still_open(m.days),
    )


@rule("therapy")
def therapy(r: ibis.Table, m: Measure, settings: Settings) -> Rule:
    """A bone-protecting drug recommended, or the decision referred if the switch counts that."""
    referral_counts = settings.get("referred", "yes") == "yes"
    return Rule(
        (
            *outside(r),
            Branch(r.recommended, MET, ibis.literal("recommended: ") + r.bone_therapy),
            Branch(r.referred, MET if referral_counts else NOT_MET, "decision referred"),
            Branch(r.bone_therapy.contains("Inappropriate"), NOT_MET, "drug judged inappropriate"),
            Branch(r.bone_therapy.contains("Informed decline"), NOT_MET, "the person declined"),
            *closed(r, m.days, "no treatment decision recorded"),
        ),
        still_open(m.days),
    )


@rule("exercise")
def exercise(r: ibis.Table, m: Measure, settings: Settings) -> Rule:
    """Strength and balance exercise started, of those whose index site is not the hip and who are old enough."""
    limits = {"over_75": 75, "from_75": 74}
    choice = settings["exercise_age"]
    ages = (
        ()
        if choice == "any"
        else (
            Branch(r.age.isnull(), UNKNOWN, "age not recorded: it cannot be said whether the person belongs"),
            Branch(r.age <= limits[choice], NOT_ELIGIBLE, f"not older than {limits[choice]}"),
        )
    )
    sites = (
        Branch(r.index_site == "Hip", NOT_ELIGIBLE, "index site is the hip"),
        Branch(
            r.index_site.isnull(), UNKNOWN, "index site not recorded: it cannot be said whether it counts"
        ),
    )
    return Rule(
        (
            *outside(r),
            *sites,
            *ages,
            Branch(r.strength_balance_started == "Yes", MET, "started"),
            *closed(r, m.days, "no strength and balance exercise recorded"),
        ),
        still_open(m.days),
    )


@rule("exercise_any")
def exercise_any(r: ibis.Table, m: Measure, settings: Settings) -> Rule:
    """Strength and balance exercise started, whatever the site and the age."""
    return Rule(
        (
            *outside(r),
            Branch(r.strength_balance_started == "Yes", MET, "started"),
            *closed(r, m.days, "no strength and balance exercise recorded"),
        ),
        still_open(m.days),
    )


@rule("reviewed")
def reviewed(r: ibis.Table, m: Measure, settings: Settings) -> Rule:
    """Followed up by 16 weeks, of those with a drug recommended."""
    done = r.followed_up_16_weeks == "Yes"
    return Rule(
        (
            *outside(r),
            *no_drug_wanted(r, settings),
            Branch(done & (r.review_16_gap <= m.days), MET, f"followed up by day {m.days}"),
            Branch(done & (r.review_16_gap > m.days), NOT_MET, f"followed up after day {m.days}"),
            *closed(r, m.days, "no dated follow-up"),
        ),
        still_open(m.days),
    )


_NOT_TAKEN = ("Informed decline", "No longer appropriate", "Not started", "Refer for clinical opinion")


@rule("started")
def started(r: ibis.Table, m: Measure, settings: Settings) -> Rule:
    """On a drug at the first follow-up, of those with a drug recommended."""
    return Rule(
        (
            *outside(r),
            *no_drug_wanted(r, settings),
            Branch(r.on_drug_16, MET, ibis.literal("on ") + r.bone_therapy_16_weeks),
            Branch(r.bone_therapy_16_weeks.isin(_NOT_TAKEN), NOT_MET, r.bone_therapy_16_weeks.lower()),
            *closed(r, m.days, "no drug recorded at 16 weeks"),
        ),
        still_open(m.days),
    )


def _at_a_year(r: ibis.Table, m: Measure, settings: Settings, done: Expression) -> Rule:
    died_early = r.death_gap <= WEEKS_52
    never_dated = r.death_day.isnull()
    return Rule(
        (
            *outside(r),
            *no_drug_wanted(r, settings),
            Branch(done, MET, ibis.literal("on ") + r.bone_therapy_52_weeks),
            Branch(died_early, NOT_ELIGIBLE, f"died by day {WEEKS_52}"),
            Branch(r.followed_up_16_weeks == "Died", NOT_ELIGIBLE, "died before the 16-week follow-up"),
            Branch(r.followed_up_52_weeks == "Died", NOT_ELIGIBLE, "died before the 52-week follow-up"),
            Branch(r.dead & never_dated, UNKNOWN, "died, day not known"),
            Branch(r.bone_therapy_52_weeks.isin(_NOT_TAKEN), NOT_MET, r.bone_therapy_52_weeks.lower()),
            *closed(r, m.days, "no drug confirmed at 52 weeks"),
        ),
        still_open(m.days),
    )


@rule("adherent")
def adherent(r: ibis.Table, m: Measure, settings: Settings) -> Rule:
    """Confirmed on a drug at the 52-week follow-up, of those with a drug recommended and alive at 52 weeks."""
    return _at_a_year(r, m, settings, (r.followed_up_52_weeks == "Yes") & r.on_drug_52)


@rule("prescribed_52")
def prescribed_52(r: ibis.Table, m: Measure, settings: Settings) -> Rule:
    """A drug recorded at 52 weeks; a follow-up that confirms it is taken is not asked for."""
    return _at_a_year(r, m, settings, r.on_drug_52)
