"""The business case and the presentation for the commissioner: the argument, with its figures and its doubts."""

from __future__ import annotations

from openfls.toolkit import result_tables as tables
from openfls.toolkit import uncertainty_tables as unsure
from openfls.toolkit.charts import charts
from openfls.toolkit.kit.local import Local, data
from openfls.toolkit.kit.paper import Bullets, Chart, Gap, Heading, Paper, Part, Text, or_gap
from openfls.toolkit.labels import in_words, label
from openfls.toolkit.tables import Table
from openfls.toolkit.wording import against, number, percent, pounds, sentences

ESTIMATE = (
    "A modelled estimate: it gives probabilities, not promises. Every figure, its source and how it is known stand in "
    "the appendix; anyone can run it again from its record."
)


def business_case(local: Local) -> Paper:
    """The whole argument; what the case lacks stands in it as a gap."""

    def word(key: str, wanted: str) -> Part:
        return or_gap(local.word("business-case", key), wanted)

    by = [local.word("business-case", key) for key in ("organisation", "author")]
    found = local.found
    parts: list[Part] = [
        Text(", ".join(each for each in by if each)) if any(by) else Gap("organisation and author"),
        Heading("1. Summary"),
    ]
    parts += [Bullets(tuple(sentences(found))), Text(ESTIMATE)] if found else _missing(local)
    parts += [
        Heading("2. Why now"),
        word("context", "local strategy, national plans, who asks for it"),
        Text(
            "The 10-Year Health Plan for England wants fracture liaison services everywhere by 2030 (checked: "
            "parliamentary answer 124335, 2025).",
            quiet=True,
        ),
        Heading("3. The need"),
        word("need", "what is missing today"),
    ]
    if found:
        parts += [tables.caseload(found), tables.funnel(found)]
    parts += [
        Heading("4. Options"),
        Text("Nothing changes; or a service of one of four types:"),
        Bullets(tuple(f"Type {each['id']}: {each['name']}" for each in data("evidence")["models"])),
        word("preferred", "the option you prefer, and why"),
        Heading("5. Staff and rooms"),
        word("staff", "posts, grades, clinic rooms, scanner time: see the capacity paper"),
    ]
    if found:
        parts += _findings(local)
    parts += [
        Heading("9. Risks"),
        word("risks", "risks, and what you do about them"),
        Heading("10. Timetable"),
        word("timetable", "the main dates: see the project plan"),
        Heading("11. The decision we ask for"),
        word("decision", "what the board is to decide"),
    ]
    if found:
        parts += _appendix(local)
    return Paper("business-case", local.title, "Business case", tuple(parts))


def _missing(local: Local) -> list[Part]:
    if not local.asks:
        return [Gap("the figures that need simulations: they are run for a download")]
    return [Gap("the figures of the case. Still needed:"), *(Gap(each) for each in local.asks)]


def _findings(local: Local) -> list[Part]:
    found = local.found
    if found is None:
        return []
    drawings = charts(found)
    return [
        Heading("6. What it would bring"),
        tables.outcomes(found),
        tables.summary(found),
        Heading("7. Money"),
        tables.money(found),
        tables.payers(found),
        tables.payers_discounted(found),
        Chart("cost-by-year", drawings["cost-by-year"]),
        Heading("8. How sure we are"),
        unsure.broken_even(found),
        unsure.worth(found),
        Chart("acceptability", drawings["acceptability"]),
        Chart("tornado", drawings["tornado"]),
        unsure.scenarios(found),
        Heading("What would make this case fail", 2),
        Bullets(tuple(against(found))),
    ]


def _appendix(local: Local) -> list[Part]:
    found, record = local.found, local.record
    if found is None or record is None:
        return []
    rows: list[tuple[str, ...]] = [("Figure", "Value", "Source", "Known")]
    for each in record["parameters"]:
        if each["confidence"] == "not found":
            continue
        year = f", prices of {each['price_year']}" if each["price_year"] else ""
        # As it was used: an appendix of sources must not round a published figure. What we solved has no such end.
        figure = number(each["value"]) if each["confidence"] == "derived" else f"{each['value']:,.7g}"
        value = f"{figure} {each['unit']}{year}"
        rows.append((label(each["id"], found["labels"]), value, each["source"] or "–", each["confidence"]))
    facts = ("openfls", "seed", "draws", "inputs_sha256", "results_sha256")
    return [
        Heading("Appendix A. What is not known"),
        Bullets(tuple(in_words(line, found["labels"]) for line in found["not_known"])),
        Heading("Appendix B. Every figure and its source"),
        Table("", tuple(rows)),
        Heading("Appendix C. Run it again"),
        Text("`openfls benefits --rerun run-record.json` gives the same digits on the same versions."),
        Table("", (("What", "Value"), *((each, str(record[each])) for each in facts))),
    ]


def presentation(local: Local) -> Paper:
    """Slides to speak from; each section is one."""
    found = local.found
    parts: list[Part] = [
        or_gap(local.word("presentation", "presenter"), "presented by"),
        Heading("A break that warns"),
        Bullets(
            (
                "A fragility fracture raises the risk of the next: 2.7 times at one year (Johansson 2017).",
                "Most people with one are not treated: usual care starts 17.2 % (Wu 2018).",
                "Treatment lowers the rate of hip fracture to about 0.6 (Zhao 2022).",
            )
        ),
        Heading("One person"),
        or_gap(
            local.word("presentation", "story"), "one person's story, told with consent and without a name"
        ),
        Heading(f"Here: {local.place}"),
    ]
    if found is None:
        parts += _missing(local)
    else:
        drawings, drawn, labels = charts(found), found["probabilistic"], found["labels"]
        target, current = (labels[found["compared"][each]] for each in ("target", "current"))
        fractures, cost = drawn["difference"]["fractures"], drawn["cost_difference"]
        parts += [
            tables.caseload(found),
            Heading("What the service would do"),
            tables.funnel(found),
            Heading(f"What would change over {found['years']} years"),
            Bullets(
                (
                    f"Second fractures: {number(fractures['mean'])} ({number(fractures['low'])} to "
                    f"{number(fractures['high'])}).",
                    f"Bed days: {number(drawn['difference']['bed_days']['mean'])}. A free bed is capacity, not "
                    f"cash.",
                    f"Cost: {pounds(cost['mean'])} ({pounds(cost['low'])} to {pounds(cost['high'])}).",
                    f"Compared: “{target}” with “{current}”.",
                )
            ),
            Heading("Who pays, and when"),
            tables.payers(found),
            Heading("How sure we are"),
            Bullets(
                (
                    f"Probability that it costs less by year {found['years']}: "
                    f"{percent(drawn['probability_costs_less'])}.",
                    *(
                        f"Probability that it is cost-effective at £{float(amount):,.0f} a QALY: {percent(share)}."
                        for amount, share in drawn["probability_cost_effective"].items()
                    ),
                )
            ),
            Chart("acceptability", drawings["acceptability"]),
            Heading("What would make the case fail"),
            Bullets(tuple(against(found)[:5])),
        ]
    parts += [
        Heading("What we ask for"),
        or_gap(local.word("presentation", "ask"), "what you ask for"),
        Heading("Where the figures come from"),
        Text(ESTIMATE),
    ]
    return Paper("presentation", local.title, "For the commissioner", tuple(parts), slides=True)
