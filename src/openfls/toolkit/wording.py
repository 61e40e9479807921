"""The findings in sentences that claim a probability, never a saving."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openfls.toolkit.labels import label

PAYER = {"nhs": "to the NHS", "nhs and social care": "to the NHS and social care"}
"""Whose costs a perspective counts."""


def pounds(amount: float) -> str:
    """An amount in whole pounds, £12,345, rounded to three figures: the model knows no more."""
    return f"{'−' if amount < 0 else ''}£{_three_figures(abs(amount)):,.0f}"


def number(value: float) -> str:
    """A number to three figures."""
    rounded = _three_figures(abs(value))
    text = f"{rounded:,.0f}" if rounded >= 100 else f"{rounded:.3g}"
    return f"{'−' if value < 0 and rounded else ''}{text}"


def _three_figures(value: float) -> float:
    return float(f"{value:.3g}")


def percent(share: float) -> str:
    """A probability in whole per cent; never 0 % or 100 % unless the wording says 'under' or 'over'."""
    if share < 0.01:
        return "under 1 %"
    return "over 99 %" if share > 0.99 else f"{100 * share:.0f} %"


def sentences(found: Mapping[str, Any]) -> list[str]:
    """What the analysis says, a sentence each."""
    labels, compared = found["labels"], found["compared"]
    target, current = labels[compared["target"]], labels[compared["current"]]
    drawn, base, years = found["probabilistic"], found["budget"], found["years"]
    fractures, cost = drawn["difference"]["fractures"], drawn["cost_difference"]
    hips = drawn["difference"]["fractures.hip"]
    lines = [
        f"Compared: “{target}” with “{current}”, over {years} yearly caseloads, from {drawn['draws']:,} "
        f"simulations "
        f"that vary the uncertain figures.",
        f"Fractures: the mean difference is {number(fractures['mean'])} over {years} years (95 % of "
        f"simulations "
        f"between {number(fractures['low'])} and {number(fractures['high'])}); of these hip fractures "
        f"{number(hips['mean'])} ({number(hips['low'])} to {number(hips['high'])}).",
        f"Cost {PAYER[found['perspective']]}: the mean difference is {pounds(cost['mean'])} over {years} years, "
        f"undiscounted (95 % between "
        f"{pounds(cost['low'])} and {pounds(cost['high'])}). The probability that it costs less than "
        f"“{current}” by then is {percent(drawn['probability_costs_less'])}.",
    ]
    for amount, share in drawn["probability_cost_effective"].items():
        lines.append(
            f"The probability that it is cost-effective at £{float(amount):,.0f} per QALY is "
            f"{percent(share)} over "
            f"{years} years{_lifetime(found, amount)}."
        )
    release = base["cost_difference_by_release"]
    lines.append(
        f"In the base case, spending that is cash changes by {pounds(release['cash'])}; hospital care "
        f"that is "
        f"capacity (beds and theatre time that can be used for others) changes by "
        f"{pounds(release['capacity'])}, "
        f"and {number(base['difference']['bed_days'])} bed days; costs outside the NHS change by "
        f"{pounds(release['outside the NHS'])}."
    )
    even, treated = base["break_even_year"], base["treated_per_fracture_avoided"]
    lines.append(
        "In the base case its running total is "
        + (
            f"no higher than the other's from year {even}."
            if even
            else f"higher in each of the {years} years."
        )
    )
    if treated is not None:
        lines.append(
            f"For each fracture avoided within {years} years, {number(treated)} more people start treatment."
        )
    if base["return_on_investment"] is not None:
        lines.append(f"{number(base['return_on_investment'])} is the {found['return_definition']}.")
    return lines


def _lifetime(found: Mapping[str, Any], amount: str) -> str:
    long = found.get("probabilistic_lifetime")
    if not long:
        return ""
    share = percent(long["probability_cost_effective"][amount])
    return f", and {share} when one year's caseload is followed for life"


def turning(threshold: Mapping[str, Any], value: float) -> str:
    """A value of the figure that a threshold was sought for, in that figure's own unit: a share or an amount."""
    return f"{100 * value:.0f} %" if threshold["figure"].endswith("started") else pounds(value)


def against(found: Mapping[str, Any]) -> list[str]:
    """What would make the case fail: the sceptic's list."""
    labels = found["labels"]
    worth = pounds(found["value_of_information"]["willingness_to_pay"])
    lines = [
        f"{label(swing['id'], labels)}: at {number(_worse(swing))}, one end of its interval, the net benefit "
        f"at {worth} a QALY is {pounds(min(swing['at_low'], swing['at_high']))}."
        for swing in found["one_way"][:3]
    ]
    lines.extend(
        f"{label(each['figure'], labels)}: the value {each['question']}: {turning(each, each['value'])}."
        if each["value"] is not None
        else f"{label(each['figure'], labels)}: no value from {turning(each, each['searched'][0])} to "
        f"{turning(each, each['searched'][1])} is one {each['question']}."
        for each in found["thresholds"]
    )
    methods = found["caseload"]["methods"]
    if len(methods) > 1:
        totals = ", ".join(f"{number(each['total'])} by {name}" for name, each in methods.items())
        lines.append(f"The caseload depends on how it is counted: {totals} fractures a year.")
    lines.extend(
        f"{each['label']}: published {each['published_pct']:g} %, here {each['ours_pct']:.1f} %"
        f" ({each['ours_without_death_pct']:.1f} % if nobody died)."
        for each in found["calibration"]
        if not each["inside"]
    )
    if found["assumed"]:
        lines.append(f"Assumed, not measured by anyone: {_listed(found['assumed'], labels)}.")
    return lines


def _listed(ids: list[str], labels: Mapping[str, str]) -> str:
    return "; ".join(label(name, labels) for name in ids)


def _worse(swing: Mapping[str, float]) -> float:
    return swing["low"] if swing["at_low"] < swing["at_high"] else swing["high"]
