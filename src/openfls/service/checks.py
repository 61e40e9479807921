"""Values that cannot be, values that are odd enough to ask about, and answers that contradict each other.

The limits of single values are those of `investigation.ranges`, those of a FRAX result `investigation.frax_record`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from openfls.investigation.fractures import months_before
from openfls.investigation.frax_record import check_frax
from openfls.investigation.ranges import Verdict, check_value, ranges
from openfls.investigation.scan_standing import reasons
from openfls.record.picture import FraxResult
from openfls.record.questions import NotAnAnswer, Value, by_field

PERIODS_END_BY = 60
"""From this age on a woman whose periods go on is asked about. Ours: it refuses nothing."""
SIGN_STEP = 1.5
"""A T-score above 0 that is further than this from the one before may have lost its minus. Ours: it refuses nothing."""


def query_of(field: str, value: Value, age: int | None = None) -> str:
    """A question to ask back about an odd value, empty for a usual one.

    Raises:
        NotAnAnswer: no living person has such a value.
    """
    if field == "postmenopausal" and value is False and age is not None and age >= PERIODS_END_BY:
        return f"At the age of {age} this is unusual. Please check it."
    if field not in ranges() or isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    check = check_value(field, value)
    if check.verdict is Verdict.REFUSE:
        raise NotAnAnswer(check.message)
    return check.message if check.verdict is Verdict.QUERY else ""


def sign_query(value: float, that_day: Iterable[float], last: float | None) -> str:
    """Whether to ask back about the sign of a T-score.

    ``that_day`` are what other sources say of the same scan, ``last`` what was known before.
    """
    if value <= 0:
        return ""
    against = next((other for other in that_day if other < 0), None)
    if against is None and (last is None or abs(value - last) <= SIGN_STEP):
        return ""
    other = last if against is None else against
    where = "Known before is" if against is None else "Of the same day stands"
    return f"Is the minus missing? {where} {other:g}."


def booking_query(booked: Value, asked: Value, broke_on: date | None) -> str:
    """Whether to ask back about the day for which a scan is booked (ISO days): it comes after both others."""
    if not booked:
        return ""
    if asked and str(booked) < str(asked):
        return "The scan would be before the day on which it was asked for."
    if broke_on is not None and str(booked) < broke_on.isoformat():
        return "The scan would be before the fracture."
    return ""


def frax_queries(result: FraxResult, today: date, stands: FraxResult | None, *, scanned: bool) -> list[str]:
    """What to ask back about a FRAX result that can be; ``stands`` is the one on record, ``scanned`` if a scan is."""
    found = []
    if result.on < months_before(today, 12):
        found.append("This result is more than a year old.")
    if result.with_bmd and not scanned:
        found.append("It was computed with bone density, but no scan is known.")
    if stands is not None and stands.on == result.on and stands != result:
        figures = f"{stands.major_osteoporotic_pct:g} % and {stands.hip_pct:g} %"
        found.append(f"It would replace the result of the same day ({figures}).")
    return found


def frax_of(answers: Mapping[str, Value]) -> FraxResult | None:
    """The FRAX result that answers make together; None where a part is not known."""
    given = {field: answers.get(field) for field in _FRAX}
    if any(value is None for value in given.values()):
        return None
    return FraxResult(
        major_osteoporotic_pct=float(str(given["frax.major_osteoporotic_pct"])),
        hip_pct=float(str(given["frax.hip_pct"])),
        on=date.fromisoformat(str(given["frax.on"])),
        country_model=str(given["frax.country_model"]),
        with_bmd=bool(given["frax.with_bmd"]),
    )


ONLY_IF = {
    "previous_hip_fracture": "previous_fracture",
    "previous_vertebral_fracture": "previous_fracture",
    "prednisolone_mg_day": "glucocorticoids_now",
    "glucocorticoid_months": "glucocorticoids_now",
    "ssri": "antidepressants",
    "bone_drug_now": "bone_drug_ever",
}
"""An answer other than no (nought, none) to the first contradicts a no to the second."""
_MEANS = {
    "early_menopause": "postmenopausal",
    "copd": "asthma_or_copd",
    "myocardial_infarction_or_stroke": "cardiovascular_disease",
}
"""A yes to the first is a yes to the second. A no to the second leaves the first to be asked: it stands for itself."""
_FRAX = ("frax.on", "frax.major_osteoporotic_pct", "frax.hip_pct", "frax.country_model", "frax.with_bmd")
_NOTHING = (None, False, 0, "none")


def contradictions(answers: Mapping[str, Value], today: date) -> dict[str, str]:
    """What in ``answers`` cannot be together, by the field where it is best mended. Unknown contradicts nothing."""
    questions = by_field()
    found = {
        field: f"This does not go with “{questions[of].label}: No”."
        for field, of in (ONLY_IF | _MEANS).items()
        if answers.get(of) is False and answers.get(field) not in _NOTHING
    }
    if answers.get("type_1_diabetes") and answers.get("type_2_diabetes"):
        found["type_2_diabetes"] = "Diabetes is of type 1 or of type 2, not both."
    without = reasons().get(str(answers.get("dxa.without") or ""))
    if without is not None and without.means and answers.get(without.means) is True:
        found["dxa.without"] = f"This does not go with “{questions[without.means].label}: Yes”."
    return found | _pressures(answers) | _frax(answers, today)


def _pressures(answers: Mapping[str, Value]) -> dict[str, str]:
    """Of two numbers of a blood pressure the first is the higher one."""
    found = {}
    for when in ("lying", "standing_1", "standing_3"):
        upper, lower = (answers.get(f"bp.{when}_{part}") for part in ("systolic", "diastolic"))
        if isinstance(upper, int | float) and isinstance(lower, int | float) and lower >= upper:
            found[f"bp.{when}_diastolic"] = "The diastolic pressure is lower than the systolic one."
    return found


def _frax(answers: Mapping[str, Value], today: date) -> dict[str, str]:
    given = {field: answers.get(field) for field in _FRAX}
    if all(value is None for value in given.values()):
        return {}
    lacking = [field for field, value in given.items() if value is None]
    if lacking:
        return {field: "A FRAX result is kept whole or not at all: this is missing." for field in lacking}
    result = frax_of(answers)
    assert result is not None
    refused = [check for check in check_frax(result, today) if check.verdict is Verdict.REFUSE]
    return {"frax.hip_pct": " ".join(check.message for check in refused)} if refused else {}
