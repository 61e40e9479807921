"""A picture as QFracture asks for it, and the score with it.

The equations live in a package of their own (`openfls_qfracture`, LGPL-3.0-or-later). What the picture does
not hold is named, never taken as no. Show `openfls_qfracture.DISCLAIMER` beside every score.
"""

from __future__ import annotations

from dataclasses import dataclass

from openfls.record.people import Sex
from openfls.record.picture import EthnicGroup, Picture, QFractureResult, Smoking
from openfls.record.sites import MAJOR_OSTEOPOROTIC
from openfls_qfracture import FIELDS, FIELDS_OF_ONE_SEX, Inputs, QFractureError, score

YEARS = 10
LAST_AGE = 100
VERSION = "QFracture-2012"

_FLAGS = {
    "b_antidepressant": "antidepressants",
    "b_anycancer": "cancer",
    "b_asthmacopd": "asthma_or_copd",
    "b_carehome": "care_home",
    "b_corticosteroids": "glucocorticoids_now",
    "b_cvd": "cardiovascular_disease",
    "b_dementia": "dementia",
    "b_epilepsy2": "anticonvulsants",
    "b_hrt_oest": "hrt",
    "b_liver": "chronic_liver_disease",
    "b_malabsorption": "malabsorption",
    "b_parkinsons": "parkinsons",
    "b_renal": "chronic_kidney_disease",
    "b_type1": "type_1_diabetes",
    "b_type2": "type_2_diabetes",
}
_EITHER = {
    "b_ra_sle": ("rheumatoid_arthritis", "lupus"),
    "b_endocrine": ("hyperthyroidism", "hyperparathyroidism", "cushings"),
    "fh_osteoporosis": ("parent_hip_fracture", "parent_osteoporosis"),
}
_ALCOHOL_LIMITS = (1, 3, 7, 10)  # units a day: below 1, 1 to 2, 3 to 6, 7 to 9, more


@dataclass(frozen=True, slots=True)
class Asked:
    """The inputs of the equations, and the fields of the picture that some of them lack."""

    inputs: Inputs
    missing: tuple[str, ...]


def _alcohol(units_week: float) -> int:
    if units_week == 0:
        return 0
    return 1 + sum(units_week / 7 >= limit for limit in _ALCOHOL_LIMITS)


def _previous_fracture(picture: Picture) -> tuple[float | None, tuple[str, ...]]:
    """Wrist, spine, hip or shoulder, however it came about: the equation does not ask for fragility."""
    if any(fracture.site in MAJOR_OSTEOPOROTIC for fracture in picture.fractures):
        return 1, ()
    return (0, ()) if picture.fracture_history_taken else (None, ("fracture_history_taken",))


def _either(picture: Picture, fields: tuple[str, ...]) -> tuple[float | None, tuple[str, ...]]:
    values = [getattr(picture, field) for field in fields]
    if True in values:
        return 1, ()
    missing = tuple(field for field, value in zip(fields, values, strict=True) if value is None)
    return (None, missing) if missing else (0, ())


def _one(name: str, picture: Picture) -> tuple[float | None, tuple[str, ...]]:
    """An input, and the fields it lacks."""
    if name in _FLAGS:
        value = getattr(picture, _FLAGS[name])
        return (None, (_FLAGS[name],)) if value is None else (int(value), ())
    if name in _EITHER:
        return _either(picture, _EITHER[name])
    if name == "b_fracture4":
        return _previous_fracture(picture)
    known: dict[str, tuple[float | None, str]] = {
        "age": (picture.age, "age"),
        "bmi": (picture.bmi, "height_cm and weight_kg"),
        "ethrisk": (
            None if picture.ethnic_group is None else 1 + list(EthnicGroup).index(picture.ethnic_group),
            "ethnic_group",
        ),
        "smoke_cat": (None if picture.smoking is None else list(Smoking).index(picture.smoking), "smoking"),
        "alcohol_cat6": (
            None if picture.alcohol_units_week is None else _alcohol(picture.alcohol_units_week),
            "alcohol_units_week",
        ),
        "b_falls": (
            None if picture.falls_last_year is None else int(picture.falls_last_year > 0),
            "falls_last_year",
        ),
        "surv": (None if picture.age is None else max(1, min(YEARS, LAST_AGE - picture.age)), "age"),
    }
    value, field = known[name]
    return value, () if value is not None else (field,)


def asked(picture: Picture) -> Asked:
    """The inputs of a picture. Ten years ahead, or fewer where the person would be over 100 (8 years at
    92)."""
    if picture.sex is Sex.UNKNOWN:
        return Asked(Inputs(), ("sex",))
    values: dict[str, float | None] = {}
    missing: list[str] = []
    for name in FIELDS:
        if name != "sex" and FIELDS_OF_ONE_SEX.get(name, picture.sex) == picture.sex:
            values[name], lacking = _one(name, picture)
            missing.extend(lacking)
    return Asked(Inputs(sex=picture.sex.value, **values), tuple(dict.fromkeys(missing)))


@dataclass(frozen=True, slots=True)
class Scored:
    """The score where there is one (as `shown`: the hip's for both where it is higher); otherwise why not."""

    result: QFractureResult | None
    missing: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()


def qfracture(picture: Picture) -> Scored:
    """QFracture-2012 of a picture. Without every input, or outside the ranges, there is no score."""
    question = asked(picture)
    if question.missing:
        return Scored(None, missing=question.missing)
    try:
        found = score(question.inputs)
    except QFractureError as error:
        return Scored(None, errors=error.errors)
    major, hip = found.shown
    return Scored(QFractureResult(major, hip, picture.on, found.years, VERSION))


def reason_in_words(error: str, picture: Picture) -> str:
    """Why there is no score, for a person: the reference's line ``error: bmi must be in range (20,40)`` in words."""
    if error.startswith("error: age ") and picture.age is not None:
        return f"QFracture is for the ages of 30 to 100; this person is {picture.age}."
    if error.startswith("error: bmi ") and picture.bmi is not None:
        return (
            f"QFracture is for a body-mass index of 20 to 40 kg/m²; this person's is {picture.bmi:.1f}. It is not "
            "stretched beyond its range."
        )
    if error.startswith("error: surv "):
        return "QFracture looks 1 to 18 years ahead, and not beyond the age of 100."
    return "QFracture refuses an input: " + error.removeprefix("error: ") + "."
