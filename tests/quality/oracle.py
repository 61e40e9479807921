"""The FLS-DB indicators judged person by person in plain Python: the independent second opinion of the tests.

Written from the words of the pack, without a look at the engine: no table, no expressions, one `if` after another.
"""

from __future__ import annotations

from datetime import date

DRUGS = {
    "Alendronate",
    "Risedronate",
    "Ibandronate",
    "Zoledronate",
    "Denosumab",
    "Teriparatide",
    "Romosozumab",
    "Alfacalcidol",
    "Systemic Oestrogens",
}
DECLINED_LATER = {"Informed decline", "No longer appropriate", "Not started", "Refer for clinical opinion"}
MET, NOT_MET, OUT, UNKNOWN = "met", "not_met", "not_eligible", "not_yet_known"


def parts(value):
    return set(value.split(";")) if value else set()


class Person:
    """A row as of a day, with the questions that the indicators ask."""

    def __init__(self, row, as_of: date, switches) -> None:
        self.row = row
        self.as_of = as_of
        self.switches = switches
        self.index = row.get("index_diagnosis_date")
        self.therapy = parts(row.get("bone_therapy"))
        self.has_drug = bool(self.therapy & DRUGS)
        self.is_referred = any(part.startswith("Referred") for part in self.therapy)
        self.dead = (
            self.happened("death_date") is not None
            or row.get("deceased") == "Yes"
            or row.get("followed_up_16_weeks") == "Died"
        )

    def happened(self, column):
        day = self.row.get(column)
        return day if day is not None and day <= self.as_of else None

    def gap(self, column):
        day = self.happened(column)
        return None if day is None or self.index is None else (day - self.index).days

    def too_late(self, last_day) -> bool:
        return self.index is None or self.dead or (self.as_of - self.index).days > last_day

    def open_or_missed(self, last_day) -> str:
        return NOT_MET if self.too_late(last_day) else UNKNOWN

    def drug_denominator(self):
        """None if the person belongs, else the state."""
        choice = self.switches["denominator"]
        if choice == "all" or self.has_drug or (choice == "recommended_or_referred" and self.is_referred):
            return None
        undecided = self.row.get("bone_therapy") in (None, "Don't know")
        if undecided and self.index is not None and (self.as_of - self.index).days <= 90:
            return UNKNOWN
        return OUT


DEFAULTS = {"spine": "expected", "referred": "yes", "exercise_age": "over_75", "denominator": "recommended"}


def flsdb_states(row, as_of: date, switches=None) -> dict[str, str]:
    """The state of each of the eleven indicators."""
    person = Person(row, as_of, DEFAULTS | (switches or {}))
    age, index = row.get("age"), person.index
    if (age is not None and age < 50) or (index is not None and index > as_of):
        return {f"kpi{number}": OUT for number in range(1, 12)}
    return {
        "kpi1": complete(person),
        "kpi2": MET,
        "kpi3": spine(person),
        "kpi4": assessed(person),
        "kpi5": scanned(person),
        "kpi6": falls(person),
        "kpi7": therapy(person),
        "kpi8": exercise(person),
        "kpi9": person.drug_denominator() or followed_up(person),
        "kpi10": person.drug_denominator() or started(person),
        "kpi11": person.drug_denominator() or adherent(person),
    }


def complete(person) -> str:
    row, elapsed = person.row, None if person.index is None else (person.as_of - person.index).days
    due = ["age", "sex", "care_home", "fls_contact_date", "index_diagnosis_date", "index_site"]
    if elapsed is not None and elapsed > 90 and not person.dead:
        due += ["fls_assessment_date", "previous_fracture", "parental_hip_fracture", "smoker", "dxa"]
        due += ["bone_therapy", "falls_assessment"]
    if elapsed is not None and person.has_drug and not person.dead:
        due += ["followed_up_16_weeks"] if elapsed > 112 else []
        due += ["followed_up_52_weeks"] if elapsed > 392 else []
    due += ["bone_therapy_16_weeks"] if row.get("followed_up_16_weeks") == "Yes" else []
    due += ["bone_therapy_52_weeks"] if row.get("followed_up_52_weeks") == "Yes" else []
    return NOT_MET if any(row.get(column) is None for column in due) else MET


def spine(person) -> str:
    site = person.row.get("index_site")
    if site == "Spine":
        return MET
    return NOT_MET if site is None or person.switches["spine"] == "records" else OUT


def assessed(person) -> str:
    gap = person.gap("fls_assessment_date")
    if gap is not None:
        return MET if gap <= 90 else NOT_MET
    return person.open_or_missed(90)


def scanned(person) -> str:
    ordered = person.row.get("dxa")
    if ordered == "No":
        return OUT
    if ordered is None:
        still = person.index is not None and (person.as_of - person.index).days <= 90
        return UNKNOWN if still else OUT
    gap = person.gap("dxa_date")
    if gap is not None and gap > 0:
        return MET if gap <= 90 else NOT_MET
    return person.open_or_missed(90)


def falls(person) -> str:
    referral = person.row.get("referrals")
    if person.row.get("falls_assessment") == "Yes":
        return MET
    if referral is not None and referral not in ("None", "No", "Not referred", "Don't know"):
        return MET
    return person.open_or_missed(90)


def therapy(person) -> str:
    if person.has_drug:
        return MET
    if person.is_referred:
        return MET if person.switches["referred"] == "yes" else NOT_MET
    if person.therapy & {"Inappropriate", "Informed decline"}:
        return NOT_MET
    return person.open_or_missed(90)


def exercise(person) -> str:
    site, age = person.row.get("index_site"), person.row.get("age")
    oldest_outside = {"over_75": 75, "from_75": 74, "any": None}[person.switches["exercise_age"]]
    if site == "Hip":
        return OUT
    if site is None or (age is None and oldest_outside is not None):
        return UNKNOWN
    if oldest_outside is not None and age <= oldest_outside:
        return OUT
    if person.row.get("strength_balance_started") == "Yes":
        return MET
    return person.open_or_missed(112)


def followed_up(person) -> str:
    gap = person.gap("follow_up_16_weeks_date")
    if person.row.get("followed_up_16_weeks") == "Yes" and gap is not None:
        return MET if gap <= 112 else NOT_MET
    return person.open_or_missed(112)


def started(person) -> str:
    now = person.row.get("bone_therapy_16_weeks")
    if parts(now) & DRUGS:
        return MET
    if now in DECLINED_LATER:
        return NOT_MET
    return person.open_or_missed(112)


def adherent(person) -> str:
    row = person.row
    now, death_gap = row.get("bone_therapy_52_weeks"), person.gap("death_date")
    if row.get("followed_up_52_weeks") == "Yes" and parts(now) & DRUGS:
        return MET
    if death_gap is not None and death_gap <= 364:
        return OUT
    if "Died" in (row.get("followed_up_16_weeks"), row.get("followed_up_52_weeks")):
        return OUT
    if person.dead and person.happened("death_date") is None:
        return UNKNOWN
    if now in DECLINED_LATER:
        return NOT_MET
    return person.open_or_missed(392)
