"""What a first assessment hears from one person: fields of the clinical picture with typed values."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

from openfls.fiction.tables import by_age, percent, table, weighted
from openfls.record.people import Sex
from openfls.record.picture import BoneDensity, FraxResult, PastFracture, Smoking
from openfls.record.sites import Site

ALENDRONATE = "alendronate"
_EARLIER = (Site.WRIST, Site.VERTEBRA, Site.HUMERUS, Site.ANKLE, Site.HIP, Site.RIB)
_SURELY_POSTMENOPAUSAL = 56


def answers(chance: Random, *, on: date, age: int, sex: Sex, care_home: bool, site: Site) -> dict[str, Any]:
    """The answers of one assessment on ``on``; a question that nobody could answer is not in it."""
    texts = table("answers")
    heard: dict[str, Any] = {}
    yes = {**texts["yes"], **texts["yes_women" if sex is Sex.FEMALE else "yes_men"]}
    for field, shares in yes.items():
        heard[field] = percent(chance, by_age(shares, age))
    heard["smoking"] = Smoking(weighted(chance, texts["smoking"]))
    heard["alcohol_units_week"] = float(int(chance.triangular(0, 30, 2)))
    heard["falls_last_year"] = int(weighted(chance, texts["falls_last_year"]))
    heard["bone_drug_ever"] = percent(chance, 16)
    heard = {field: value for field, value in heard.items() if percent(chance, texts["known"])}
    heard |= _body(chance, sex, age)
    heard |= _bloods(chance, sex, age)
    heard["care_home"] = care_home
    if sex is Sex.FEMALE:
        heard["postmenopausal"] = age >= _SURELY_POSTMENOPAUSAL or percent(chance, 80)
    # What one answer means of another: no fictional person contradicts herself.
    if heard.get("early_menopause"):
        heard["postmenopausal"] = True
    if heard.get("myocardial_infarction_or_stroke") and "cardiovascular_disease" in heard:
        heard["cardiovascular_disease"] = True
    if heard.get("glucocorticoids_now"):
        heard["prednisolone_mg_day"] = float(chance.choice((2.5, 5, 5, 7.5, 10, 15)))
        heard["glucocorticoid_months"] = float(chance.choice((2, 4, 6, 12, 36)))
    if heard.get("bone_drug_ever") and percent(chance, 60):
        heard["bone_drug_now"] = ALENDRONATE
    if percent(chance, 38):
        heard["fractures"] = (
            PastFracture(chance.choice(_EARLIER), date(on.year - chance.randrange(2, 15), 6, 1), True),
        )
    heard |= _before_a_drug(f"{on} {age} {site} {sorted(heard)}", sex, age)
    if site not in (Site.HIP, Site.VERTEBRA) and age <= 90 and percent(chance, 45):
        heard["frax"] = _frax(chance, on, age)
    return heard


def scan(chance: Random, on: date) -> BoneDensity:
    """A DXA result; the three T-scores lie near each other."""
    middle = chance.triangular(-4.2, 0.6, -2.1)
    spine, hip, neck = (round(middle + chance.triangular(-0.7, 0.7, 0), 1) for _ in range(3))
    return BoneDensity(
        on=on, lumbar_spine_t=spine, lumbar_spine_vertebrae=4, total_hip_t=hip, femoral_neck_t=neck
    )


def lowest_t(result: BoneDensity) -> float:
    """The lowest T-score of ``result``, SD."""
    scores = (result.lumbar_spine_t, result.total_hip_t, result.femoral_neck_t)
    return min(score for score in scores if score is not None)


def _before_a_drug(about: str, sex: Sex, age: int) -> dict[str, Any]:
    """What is asked before a drug is chosen, by a chance of its own, so that nothing else of the year depends on it."""
    chance = Random(about)
    if not percent(chance, 70):
        return {}
    found: dict[str, Any] = dict.fromkeys(_BEFORE, False)
    found |= {
        "upright_30_min": percent(chance, 97 if age < 85 else 90),
        "upright_60_min": percent(chance, 88),
    }
    found |= {field: percent(chance, share) for field, share in _SOMETIMES.items()}
    if sex is Sex.FEMALE:
        found |= {"hormone_sensitive_cancer": percent(chance, 8), "undiagnosed_bleeding": False}
    return found


_BEFORE = (
    *(
        "dialysis",
        "jaw_osteonecrosis",
        "atypical_femur_fracture",
        "metabolic_bone_disease",
        "raised_alp_unexplained",
    ),
    *(
        "skeletal_radiotherapy",
        "bone_malignancy",
        "thigh_or_groin_pain",
        "cord_signs",
        "weight_loss_or_night_pain",
    ),
)
_SOMETIMES = {
    "upper_gi_disease": 12,
    "venous_thrombosis": 6,
    "uncontrolled_hypertension": 8,
    "oral_not_tolerated": 5,
    "fracture_history_taken": 80,
}


def _body(chance: Random, sex: Sex, age: int) -> dict[str, Any]:
    middle = 160 if sex is Sex.FEMALE else 173
    height = round(chance.triangular(middle - 15, middle + 14, middle - (age - 50) / 15), 0)
    body_mass = chance.triangular(17, 38, 25)
    found = {"height_cm": height, "weight_kg": round(body_mass * (height / 100) ** 2, 1)}
    if percent(chance, 55):
        found["height_loss_cm"] = float(int(chance.triangular(0, 8, 1)))
    return found if percent(chance, 97) else {}


def _bloods(chance: Random, sex: Sex, age: int) -> dict[str, Any]:
    """Bloods of one day; creatinine and eGFR agree roughly, as a teaching case would have it."""
    if not percent(chance, 97):
        return {}
    egfr = int(chance.triangular(22, 100, 96 - (age - 50) * 0.7))
    found: dict[str, Any] = {
        "egfr": float(egfr),
        "creatinine_umol_l": float(round((5400 if sex is Sex.FEMALE else 6900) / egfr)),
        "adjusted_calcium_mmol_l": round(chance.triangular(2.18, 2.6, 2.36), 2),
        "chronic_kidney_disease": egfr < 30,
    }
    if percent(chance, 95):
        found["vitamin_d_nmol_l"] = float(int(chance.triangular(16, 125, 66)))
    return found


def _frax(chance: Random, on: date, age: int) -> FraxResult:
    """A result as somebody typed it in from the FRAX page: a plausible number, computed by nobody."""
    major = round(chance.triangular(5, 18 + (age - 50) * 0.5, 8 + (age - 50) * 0.3), 1)
    return FraxResult(major, round(major * (0.2 + chance.random() * 0.35), 1), on, "UK", with_bmd=False)
