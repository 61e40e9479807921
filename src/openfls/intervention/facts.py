"""The facts that drug rules and alerts may name, read from a `Situation`.

Every yes/no and every number of the picture is a fact under its own name; `DERIVED` adds what follows from several
fields: clearance, counts of fractures, treatment so far. An old result is in doubt: it may warn, it never reassures.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import get_args, get_type_hints

from openfls.intervention.broken import BONES
from openfls.intervention.calendar import add_months, months_since
from openfls.intervention.courses import TREATMENT
from openfls.intervention.expression import Fact
from openfls.intervention.names import ANTIRESORPTIVES
from openfls.intervention.situation import Situation
from openfls.record.people import Sex
from openfls.record.picture import BoneDensity, Picture

NOT_KNOWN = "not known"
Read = Callable[[Situation, Mapping[str, float]], Fact]

_ABBREVIATIONS = {"alp": "ALP", "hrt": "HRT", "egfr": "eGFR", "dxa": "DXA", "bmd": "BMD", "ssri": "SSRI"}
_OWN_WORDS = {
    "adjusted_calcium_mmol_l": "adjusted calcium (mmol/L)",
    "vitamin_d_nmol_l": "25-hydroxyvitamin D (nmol/L)",
    "creatinine_umol_l": "creatinine (µmol/L)",
    "weight_kg": "weight (kg)",
    "upright_30_min": "can stay upright for 30 minutes",
    "upright_60_min": "can stay upright for 60 minutes",
    "could_be_pregnant": "pregnant, breast-feeding or could become pregnant",
    "myocardial_infarction_or_stroke": "a heart attack or stroke, ever",
    "bone_drug_months": "months on the bone drug when the bone broke",
    "bone_drug_taken_as_meant": "the bone drug was taken as meant",
    "chronic_kidney_disease": "chronic kidney disease, stage 4 or 5",
    "cord_signs": "leg weakness, saddle numbness, or trouble with bladder or bowel",
}


def field_words(name: str) -> str:
    """The name of a field as words."""
    if name in _OWN_WORDS:
        return _OWN_WORDS[name]
    return " ".join(_ABBREVIATIONS.get(part, part) for part in name.split("_"))


def _plain_fields() -> dict[str, type]:
    hints = get_type_hints(Picture)
    kinds: dict[str, type] = {}
    for one in fields(Picture):
        inside = set(get_args(hints[one.name]))
        kind = next((kind for kind in (bool, int, float) if kind in inside), None)
        if kind is not None:
            kinds[one.name] = kind
    return kinds


PLAIN = _plain_fields()
"""The fields of the picture that are facts as they stand, with their kind."""

FRESH = {
    "creatinine_umol_l": "clearance_fresh_months",
    "adjusted_calcium_mmol_l": "calcium_fresh_months",
    "vitamin_d_nmol_l": "vitamin_d_fresh_months",
    "weight_kg": "weight_fresh_months",
}
"""The setting that says for how many months a result may be used."""


def is_old(situation: Situation, name: str, settings: Mapping[str, float]) -> bool:
    """Whether the result was older than it may be on the day for which it counts."""
    taken = situation.known_on.get(name)
    if taken is None or name not in FRESH:
        return False
    return add_months(taken, int(settings[FRESH[name]])) < (situation.results_for or situation.today)


def yes_no(value: bool | None, name: str) -> Fact:
    """A yes/no that may be missing."""
    return Fact(
        value, NOT_KNOWN if value is None else "yes" if value else "no", () if value is not None else (name,)
    )


def number(value: float | None, name: str, unit: str = "", *, doubt: bool = False) -> Fact:
    """A number that may be missing."""
    if value is None:
        return Fact(None, NOT_KNOWN, (name,))
    return Fact(float(value), f"{value:.4g} {unit}".strip(), (), doubt)


def _field(name: str) -> Read:
    def read(situation: Situation, settings: Mapping[str, float]) -> Fact:
        value = getattr(situation.picture, name)
        if PLAIN[name] is bool:
            return yes_no(value, name)
        if value is not None and is_old(situation, name, settings):
            taken = situation.known_on[name]
            return Fact(
                float(value), f"{value:.4g}, of {taken.isoformat()}: old", (f"{name} (old)",), doubt=True
            )
        return number(value, name)

    return read


def _sex(sex: Sex) -> Read:
    def read(situation: Situation, _: Mapping[str, float]) -> Fact:
        told = situation.picture.sex
        return Fact(None, NOT_KNOWN, ("sex",)) if told is Sex.UNKNOWN else yes_no(told is sex, "sex")

    return read


_FACTOR = {Sex.FEMALE: 1.04, Sex.MALE: 1.23}


def clearance(situation: Situation, settings: Mapping[str, float]) -> Fact:
    """Creatinine clearance by Cockcroft and Gault, mL/min; never taken from an eGFR."""
    picture = situation.picture
    age, weight, creatinine = picture.age, picture.weight_kg, picture.creatinine_umol_l
    given = {
        "age": age is not None,
        "sex": picture.sex in _FACTOR,
        "weight_kg": weight is not None,
        "creatinine_umol_l": creatinine is not None,
    }
    if age is None or weight is None or not creatinine or picture.sex not in _FACTOR:
        return Fact(None, NOT_KNOWN, tuple(name for name, known in given.items() if not known))
    value = (140 - age) * weight * _FACTOR[picture.sex] / creatinine
    old = [name for name in ("creatinine_umol_l", "weight_kg") if is_old(situation, name, settings)]
    shown = f"{value:.0f} mL/min" + (" (from old results)" if old else "")
    return Fact(value, shown, tuple(f"{name} (old)" for name in old), doubt=bool(old))


def _lowest_t(situation: Situation, _: Mapping[str, float]) -> Fact:
    density = situation.picture.bone_density
    if density is None:
        return Fact(None, NOT_KNOWN, ("bone_density",))
    sure, unsure = _sites(density)
    if not sure:
        return Fact(
            None,
            NOT_KNOWN,
            ("bone_density.lumbar_spine_vertebrae" if unsure else "bone_density.total_hip_t",),
        )
    lowest = min(sure)
    doubt = any(score < lowest for score in unsure)
    missing = ("bone_density.lumbar_spine_vertebrae",) if doubt else ()
    return Fact(lowest, f"{lowest:g}", missing, doubt)


def _sites(density: BoneDensity) -> tuple[list[float], list[float]]:
    """T-scores that count, and those of a spine whose number of vertebrae is not known."""
    sure = [score for score in (density.total_hip_t, density.femoral_neck_t) if score is not None]
    spine, count = density.lumbar_spine_t, density.lumbar_spine_vertebrae
    if spine is not None and count is not None and count >= 2:
        sure.append(spine)
    unsure = [spine] if spine is not None and count is None else []
    if not sure and not unsure and density.forearm_t is not None:
        sure.append(density.forearm_t)
    return sure, unsure


def _risk(situation: Situation, _: Mapping[str, float]) -> Fact:
    picture = situation.picture
    scores = [
        score.major_osteoporotic_pct for score in (picture.frax, picture.qfracture) if score is not None
    ]
    return number(max(scores, default=None), "FRAX or QFracture", "%")


def _years_on_drug(situation: Situation, _: Mapping[str, float]) -> Fact:
    """Months on an antiresorptive: of the course that goes on, or as told at the assessment."""
    running = situation.running(*ANTIRESORPTIVES)
    if running is not None:
        return number(months_since(running.started_on, situation.today), "started", "months")
    taken = situation.picture.bone_drug_now
    if taken == "":
        return number(0.0, "bone_drug_now", "months")
    return number(situation.picture.bone_drug_months, "bone_drug_months", "months")


DERIVED: Mapping[str, tuple[str, Read]] = {
    "female": ("a woman", _sex(Sex.FEMALE)),
    "male": ("a man", _sex(Sex.MALE)),
    "crcl": ("creatinine clearance (mL/min, Cockcroft-Gault)", clearance),
    "t_lowest": ("lowest valid T-score", _lowest_t),
    "ten_year_risk": ("10-year risk of a major fracture, FRAX or QFracture (%)", _risk),
    "antiresorptive_months": ("months on an antiresorptive drug", _years_on_drug),
    **BONES,
    **TREATMENT,
}
"""Facts that follow from several fields, with their words."""

WORDS: Mapping[str, str] = {name: field_words(name) for name in PLAIN} | {
    name: words for name, (words, _) in DERIVED.items()
}
"""Every fact and its words."""

_READERS: Mapping[str, Read] = {name: _field(name) for name in PLAIN} | {
    name: read for name, (_, read) in DERIVED.items()
}


def facts_of(situation: Situation, settings: Mapping[str, float]) -> Mapping[str, Fact]:
    """Every fact about ``situation``."""
    return {name: read(situation, settings) for name, read in _READERS.items()}
