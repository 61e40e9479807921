"""Evidence summary, service model and gap analysis."""

from __future__ import annotations

from openfls.toolkit.kit.forms import STATES
from openfls.toolkit.kit.local import Local, data
from openfls.toolkit.kit.paper import Bullets, Gap, Heading, Paper, Part, Text, or_gap
from openfls.toolkit.result_tables import funnel
from openfls.toolkit.tables import Table


def evidence_summary(local: Local) -> Paper:
    """What is known, by section, each line with its source and how it is known."""
    parts: list[Part] = []
    section = ""
    for row in data("evidence")["evidence"]:
        if row["section"] != section:
            section = row["section"]
            parts.append(Heading(section))
        parts.append(Text(row["words"]))
        parts.append(Text(f"Source: {row['source']} ({row['confidence']}).", quiet=True))
    parts += [
        Heading("What is known locally"),
        or_gap(local.word("evidence-summary", "local"), "a local audit, figure or story"),
        Heading("What is not known"),
        Bullets(
            (
                "How many fractures a service prevents has been seen in observed groups; those who are reached may "
                "differ from those who are not.",
                "Age-specific fracture rates by site for the UK were not found; the benefits model says how it does "
                "without.",
                "Marks: checked = read in the source; recalled = from memory, to be confirmed before it is quoted.",
            )
        ),
    ]
    return Paper("evidence-summary", "Evidence summary: fracture liaison services", local.place, tuple(parts))


def service_model(local: Local) -> Paper:
    """Types A to D side by side, and the one chosen."""
    rows: list[tuple[str, ...]] = [("Type", "What the service does", "Scanned", "Treated")]
    for each in data("evidence")["models"]:
        scanned = f"{each['bmd']} %" if "bmd" in each else "not found"
        rows.append((each["id"], f"{each['name']}. {each['words']}", scanned, f"{each['treatment']} %"))
    chosen = local.word("service-model", "type")
    names = {each["id"]: each["name"] for each in data("evidence")["models"]}
    parts: list[Part] = [
        Table("", tuple(rows)),
        Text("Source: Ganda 2013, 42 studies; the types checked, the shares recalled (high).", quiet=True),
        Heading("Our choice"),
        Text(f"Type {chosen}: {names[chosen]}.") if chosen else Gap("the type you choose, A to D"),
        or_gap(local.word("service-model", "why"), "why this type"),
        Heading("The pathway"),
        or_gap(local.word("service-model", "pathway"), "where people are found, and by whom"),
        Bullets(
            (
                "Identified: wards, emergency department, fracture clinic, imaging reports of the spine.",
                "Assessed within 90 days: risk, bone density where indicated, blood tests, falls.",
                "Informed: written information, a shared decision.",
                "Treated: recommended or started, general practice told.",
                "Followed up: at 16 weeks and at 52, then yearly.",
                "Counted: every step against the clinical standards.",
            )
        ),
    ]
    base = local.found or local.base
    if base is not None:
        parts.append(funnel(base))
    return Paper("service-model", "Pathway and model of the service", local.place, tuple(parts))


def gap_analysis(local: Local) -> Paper:
    """The ten standards: how each stands, how one knows, what is to be done."""
    standards = data("standards")["standards"]

    def word(number: int, key: str) -> str:
        return local.word("gap-analysis", f"{number}.{key}")

    states = [word(each["number"], "state") for each in standards]
    counted = ", ".join(f"{states.count(state)} {words.lower()}" for state, words in STATES.items() if state)
    rows: list[tuple[str, ...]] = [("Standard", "How it stands", "What is to be done", "Who", "By when")]
    for each in standards:
        number = each["number"]
        rows.append(
            (
                f"{each['number']}. {each['title']} ({each['iq']})",
                STATES[word(number, "state")],
                word(number, "action") or ("–" if word(number, "state") == "met" else "[to be filled in]"),
                word(number, "who") or "–",
                word(number, "when") or "–",
            )
        )
    parts: list[Part] = [
        Text(f"Of ten standards: {counted}, {states.count('')} not judged yet."),
        Table("", tuple(rows)),
        Heading("Standard by standard"),
    ]
    for each in standards:
        number = each["number"]
        parts += [
            Heading(f"{each['number']}. {each['title']}", 2),
            Text(each["words"]),
            Text(STATES[word(number, "state")] + "."),
            or_gap(word(number, "evidence"), each["ask"]),
            Text(f"Known: {each['confidence']}.", quiet=True),
        ]
    parts.append(Text(f"Source: {data('standards')['source']}.", quiet=True))
    return Paper("gap-analysis", "Gap analysis against the ten clinical standards", local.place, tuple(parts))
