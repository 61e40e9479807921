"""The pages docs/reference/drugs.md and alerts.md: every rule with its source, how sure it is, and its spec table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from openfls.intervention import packs
from openfls.intervention.packs import AlertRule, DrugFacts, Regimen, Rule
from openfls.intervention.schedule import schedule
from openfls.intervention.spec import Case, Promised, load, load_schedule
from openfls.record.advice import Confidence

HEADER = (
    "<!-- Made from the data files and the spec tables by openfls.intervention.reference: change those. -->"
)
TABLES = ("drugs", "appraisals", "order", "supplements", "alerts")
TO_VERIFY = "to be verified"


def mark(confidence: Confidence) -> str:
    """How sure a source is, and whether it is still to be verified against its original."""
    if confidence is Confidence.CHECKED:
        return confidence.value
    return f"{confidence.value}; **{TO_VERIFY}**"


def _cases(spec: Path, name: str) -> Mapping[str, list[Case]]:
    found: dict[str, list[Case]] = {}
    for case in load(spec / f"{name}.csv"):
        found.setdefault(case.rule, []).append(case)
    return found


def _rule_lines(rule: Rule, cases: Sequence[Case], extra: Iterable[str] = ()) -> list[str]:
    return [
        f"### {rule.id}",
        "",
        rule.text,
        "",
        f"- **When** {rule.when.words(packs.settings())}",
        *extra,
        f"- **Source** {rule.source} ({mark(rule.confidence)})",
        *([f"- **Note** {rule.note}"] if rule.note else []),
        "",
        "| known | answer | why |",
        "| --- | --- | --- |",
        *(f"| {_given(case)} | {case.expect.value} | {case.why} |" for case in cases),
        "",
    ]


def _given(case: Case) -> str:
    return "; ".join(part.strip().replace("_", " ") for part in case.given.split(";")) or "nothing"


def _limit_lines() -> list[str]:
    lines = [
        f"## Limits ({packs.version('limits')})",
        "",
        OURS,
        "",
        "| limit | value | what it is | source |",
        "| --- | --- | --- | --- |",
    ]
    for limit in packs.limits().values():
        value = f"{limit.value:g} {limit.unit}".strip()
        lines.append(
            f"| `{limit.name}` | {value} | {limit.words} | {limit.source} ({mark(limit.confidence)}) |"
        )
    return [*lines, ""]


OURS = (
    "**Ours, and verified by no clinician**: every step after the first by which an alert gets worse, and each "
    "limit or rule marked *inferred*. No source sets them; this project chose them so that nothing is forgotten. A "
    "lead clinician reads them before they are relied on, and can change the limits under *Guidelines*."
)
"""What the pages say of the numbers that rest on nobody's word but ours."""


def _drug_lines(drug: DrugFacts, cases: Mapping[str, list[Case]]) -> list[str]:
    lines = [
        f"## {drug.name}",
        "",
        f"{drug.dose} ({drug.route}). {drug.how} {_verified(drug.confidence)}",
        "",
        *(f"- {text}" for text in drug.then),
        *([""] if drug.then else []),
    ]
    for rule in drug.rules:
        lines += _rule_lines(rule, cases.get(rule.id, []), [f"- **Then** {rule.bar.value}"])
    return lines


def _verified(confidence: Confidence) -> str:
    return f"({mark(confidence)})"


def _about(rule: Rule) -> list[str]:
    named = {drug.key: drug.name for drug in packs.drugs()}
    return [f"- **Drugs** {', '.join(named[key] for key in rule.about)}"]


def _schedule_lines(rows: Sequence[Promised]) -> list[str]:
    lines = [
        f"## What is promised ({packs.version('schedule')})",
        "",
        "| promise | drugs | when | source |",
        "| --- | --- | --- | --- |",
    ]
    for promise in schedule():
        late = f", late after {promise.late_months}" if promise.late_months else ""
        until = f", until month {promise.until_months}" if promise.until_months else ""
        when = f"{promise.months} months after: {promise.since.replace('_', ' ')}{late}{until}"
        drugs = "every drug" if len(promise.drugs) > 6 else ", ".join(sorted(promise.drugs))
        lines.append(
            f"| `{promise.id}` {promise.text} | {drugs.replace('_', ' ')} | {when} | {promise.source} "
            f"({mark(promise.confidence)}) |"
        )
    for promise in schedule():
        lines += [
            "",
            f"### {promise.id}",
            "",
            promise.text,
            "",
            "| course | promised for | late from | why |",
            "| --- | --- | --- | --- |",
            *(
                f"| {row.given.replace('_', ' ')} | {row.expect or 'nothing'} | {row.late_from or ''} | {row.why} |"
                for row in rows
                if row.rule == promise.id
            ),
        ]
    return [*lines, ""]


def drugs_page(spec: Path) -> str:
    """docs/reference/drugs.md; ``spec`` is the folder of the spec tables."""
    cases = {name: _cases(spec, name) for name in TABLES}
    lines = [
        HEADER,
        "",
        "# Drugs",
        "",
        f"Packs {', '.join(f'`{packs.version(name)}`' for name in ('drugs', 'appraisals', 'order', 'supplements'))}. "
        "Nothing is prescribed: a prescriber signs, or the GP is asked. A drug is *suitable* only where everything "
        "against it is known not to be so; what is not known makes it *cannot say yet*. An old result may warn; it "
        "never reassures. All of it is to be verified against the current SmPC and the BNF before release.",
        "",
    ]
    for drug in packs.drugs():
        lines += _drug_lines(drug, cases["drugs"])
    lines += ["## NICE technology appraisals", ""]
    for rule in packs.appraisals():
        lines += _rule_lines(rule, cases["appraisals"].get(rule.id, []), _about(rule))
    lines += [
        "## Order of choice",
        "",
        *(f"- `{key}`: {note or 'its own order'}" for key, note in packs.order_notes().items()),
        "",
    ]
    for row in packs.places():
        extra = [*_about(row), f"- **Place** {row.place}"]
        lines += _rule_lines(row, cases["order"].get(row.id, []), extra)
    lines += ["## Calcium and vitamin D", ""]
    for regimen in packs.regimens():
        lines += _rule_lines(regimen, cases["supplements"].get(regimen.id, []), _options(regimen))
    return (
        "\n".join([*lines, *_schedule_lines(load_schedule(spec / "schedule.csv")), *_limit_lines()]).rstrip()
        + "\n"
    )


def _options(regimen: Regimen) -> list[str]:
    return [f"- **Options** {'; '.join(regimen.options)}"] if regimen.options else []


def alerts_page(spec: Path) -> str:
    """docs/reference/alerts.md."""
    cases = _cases(spec, "alerts")
    rules = packs.alert_rules()
    waiting = [rule.id for rule in rules if rule.confidence is not Confidence.CHECKED]
    lines = [
        HEADER,
        "",
        "# Safety alerts",
        "",
        f"Pack `{packs.version('alerts')}`: {len(rules)} alerts, of which {len(waiting)} rest on a source "
        f"still {TO_VERIFY}. Red interrupts and needs a recorded decision; amber stands on a list; info reminds. "
        "An alert is raised once for each cause, and anew when its cause gets worse by one of its steps, whatever was "
        "decided before. The first step is where it begins.",
        "",
        OURS,
        "",
    ]
    for rule in rules:
        lines += _rule_lines(rule, cases.get(rule.id, []), _alert(rule))
    return "\n".join([*lines, *_limit_lines()]).rstrip() + "\n"


def _alert(rule: AlertRule) -> list[str]:
    cause = ", ".join(name.replace("_", " ") for name in rule.cause)
    worse = "; ".join(one.words for one in rule.worse)
    return [
        f"- **Severity** {rule.severity.value}",
        f"- **Do** {rule.action}",
        f"- **Cause** {cause}",
        *([f"- **Worse** {worse} (every step but the first is ours)"] if worse else []),
    ]
