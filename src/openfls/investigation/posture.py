"""Lying and standing blood pressure (Royal College of Physicians 2017; recalled, high): an observation, no prediction.

After five minutes lying, standing readings are taken within the first minute and at three minutes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openfls.investigation.ranges import Verdict, check_value
from openfls.record.advice import Answer, Confidence
from openfls.record.errors import BadInput

SOURCE = "Royal College of Physicians, lying and standing blood pressure, 2017"
CONFIDENCE = Confidence.RECALLED_HIGH
SYSTOLIC_DROP, SYSTOLIC_FLOOR, DIASTOLIC_DROP = 20, 90, 10


@dataclass(frozen=True, slots=True)
class Pressure:
    """One reading in mmHg."""

    systolic: float
    diastolic: float


@dataclass(frozen=True, slots=True)
class PosturalDrop:
    """The largest falls in mmHg over the standing readings, and whether they count as a postural drop."""

    answer: Answer
    systolic_drop: float
    diastolic_drop: float
    reason: str


def _checked(pressure: Pressure) -> Pressure:
    for field, value in (("systolic_mmhg", pressure.systolic), ("diastolic_mmhg", pressure.diastolic)):
        check = check_value(field, value)
        if check.verdict is Verdict.REFUSE:
            raise BadInput(check.message, field=field)
    if pressure.diastolic >= pressure.systolic:
        words = f"{pressure.systolic:g}/{pressure.diastolic:g}: the first number is the higher one"
        raise BadInput(words, field="blood pressure")
    return pressure


def postural_drop(
    lying: Pressure, standing: Sequence[Pressure], symptoms: bool | None = None
) -> PosturalDrop:
    """Whether blood pressure drops on standing.

    Yes: systolic by 20 or more, or to below 90, or diastolic by 10 or more with symptoms. A diastolic drop with
    symptoms not asked is unknown.

    Raises:
        BadInput: no standing reading, or an impossible one.
    """
    if not standing:
        raise BadInput("a standing reading is needed", field="blood pressure")
    lowest_systolic = min(_checked(one).systolic for one in standing)
    lowest_diastolic = min(one.diastolic for one in standing)
    systolic = _checked(lying).systolic - lowest_systolic
    diastolic = lying.diastolic - lowest_diastolic
    if systolic >= SYSTOLIC_DROP:
        return PosturalDrop(Answer.YES, systolic, diastolic, "systolic drop of 20 or more")
    if lowest_systolic < SYSTOLIC_FLOOR < lying.systolic:
        return PosturalDrop(Answer.YES, systolic, diastolic, "systolic drop to below 90")
    if diastolic >= DIASTOLIC_DROP and symptoms is not False:
        answer = Answer.YES if symptoms else Answer.UNKNOWN
        reason = "diastolic drop of 10 or more" + (" with symptoms" if symptoms else "; symptoms not asked")
        return PosturalDrop(answer, systolic, diastolic, reason)
    return PosturalDrop(Answer.NO, systolic, diastolic, "no drop that counts")
