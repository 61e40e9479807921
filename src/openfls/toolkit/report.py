"""The report as a tagged PDF, set by Typst from the findings: no clock, no network, no system font."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import resources
from typing import Any

import typst

from openfls.toolkit.labels import label
from openfls.toolkit.wording import against, number, percent, pounds, sentences


def pdf(found: Mapping[str, Any], charts: Mapping[str, str], record: Mapping[str, Any]) -> bytes:
    """The report's PDF; the same findings give the same bytes."""
    content = {
        "title": found["title"],
        "version": record["openfls"],
        "sentences": sentences(found),
        "against": against(found),
        "not_known": found["not_known"],
        "held_fixed": [label(name, found["labels"]) for name in found["held_fixed"]],
        "charts": [_chart(svg) for svg in charts.values()],
        "tables": [make(found) for make in (_funnel, _caseload, _outcomes, _money, _payers, _risks, _worth)],
        "record": [["What", "Value"], *([name, str(record[name])] for name in RECORDED)],
    }
    template = resources.files("openfls.toolkit").joinpath("data/report.typ").read_bytes()
    compiler = typst.Compiler(template, ignore_system_fonts=True, sys_inputs={"report": json.dumps(content)})
    # PDF/UA-1 is the standard of accessible PDF; the fixed date keeps equal findings equal bytes.
    made = compiler.compile(format="pdf", pdf_standards="ua-1", timestamp=datetime(2000, 1, 1, tzinfo=UTC))
    if not isinstance(made, bytes):
        raise TypeError("one PDF was expected")
    return made


RECORDED = (
    "openfls",
    "python",
    "numpy",
    "seed",
    "draws",
    "lifetime_draws",
    "inputs_sha256",
    "results_sha256",
)


def _chart(svg: str) -> dict[str, str]:
    def inside(tag: str) -> str:
        return svg.split(f"<{tag} ", 1)[1].split(">", 1)[1].split(f"</{tag}>", 1)[0]

    return {"svg": svg, "title": inside("title"), "alt": inside("desc")}


def _table(title: str, rows: list[list[str]], note: str = "") -> dict[str, Any]:
    return {"title": title, "rows": rows, "note": note}


def _names(found: Mapping[str, Any]) -> tuple[str, str]:
    return found["compared"]["current"], found["compared"]["target"]


def _funnel(found: Mapping[str, Any]) -> dict[str, Any]:
    names, labels = _names(found), found["labels"]
    steps = {
        "caseload": "Fragility fractures a year",
        "identified": "Identified",
        "assessed": "Assessed",
        "turned_away": "Turned away for want of capacity",
        "recommended": "Treatment recommended",
        "started": "Started by 16 weeks",
        "on_treatment_52wk": "On treatment at 52 weeks",
    }
    rows = [["People a year", *(labels[name] for name in names)]]
    for step, words in steps.items():
        rows.append([words, *(number(found["funnel"][name][step]) for name in names)])
    return _table("From fracture to treatment", rows)


def _caseload(found: Mapping[str, Any]) -> dict[str, Any]:
    rows = [["Method", "All", "Hip", "Spine", "Other"]]
    for name, each in found["caseload"]["methods"].items():
        used = " (used)" if name == found["caseload"]["used"] else ""
        rows.append([name + used, *(number(each[key]) for key in ("total", "hip", "vertebral", "other"))])
    return _table("The caseload, counted in every way the figures allow", rows, "Fragility fractures a year.")


def _outcomes(found: Mapping[str, Any]) -> dict[str, Any]:
    names, labels, budget = _names(found), found["labels"], found["budget"]
    wanted = {
        "fractures": "Second fractures",
        "fractures.hip": "of these hip",
        "bed_days": "Bed days (where a figure exists)",
        "deaths": "Deaths",
        "qalys": "QALYs, undiscounted",
    }
    rows = [[f"Over {found['years']} years", *(labels[name] for name in names), "Difference"]]
    for key, words in wanted.items():
        difference = budget["difference"][key]
        shown = number(0.0 if abs(difference) < 1e-6 else difference)
        rows.append([words, *(f"{budget['arms'][name][key]:,.0f}" for name in names), shown])
    return _table("What happens (base case)", rows)


def _money(found: Mapping[str, Any]) -> dict[str, Any]:
    budget = found["budget"]
    rows = [["Difference in cost, undiscounted", f"Over {found['years']} years"]]
    rows += [[payer, pounds(value)] for payer, value in budget["cost_difference_by_payer"].items()]
    for kind, value in budget["cost_difference_by_release"].items():
        rows.append([f"Releases or needs: {kind}", pounds(value)])
    rows.append(["Discounted, in the scenario's perspective", pounds(budget["cost_difference_discounted"])])
    rows.append(["QALYs gained, discounted", number(budget["qaly_difference_discounted"])])
    for name, horizon in (("these years", budget), ("a lifetime", found["lifetime"])):
        ratio = horizon["icer"]
        shown = "no ratio" if ratio is None else f"{pounds(ratio)} a QALY, {horizon['quadrant']}"
        rows.append([f"Cost per QALY over {name}", shown])
    return _table("Who pays, and what is set free (base case)", rows)


def _payers(found: Mapping[str, Any]) -> dict[str, Any]:
    rows = [["Payer", *(f"Year {year + 1}" for year in range(found["years"]))]]
    for payer, values in found["budget"]["cost_difference_by_payer_and_year"].items():
        rows.append([payer, *(pounds(value) for value in values)])
    return _table("Difference in cost by payer and year (base case, undiscounted)", rows)


def _risks(found: Mapping[str, Any]) -> dict[str, Any]:
    rows = [["Risk of a second fracture", "Published", "Here", "Here, without deaths"]]
    for each in found["calibration"]:
        shares = (
            f"{each['published_pct']:g} %",
            f"{each['ours_pct']:.1f} %",
            f"{each['ours_without_death_pct']:.1f} %",
        )
        rows.append([each["label"], *shares])
    note = "The first two published risks set the level of the model unless the scenario says otherwise."
    return _table("The model against published risks", rows, note)


def _worth(found: Mapping[str, Any]) -> dict[str, Any]:
    information, drawn = found["value_of_information"], found["probabilistic"]
    rows = [["At this worth of a QALY", "Probability of being cost-effective"]]
    for amount, share in drawn["probability_cost_effective"].items():
        rows.append([f"£{float(amount):,.0f}", percent(share)])
    note = (
        f"Knowing every figure exactly would be worth {pounds(information['evpi'])} to this decision at "
        f"£{information['willingness_to_pay']:,.0f} a QALY"
    )
    parts = ", ".join(
        f"{label(each['id'], found['labels'])} {pounds(each['value'])}" for each in information["evppi"][:3]
    )
    note += f"; of single figures: {parts}." if parts else "."
    return _table("How sure, and what knowing more would be worth", rows, note)
