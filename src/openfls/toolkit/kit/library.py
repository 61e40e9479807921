"""Every paper of the kit by its name, and the values that a user's own template may name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from openfls.toolkit.charts import charts
from openfls.toolkit.kit import capacity
from openfls.toolkit.kit.business import business_case, presentation
from openfls.toolkit.kit.cheers import cheers
from openfls.toolkit.kit.evidence import evidence_summary, gap_analysis, service_model
from openfls.toolkit.kit.forms import papers
from openfls.toolkit.kit.local import Local
from openfls.toolkit.kit.paper import Chart, Paper
from openfls.toolkit.kit.planning import indicators, project_plan, service_specification
from openfls.toolkit.labels import in_words
from openfls.toolkit.result_tables import caseload, funnel, outcomes, payers
from openfls.toolkit.wording import against, number, percent, pounds, sentences

PAPERS: Mapping[str, Callable[[Local], Paper]] = {
    "evidence-summary": evidence_summary,
    "gap-analysis": gap_analysis,
    "service-model": service_model,
    "capacity": capacity.paper,
    "service-specification": service_specification,
    "project-plan": project_plan,
    "business-case": business_case,
    "indicators": indicators,
    "presentation": presentation,
    "cheers": cheers,
}
LISTS = {
    "findings": "text",
    "doubts": "text",
    "not_known": "text",
    "caseloads": "method, all, hip, spine, other",
    "steps": "step, current, target",
    "outcomes": "outcome, current, target, difference",
    "payers": "payer, and year1, year2 … total",
    "figures": "id, value, unit, source, known",
}


def values(local: Local) -> dict[str, Any]:
    """What a template may name: text, lists of rows, charts, and every field written on the pages of the kit
    (``business_case_need``).

    Raises:
        ValueError: the case still lacks figures.
    """
    found, record = local.found, local.record
    if found is None or record is None:
        raise ValueError("the case still lacks figures")
    budget, drawn, labels = found["budget"], found["probabilistic"], found["labels"]
    current, target = found["compared"]["current"], found["compared"]["target"]
    amounts = list(drawn["probability_cost_effective"])
    change, spread = budget["difference"], drawn["difference"]["fractures"]
    made: dict[str, Any] = {
        "area": local.place,
        "title": local.title,
        "current": labels[current],
        "target": labels[target],
        "years": str(found["years"]),
        "fractures_a_year": number(found["funnel"][target]["caseload"]),
        "fractures_difference": number(change["fractures"]),
        "fractures_low": number(spread["low"]),
        "fractures_high": number(spread["high"]),
        "hip_fractures_difference": number(change["fractures.hip"]),
        "bed_days_difference": number(change["bed_days"]),
        "qalys_difference": number(change["qalys"]),
        "cost_difference": pounds(budget["cost_difference"]),
        "cost_difference_discounted": pounds(budget["cost_difference_discounted"]),
        "cost_low": pounds(drawn["cost_difference"]["low"]),
        "cost_high": pounds(drawn["cost_difference"]["high"]),
        "cash": pounds(budget["cost_difference_by_release"]["cash"]),
        "capacity": pounds(budget["cost_difference_by_release"]["capacity"]),
        "icer": "no ratio" if budget["icer"] is None else pounds(budget["icer"]),
        "break_even_year": str(budget["break_even_year"] or "not within these years"),
        "probability_costs_less": percent(drawn["probability_costs_less"]),
        "probability_cost_effective": percent(drawn["probability_cost_effective"][amounts[0]]),
        "worth_of_a_qaly": pounds(float(amounts[0])),
        "inputs_sha256": record["inputs_sha256"],
        "results_sha256": record["results_sha256"],
        "version": record["openfls"],
        "findings": [{"text": line} for line in sentences(found)],
        "doubts": [{"text": line} for line in against(found)],
        "not_known": [{"text": in_words(line, labels)} for line in found["not_known"]],
        "caseloads": _rows(caseload(found).rows, ("method", "all", "hip", "spine", "other")),
        "steps": _rows(funnel(found).rows, ("step", "current", "target")),
        "outcomes": _rows(outcomes(found).rows, ("outcome", "current", "target", "difference")),
        "payers": _rows(
            payers(found).rows,
            ("payer", *(f"year{year + 1}" for year in range(found["years"])), "total"),
        ),
        "figures": [
            {
                "id": row["id"],
                "value": number(row["value"]),
                "unit": row["unit"],
                "source": row["source"],
                "known": row["confidence"],
            }
            for row in record["parameters"]
            if row["value"] is not None
        ],
    }
    made |= {f"chart_{name.replace('-', '_')}": Chart(name, svg) for name, svg in charts(found).items()}
    for form in papers().values():
        for each in form.fields:
            name = each.key.replace(".", "_").replace("-", "_")
            made[name] = local.case.word(each.key) or f"[{each.label}]"
    return made


def _rows(rows: tuple[tuple[str, ...], ...], names: tuple[str, ...]) -> list[dict[str, str]]:
    return [dict(zip(names, row, strict=True)) for row in rows[1:]]
