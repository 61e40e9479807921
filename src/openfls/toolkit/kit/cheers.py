"""The CHEERS 2022 checklist, filled from the run record and from what only the user can know."""

from __future__ import annotations

from openfls.toolkit.kit.local import Local, data
from openfls.toolkit.kit.paper import Paper, Part, Text
from openfls.toolkit.labels import label
from openfls.toolkit.tables import Table

_ASKED = "[only you can say: fill it in on the page]"


def cheers(local: Local) -> Paper:
    """Item by item: where it is answered, or what the answer is."""
    rows = (("Item", "What it asks", "Answer"), *_answers(local))
    parts: tuple[Part, ...] = (Table("", rows), Text(f"{data('kit')['cheers']['source']}.", quiet=True))
    return Paper("cheers", "Reporting checklist (CHEERS 2022)", local.title, parts)


def _answers(local: Local) -> list[tuple[str, ...]]:
    found, record = local.found, local.record
    if found is None or record is None:
        later = "open until the case has its figures"
        return [(str(number), item, later) for number, item in enumerate(ITEMS, start=1)]
    labels = [found["labels"][found["compared"][each]] for each in ("current", "target")]
    perspective = {"nhs": "NHS", "nhs and social care": "NHS, social care and families"}[found["perspective"]]
    years = sorted({row["price_year"] for row in record["parameters"] if row["price_year"]})
    uncertain = [row for row in record["parameters"] if row["distribution"] != "fixed" and row["value"]]

    def said(key: str) -> str:
        return local.word("cheers", key) or _ASKED

    answers = (
        f"“{found['title']}”: an economic evaluation, arms named in the title page",
        "Section 1 of the business case",
        "Sections 2 and 3 of the business case; the evidence summary",
        said("plan"),
        f"People aged 50 and over with a fragility fracture in {local.place}: "
        f"{sum(v for k, v in found['funnel'][found['compared']['target']].items() if k == 'caseload'):,.0f} a year, "
        f"counted by: {found['caseload']['used']}",
        f"{local.place}; acute, community and general practice",
        f"“{labels[1]}” against “{labels[0]}”; the steps of each in the funnel table",
        f"{perspective}; payers outside it are shown apart",
        f"{found['years']} yearly caseloads, and one caseload for life",
        f"{100 * found['discount_costs']:g} % costs, {100 * found['discount_effects']:g} % health, by whole years, "
        "the first not at all",
        "Fractures by site, bed days, QALYs, costs; deaths only where switched on",
        "Published rates and ratios, listed with their sources; no outcome was measured in this study",
        "EQ-5D population norms of England times published multipliers",
        "Published costs of a fracture, the user's own prices; every line with its payer",
        f"Pounds sterling; prices of {', '.join(years)}; "
        + (
            "brought to one year by an index"
            if '[prices.index]\n"' in record["scenario"]
            else "not brought to one year"
        ),
        "A cohort state-transition model in half-years by sex, age and site; openfls, docs/explanation/benefits-model",
        "Listed in the explanation of the model and under “what is not known”; "
        f"{len(found['not_known'])} figures not known, {len(found['assumed'])} assumed",
        "Sex, age and site of the first fracture are strata; results are for the whole",
        "Not characterised: no figures by deprivation or ethnicity were found",
        f"{record['draws']:,} draws of {len(uncertain)} figures, seed {record['seed']}; one figure at a time, two at "
        "a time, thresholds, scenarios",
        said("engagement"),
        f"{len(record['parameters'])} figures with value, interval, distribution, source and confidence: appendix B",
        "Sections 6 and 7 of the business case",
        "Section 8 of the business case; value of information: "
        + (
            ", ".join(label(e["id"], found["labels"]) for e in found["value_of_information"]["evppi"][:3])
            or "none"
        ),
        said("engagement"),
        "“What would make this case fail”; the calibration against published risks; the sceptic's page",
        said("funding"),
        said("interests"),
    )
    return [(str(number), *pair) for number, pair in enumerate(zip(ITEMS, answers, strict=True), start=1)]


ITEMS = (
    "Title",
    "Abstract",
    "Background and objectives",
    "Health economic analysis plan",
    "Study population",
    "Setting and location",
    "Comparators",
    "Perspective",
    "Time horizon",
    "Discount rate",
    "Selection of outcomes",
    "Measurement of outcomes",
    "Valuation of outcomes",
    "Measurement and valuation of resources and costs",
    "Currency, price date and conversion",
    "Rationale and description of the model",
    "Analytics and assumptions",
    "Heterogeneity",
    "Distributional effects",
    "Uncertainty",
    "Engagement with patients and others affected: approach",
    "Study parameters",
    "Main results",
    "Effect of uncertainty",
    "Effect of engagement",
    "Findings, limitations, generalisability and current knowledge",
    "Source of funding",
    "Conflicts of interest",
)
