"""Parameter ids in words, for reports and charts."""

from __future__ import annotations

import re
from collections.abc import Mapping

_WORDS = {
    "refracture.rr_1y": "Fracture rate one year after a fracture (ratio)",
    "refracture.rr_10y": "Fracture rate ten years after a fracture (ratio)",
    "refracture.per_year_of_age": "Rise of the fracture rate with a year of age (ratio)",
    "mortality.attributable_fraction": "Share of the excess mortality that fractures cause",
    "treatment.waning_years": "Years until the effect has waned",
    "treatment.waning_share": "Share of the effect that remains while it wanes",
    "treatment.onset_weeks": "Weeks until the drug has its effect",
    "treatment.course_years": "Years of treatment planned",
    "care_home.after_hip": "Risk of entering a care home after a hip fracture",
    "care_home.share_before": "Share living in a care home at the first fracture",
    "cost.social_care_hip": "Social and informal care after a hip fracture",
    "cost.care_home_year": "Cost of a year in a care home",
    "caseload.per_hip_fracture": "Fragility fractures for each hip fracture",
    "treatment.start_week": "Weeks from the fracture to the start of treatment",
    "uncertainty.relative_se": "Standard error of costs without an interval, as a share",
}
_PATTERNS = (
    (r"efficacy\.(\w+)\.(\w+)", "Effect of {0} on {1} fractures (rate ratio)"),
    (r"cost\.drug\.(\w+)", "Price of {0} for a year"),
    (r"cost\.(hip|vertebral|other)", "Hospital cost of a fracture: {0}"),
    (r"bed_days\.(\w+)", "Bed days for a fracture: {0}"),
    (r"mortality\.(\w+)\.year1\.(\w+)", "Mortality in the first year after a fracture: {0}, {1} (ratio)"),
    (r"mortality\.(\w+)\.year1", "Mortality in the first year after a fracture: {0} (ratio)"),
    (r"mortality\.(\w+)\.later", "Mortality in later years after a fracture: {0} (ratio)"),
    (r"utility\.(\w+)\.year1", "Utility in the first year after a fracture: {0}"),
    (r"utility\.(\w+)\.later", "Utility in later years after a fracture: {0}"),
    (r"incidence\.(\w+)\.(\w+)", "Published incidence: {0}, {1}"),
    (r"persistence\.(\d+)m", "Published share on treatment at {0} months"),
    (r"refracture\.calibration\.(\w+)", "Level of the rate of second fractures: {0}"),
)
_ARM = {
    "identified": "share identified",
    "assessed": "share assessed",
    "recommended": "share recommended a drug",
    "started": "share starting the drug",
    "on_treatment_52wk": "share on treatment at 52 weeks",
    "service_cost_per_year": "service cost a year",
    "cost_per_assessment": "cost of an assessment",
    "mortality_ratio_year1": "effect on deaths in the first year (rate ratio)",
    "falls.reach": "share reached by the falls programme",
    "falls.rate_ratio": "effect of the falls programme (rate ratio)",
    "falls.cost_per_person": "falls programme, cost a person",
}


def label(name: str, arms: Mapping[str, str] | None = None) -> str:
    """A parameter's id in words; the id itself where there are none.

    Args:
        arms: what to call each arm, by its name in the scenario.
    """
    if name in _WORDS:
        return _WORDS[name]
    for pattern, words in _PATTERNS:
        found = re.fullmatch(pattern, name)
        if found:
            return words.format(*found.groups())
    arm = re.fullmatch(r"arms\.([^.]+)\.(.+)", name)
    if arm and arm[2] in _ARM:
        return f"{(arms or {}).get(arm[1], arm[1])}: {_ARM[arm[2]]}"
    return name


def in_words(line: str, arms: Mapping[str, str] | None = None) -> str:
    """A line that begins with a parameter's id, with its words instead."""
    name = re.match(r"[\w.]+", line)
    if name is None or "." not in name[0]:
        return line[:1].upper() + line[1:]
    return label(name[0], arms) + line[name.end() :]


_SECTIONS = (
    ("caseload.per_hip", "Constants"),
    ("caseload.", "How many fractures"),
    ("arms.current.drugs", "Which drugs"),
    ("arms.target.drugs", "Which drugs"),
    ("arms.current.falls", "A falls programme beside it"),
    ("arms.target.falls", "A falls programme beside it"),
    ("cost.drug", "Drugs"),
    ("cost.", "Fractures and care"),
    ("uncertainty.", "Fractures and care"),
    ("efficacy.", "What a drug does to the rate of fractures"),
    ("treatment.", "The course of treatment"),
    ("persistence.", "How many stay on treatment (published, all drugs)"),
    ("incidence.", "First fractures"),
    ("refracture.", "Second fractures"),
    ("mortality.", "Deaths"),
    ("bed_days.", "Beds and care homes"),
    ("care_home.", "Beds and care homes"),
    ("utility.", "Quality of life"),
)
_MORE = ("cost_per", "service_cost", "assessments_per", "mortality_ratio")


def section(name: str) -> str:
    """The heading under which a figure stands on its page."""
    if name.startswith("arms.") and name.split(".")[2].startswith(_MORE):
        return "What it costs and can do"
    found = next((words for start, words in _SECTIONS if name.startswith(start)), "")
    return found or "From fracture to treatment"
