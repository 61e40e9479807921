"""The findings as tables of text: how sure, what moves the answer, and at which value it turns."""

from __future__ import annotations

from openfls.toolkit.labels import label
from openfls.toolkit.tables import Found, Table
from openfls.toolkit.wording import number, percent, pounds, turning


def worth(found: Found) -> Table:
    """The probability of being cost-effective at each worth of a QALY."""
    series = [("years", found["probabilistic"])]
    if "probabilistic_lifetime" in found:
        series.append(("lifetime", found["probabilistic_lifetime"]))
    heads = {"years": f"Over {found['years']} years", "lifetime": "One caseload for life"}
    rows = [("At this worth of a QALY", *(heads[name] for name, _ in series))]
    for amount in found["probabilistic"]["probability_cost_effective"]:
        shares = (each["probability_cost_effective"][amount] for _, each in series)
        rows.append((f"£{float(amount):,.0f}", *map(percent, shares)))
    return Table("Probability of being cost-effective", tuple(rows))


def broken_even(found: Found) -> Table:
    """The probability of having broken even by each year, and of the rest."""
    drawn = found["probabilistic"]
    rows = [("What", "Probability")]
    rows += [
        (f"Has broken even by the end of year {year}", percent(share))
        for year, share in enumerate(drawn["probability_broken_even_by_year"], start=1)
    ]
    rows += [
        ("Fewer fractures", percent(drawn["probability_fewer_fractures"])),
        ("More QALYs", percent(drawn["probability_more_qalys"])),
    ]
    return Table("How probable it is", tuple(rows), f"From {drawn['draws']:,} simulations.")


def spread(found: Found) -> Table:
    """Mean and 95 % of the simulations."""
    drawn = found["probabilistic"]
    rows = [("Difference", "Mean", "95 % of simulations between")]
    for key, words in (
        ("fractures", "Second fractures"),
        ("fractures.hip", "of these hip"),
        ("bed_days", "Bed days"),
        ("deaths", "Deaths"),
    ):
        each = drawn["difference"][key]
        rows.append((words, number(each["mean"]), f"{number(each['low'])} and {number(each['high'])}"))
    for key, words in (
        ("cost_difference", "Cost, undiscounted"),
        ("cost_difference_discounted", "Cost, discounted"),
    ):
        rows.append(
            (
                words,
                pounds(drawn[key]["mean"]),
                f"{pounds(drawn[key]['low'])} and {pounds(drawn[key]['high'])}",
            )
        )
    q = drawn["qaly_difference_discounted"]
    rows.append(
        ("QALYs gained, discounted", number(q["mean"]), f"{number(q['low'])} and {number(q['high'])}")
    )
    return Table(
        f"What the simulations say, over {found['years']} years", tuple(rows), "The table beside the plane."
    )


def acceptability(found: Found) -> Table:
    """The acceptability curve and the frontier, every 10,000 pounds."""
    drawn, labels = found["probabilistic"], found["labels"]
    long = found.get("probabilistic_lifetime")
    head = ["A QALY is worth", f"Probability, {found['years']} years", "Best by mean net benefit (frontier)"]
    rows = [tuple([*head, "Probability, lifetime"] if long else head)]
    for place in range(0, len(drawn["acceptability"]), 5):
        amount, share = drawn["acceptability"][place]
        best = drawn["frontier"][place]
        row = [f"£{amount:,.0f}", percent(share), f"{labels[best[1]]}, {percent(best[2])}"]
        rows.append(tuple([*row, percent(long["acceptability"][place][1])] if long else row))
    return Table("Acceptability curve and frontier", tuple(rows))


def one_way(found: Found) -> Table:
    """The tornado's table."""
    amount = found["value_of_information"]["willingness_to_pay"]
    rows = [("Figure", "At its low end", "Net benefit there", "At its high end", "Net benefit there")]
    rows += [
        (
            label(swing["id"], found["labels"]),
            number(swing["low"]),
            pounds(swing["at_low"]),
            number(swing["high"]),
            pounds(swing["at_high"]),
        )
        for swing in found["one_way"][:10]
    ]
    return Table(f"One figure at a time: net benefit at {pounds(amount)} a QALY", tuple(rows))


def thresholds(found: Found) -> Table:
    """At which value the answer turns."""
    rows = [("Figure", "Question", "Answer")]
    for each in found["thresholds"]:
        low, high = (turning(each, end) for end in each["searched"])
        shown = f"none between {low} and {high}" if each["value"] is None else turning(each, each["value"])
        rows.append((label(each["figure"], found["labels"]), f"the value {each['question']}", shown))
    return Table("Where the answer turns", tuple(rows))


def two_way(found: Found) -> Table:
    """Net benefit over two figures."""
    grid = found["two_way"]
    amount = found["value_of_information"]["willingness_to_pay"]
    rows = [
        ("Share that starts", *(f"Service costs {pounds(each)}" for each in grid["service_cost_per_year"]))
    ]
    rows += [
        (f"{100 * share:.0f} %", *map(pounds, values))
        for share, values in zip(grid["started"], grid["net_benefit"], strict=True)
    ]
    return Table(f"Two figures at a time: net benefit at {pounds(amount)} a QALY", tuple(rows))


def scenarios(found: Found) -> Table:
    """The case under other choices."""
    rows = [("Choice", "Fractures", "of these hip", "Cost", "QALYs", "Breaks even")]
    for each in found["scenarios"]:
        if each["problem"]:
            rows.append((each["label"], f"cannot be run: {each['problem']}", "", "", "", ""))
            continue
        rows.append(
            (
                each["label"],
                number(each["fractures"]),
                number(each["hip"]),
                pounds(each["cost"]),
                number(each["qalys"]),
                f"year {each['break_even_year']}" if each["break_even_year"] else "not within them",
            )
        )
    whys = [f"{each['label']}: {each['why']}." for each in found["scenarios"] if each["why"]]
    return Table("The same case under other choices (differences, base case)", tuple(rows), " ".join(whys))


def information(found: Found) -> Table:
    """What knowing more would be worth."""
    known = found["value_of_information"]
    rows = [("If this were known exactly", "Worth to this decision")]
    rows.append(("Every figure", pounds(known["evpi"])))
    rows += [(label(each["id"], found["labels"]), pounds(each["value"])) for each in known["evppi"]]
    note = f"At £{known['willingness_to_pay']:,.0f} a QALY, for this area over these years."
    return Table("What knowing more would be worth (EVPI, EVPPI)", tuple(rows), note)


def calibration(found: Found) -> Table:
    """The model against published risks."""
    rows = [("Risk of a second fracture", "Published", "Here", "Here, without deaths")]
    rows += [
        (
            each["label"],
            f"{each['published_pct']:g} %",
            f"{each['ours_pct']:.1f} %",
            f"{each['ours_without_death_pct']:.1f} %",
        )
        for each in found["calibration"]
    ]
    note = "The first two published risks set the level of the model unless the scenario says otherwise."
    return Table("The model against published risks", tuple(rows), note)
