"""Service specification, project plan and indicators."""

from __future__ import annotations

from openfls.toolkit.kit.local import Local, data
from openfls.toolkit.kit.paper import Bullets, Gap, Heading, Paper, Part, Text, or_gap
from openfls.toolkit.result_tables import caseload, funnel
from openfls.toolkit.tables import Table


def service_specification(local: Local) -> Paper:
    """By the headings of a commissioner's contract."""

    def word(key: str, wanted: str) -> Part:
        return or_gap(local.word("service-specification", key), wanted)

    base = local.found or local.base
    rows = (
        ("Service", "Fracture liaison service"),
        *(
            (label, local.word("service-specification", key) or f"[{label.lower()}]")
            for key, label in (
                ("commissioner", "Commissioner"),
                ("provider", "Provider"),
                ("period", "Period"),
            )
        ),
    )
    parts: list[Part] = [
        Table("", (("Particular", "What"), *rows)),
        Heading("1. Population needs"),
        word("need", "the needs of the local population"),
    ]
    parts.append(caseload(base) if base else Gap("the local caseload: figures are missing in the case"))
    parts += [
        Heading("2. Outcomes"),
        Bullets(
            (
                "Fewer second fractures, hip fractures above all.",
                "People know their risk, take part in the decision, and are supported to stay on treatment.",
                "Every person aged 50 and over with a fragility fracture is found, whatever the hospital or the site.",
            )
        ),
        Heading("3. Scope"),
        Heading("Pathway", 2),
        Bullets(
            tuple(
                f"{each['iq']}: {each['words']}"
                for each in data("standards")["standards"]
                if each["number"] < 8
            )
        ),
        Heading("Who is not included", 2),
        word("excluded", "who is not included, and where they go instead"),
        Heading("Services it depends on", 2),
        word(
            "partners", "imaging, falls service, general practice, pharmacy, orthogeriatrics, dental care …"
        ),
        Heading("4. Standards"),
        Bullets(tuple(f"{each['number']}. {each['title']}" for each in data("standards")["standards"])),
        Text(
            f"{data('standards')['source']}. Put the society's own text beside it before signing.", quiet=True
        ),
        Heading("5. Quality and reporting"),
        Text(
            "The provider sends all records to the national audit, and reports the indicators below each quarter."
        ),
        _indicator_table(local),
        Heading("6. Location"),
        word("location", "where and when the service works"),
        Heading("7. Activity"),
    ]
    parts.append(funnel(base) if base else Gap("activity: figures are missing in the case"))
    return Paper(
        "service-specification", "Service specification: fracture liaison service", local.place, tuple(parts)
    )


def project_plan(local: Local) -> Paper:
    """Each step, who, and by when."""
    parts: list[Part] = []
    for key, label in (("champion", "Clinical lead"), ("sponsor", "Sponsor"), ("group", "Project group")):
        written = local.word("project-plan", key)
        parts.append(Text(f"{label}: {written}") if written else Gap(f"{label.lower()}"))
    phases: dict[str, list[tuple[str, ...]]] = {}
    for each in data("kit")["steps"]:
        who, when = (local.word("project-plan", f"{each['key']}.{what}") for what in ("who", "when"))
        phases.setdefault(each["phase"], []).append((each["words"], who or "[who]", when or "[by when]"))
    for phase, rows in phases.items():
        parts += [Heading(phase), Table("", (("Step", "Who", "By when"), *rows))]
    return Paper("project-plan", "Project plan: fracture liaison service", local.place, tuple(parts))


def indicators(local: Local) -> Paper:
    """What is counted and aimed at; an agreement, not a contract."""
    parts: tuple[Part, ...] = (
        Text(
            "Each indicator is a share of people. It is counted by one definition, the national audit's; numerator "
            "and denominator are reported with it."
        ),
        _indicator_table(local),
        Text(
            "Green in the national audit: from 80 %, spine over 20 %, treatment recommended over 50 % (checked: "
            "fffap.org.uk 2019, 2021). An aim is yours to agree with your commissioner.",
            quiet=True,
        ),
    )
    return Paper("indicators", "Indicators of the fracture liaison service", local.place, parts)


def _indicator_table(local: Local) -> Table:
    rows: list[tuple[str, ...]] = [("Indicator", "What is counted", "National audit's green", "Our aim")]
    rows += [
        (each["title"], each["words"], each["usual"], local.word("indicators", each["key"]) or "[aim]")
        for each in data("kit")["indicators"]
    ]
    return Table("", tuple(rows))
