"""The findings as tables of text, the same for the pages, the PDF and the Word file: what happens, who pays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openfls.toolkit.money import LINES
from openfls.toolkit.tables import Found, Table
from openfls.toolkit.wording import PAYER, number, pounds

STEPS = {
    "caseload": "Fragility fractures a year",
    "identified": "Identified",
    "assessed": "Assessed",
    "turned_away": "Turned away for want of capacity",
    "recommended": "Treatment recommended",
    "started": "Started by 16 weeks",
    "on_treatment_52wk": "On treatment at 52 weeks",
}


def names(found: Found) -> tuple[str, str]:
    """The arm compared against, and the arm compared."""
    return found["compared"]["current"], found["compared"]["target"]


def funnel(found: Found) -> Table:
    """From fracture to treatment."""
    both, labels = names(found), found["labels"]
    rows = [("People a year", *(labels[name] for name in both))]
    merged = [name for name in both if _one_figure(found["funnel"][name])]
    rows += [
        (
            words,
            *(
                "not told apart"
                if name in merged and step in _BEFORE_START
                else number(found["funnel"][name][step])
                for name in both
            ),
        )
        for step, words in STEPS.items()
    ]
    note = "; ".join(
        f"{labels[name]}: known only as a share of all fractures that starts a drug, not step by step"
        for name in merged
    )
    return Table("From fracture to treatment", tuple(rows), f"{note}." if note else "")


_BEFORE_START = ("identified", "assessed", "recommended")


def _one_figure(steps: Mapping[str, float]) -> bool:
    """Whether an arm is given as one share for the whole way to a drug, as usual care is published: each step
    before it then holds everybody, which must not be read as everybody found."""
    return bool(steps["caseload"]) and all(steps[step] == steps["caseload"] for step in _BEFORE_START)


METHODS = {
    "own": "The service's own counts",
    "hips": "Five fragility fractures for each hip fracture",
    "population": "Population times published incidence",
}


def caseload(found: Found) -> Table:
    """The caseload in every way the figures allow."""
    rows: list[tuple[str, ...]] = [("Counted by", "All", "Hip", "Spine", "Other")]
    for name, each in found["caseload"]["methods"].items():
        used = " (used)" if name == found["caseload"]["used"] else ""
        numbers = (number(each[key]) for key in ("total", "hip", "vertebral", "other"))
        rows.append((METHODS[name] + used, *numbers))
    return Table(
        "The caseload, counted in every way the figures allow", tuple(rows), "Fragility fractures a year."
    )


OUTCOMES = {
    "fractures": "Second fractures",
    "fractures.hip": "of these hip",
    "fractures.vertebral": "of these spine",
    "fractures.other": "of these other",
    "bed_days": "Bed days (where a figure exists)",
    "deaths": "Deaths",
    "care_home_entries": "Care-home entries after hip fracture",
    "life_years": "Life years",
    "qalys": "QALYs, undiscounted",
    "drug_years": "Years on a drug",
    "started": "People starting a drug",
}


def outcomes(found: Found) -> Table:
    """What happens in the base case."""
    both, labels, budget = names(found), found["labels"], found["budget"]
    rows = [(f"Over {found['years']} years", *(labels[name] for name in both), "Difference")]
    notes = []
    for key, words in OUTCOMES.items():
        difference = budget["difference"][key]
        shown = number(0.0 if abs(difference) < 1e-6 else difference)
        if key == "care_home_entries" and not any(budget["arms"][name][key] for name in both):
            notes.append("Care-home entries are not counted: no risk of entering one was found or given.")
            continue
        if key == "deaths" and abs(difference) < 1e-6:
            notes.append("Second fractures are taken to cause no deaths: that setting is off.")
        rows.append((words, *(f"{budget['arms'][name][key]:,.0f}" for name in both), shown))
    notes.append("A difference is taken of the exact figures and then rounded to three digits.")
    return Table("What happens (base case)", tuple(rows), " ".join(notes))


RELEASES = {
    "cash": "Spending that is cash",
    "capacity": "Hospital care: capacity for others",
    "outside the NHS": "Outside the NHS",
}


def money(found: Found) -> Table:
    """What is cash, and what a free bed."""
    rows = [("Difference in cost, undiscounted", f"Over {found['years']} years")]
    rows += [
        (RELEASES.get(kind, kind), pounds(value))
        for kind, value in found["budget"]["cost_difference_by_release"].items()
    ]
    note = (
        "Below zero: released. A bed that is free for a day brings a hospital little money; it is there for somebody "
        "else. The two are never added up to one sum."
    )
    return Table("Cash and capacity apart (base case)", tuple(rows), note)


def _by_payer(found: Found, factor: float) -> list[tuple[str, ...]]:
    years = found["years"]
    rows: list[tuple[str, ...]] = [("Payer", *(f"Year {year + 1}" for year in range(years)), "All years")]
    for payer, values in found["budget"]["cost_difference_by_payer_and_year"].items():
        each = [value * factor**year for year, value in enumerate(values)]
        rows.append((payer, *map(pounds, each), pounds(sum(each))))
    together = [value * factor**year for year, value in enumerate(found["budget"]["cost_difference_by_year"])]
    rows.append(
        (f"Counted here: cost {PAYER[found['perspective']]}", *map(pounds, together), pounds(sum(together)))
    )
    return rows


def payers(found: Found) -> Table:
    """Difference in cost by payer and year."""
    return Table(
        "Difference in cost by payer and year (base case, undiscounted)", tuple(_by_payer(found, 1.0))
    )


def payers_discounted(found: Found) -> Table:
    """The same, discounted."""
    rate = found["discount_costs"]
    return Table(f"The same, discounted at {100 * rate:g} % a year", tuple(_by_payer(found, 1 / (1 + rate))))


def summary(found: Found) -> Table:
    """The ratios and sums by which a case is judged."""
    budget = found["budget"]
    rows: list[tuple[str, ...]] = [("Judged by (base case)", f"Over {found['years']} years")]
    horizons = [(f"{found['years']} years", budget)]
    if "lifetime" in found:
        rows = [("Judged by (base case)", f"Over {found['years']} years", "One caseload for life")]
        horizons.append(("lifetime", found["lifetime"]))

    def add(words: str, show: Any) -> None:
        rows.append((words, *(show(each) for _, each in horizons)))

    add("Cost difference, undiscounted", lambda h: pounds(h["cost_difference"]))
    add("Cost difference, discounted", lambda h: pounds(h["cost_difference_discounted"]))
    add("QALYs gained, discounted", lambda h: number(h["qaly_difference_discounted"]))
    add("Cost per QALY (ICER)", _ratio)
    for amount in budget["net_benefit"]:
        worth = f"£{float(amount):,.0f}"
        add(f"Net benefit at {worth} a QALY", lambda h, a=amount: pounds(h["net_benefit"][a]))
    add(
        "Return on investment",
        lambda h: (
            "none: nothing more is spent"
            if h["return_on_investment"] is None
            else number(h["return_on_investment"])
        ),
    )
    add("Breaks even in year", lambda h: str(h["break_even_year"] or "not within them"))
    add(
        "More people treated for one fracture avoided",
        lambda h: (
            "no fracture avoided"
            if h["treated_per_fracture_avoided"] is None
            else number(h["treated_per_fracture_avoided"])
        ),
    )
    definition = found["return_definition"]
    note = (
        f"Costs are those {PAYER[found['perspective']]}; what falls on others stands under “Cash and capacity apart”. "
        f"{definition[0].upper()}{definition[1:]}."
    )
    return Table("What the case comes to (base case)", tuple(rows), note)


def _ratio(horizon: Found) -> str:
    ratio = horizon["icer"]
    return "no ratio" if ratio is None else f"{pounds(ratio)} ({horizon['quadrant']})"


def lines(found: Found) -> Table:
    """Cost by line, both arms."""
    both, labels, budget = names(found), found["labels"], found["budget"]
    rows = [("Cost, undiscounted", *(labels[name] for name in both), "Difference")]
    for line in LINES:
        key = f"cost.{line.id}"
        rows.append(
            (
                line.label,
                *(pounds(budget["arms"][name][key]) for name in both),
                pounds(budget["difference"][key]),
            )
        )
    return Table(f"Cost by line over {found['years']} years (base case)", tuple(rows))
