"""Which columns a file must have before a measure can be counted over it.

A blank in a column means that the step is not recorded; no column at all means that nobody was asked. Counting such a
measure would call every person missed, so it is said to be not countable, and nobody counts as not met.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from openfls.quality.aggregate import literal
from openfls.quality.packs import measure_set
from openfls.quality.states import State
from openfls.record.flsdb import BY_NAME

Need = tuple[str, ...]
"""Columns of which the file must have one."""

_INDEX: Need = ("index_diagnosis_date",)
_ASSESSED: Need = ("fls_assessment_date",)
_THERAPY: Need = ("bone_therapy",)
_AT_16: Need = ("bone_therapy_16_weeks",)
_AT_52: Need = ("bone_therapy_52_weeks",)
_START: Need = ("bone_therapy_started_date",)
_STARTED: Need = (*_START, *_AT_16, *_AT_52)

NEEDS: dict[str, tuple[Need, ...]] = {
    "complete": (),
    "identified": (),
    "path_confirmed": (),
    "spine": (("index_site",),),
    "not_spine": (("index_site",),),
    "assessed": (_INDEX, _ASSESSED),
    "scanned": (_INDEX, ("dxa",), ("dxa_date",)),
    "falls": (_INDEX, ("falls_assessment", "referrals")),
    "falls_assessed": (_INDEX, ("falls_assessment",)),
    "falls_referred": (_INDEX, ("referrals",)),
    "therapy": (_INDEX, _THERAPY),
    "therapy_offered": (_INDEX, _THERAPY),
    "exercise": (_INDEX, ("strength_balance_started",)),
    "exercise_any": (_INDEX, ("strength_balance_started",)),
    "reviewed": (_INDEX, _THERAPY, ("followed_up_16_weeks",), ("follow_up_16_weeks_date",)),
    "started": (_INDEX, _THERAPY, _AT_16),
    "adherent": (_INDEX, _THERAPY, ("followed_up_52_weeks",), _AT_52),
    "prescribed_52": (_INDEX, _THERAPY, _AT_52),
    "information": (_INDEX, ("information_given_date",)),
    "plan_shared": (_INDEX, ("gp_letter_date",), ("patient_letter_date",)),
    "gp_letter": (_INDEX, ("gp_letter_date",)),
    "patient_letter": (_INDEX, ("patient_letter_date",)),
    "dxa_ordered": (_INDEX, ("dxa",)),
    **{
        f"advice_{topic}": (_INDEX, (f"advice_{topic}",))
        for topic in ("calcium", "vitamin_d", "exercise", "falls", "smoking", "alcohol")
    },
    "reviewed_after_start": (_INDEX, _START, ("followed_up_16_weeks",), ("follow_up_16_weeks_date",)),
    "reviewed_at_a_year": (_INDEX, _START, ("followed_up_52_weeks",), ("follow_up_52_weeks_date",)),
    "path_assessed": (_INDEX, _ASSESSED),
    "path_recommended": (_INDEX, _ASSESSED, _THERAPY),
    "path_started": (_INDEX, _ASSESSED, _THERAPY, _STARTED),
    "path_on_16": (_INDEX, _ASSESSED, _THERAPY, _AT_16),
    "path_on_52": (_INDEX, _ASSESSED, _THERAPY, _AT_16, _AT_52),
}
"""By the name of the rule. Completeness counts an absent column as a field that nobody fills in."""


def not_countable(set_id: str, columns: Collection[str]) -> dict[str, str]:
    """The measures that a file with only these columns cannot answer, each with the reason in words."""
    found = {}
    for measure in measure_set(set_id).measures:
        absent = [need for need in NEEDS[measure.rule] if not any(name in columns for name in need)]
        if absent:
            words = ", ".join(" or ".join(_words(name) for name in need) for need in absent)
            found[measure.id] = f"cannot be counted: no column for {words}"
    return found


def without_uncounted(query: str, uncounted: Mapping[str, str], *, people: bool = False) -> str:
    """The SQL (DuckDB) of results or of people, those of uncounted measures blank or not yet known, not *not met*."""
    if not uncounted:
        return query
    listed = ", ".join(literal(name) for name in uncounted)
    concerns = f"measure IN ({listed})"
    if people:
        missed = f"{concerns} AND state = {literal(State.NOT_MET)}"
        reasons = " ".join(f"WHEN {literal(name)} THEN {literal(why)}" for name, why in uncounted.items())
        return (
            f"SELECT * REPLACE (CASE WHEN {missed} THEN {literal(State.UNKNOWN)} ELSE state END AS state, "
            f"CASE WHEN {missed} THEN CASE measure {reasons} END ELSE reason END AS reason) FROM ({query})"
        )
    blank = ", ".join(
        f"CASE WHEN {concerns} THEN NULL ELSE {name} END AS {name}"
        for name in ("numerator", "denominator", "unknown", "not_eligible", "value", "rating")
    )
    return f"SELECT * REPLACE ({blank}) FROM ({query})"


def _words(name: str) -> str:
    return BY_NAME[name].header or name.replace("_", " ")
