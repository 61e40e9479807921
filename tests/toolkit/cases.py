"""A case with every figure that it needs: the example scenario of the command, as a page would build it."""

from __future__ import annotations

from openfls.toolkit.case.questions import questions, taken
from openfls.toolkit.case.state import Answer, Case

SERVICE_COST = "arms.target.service_cost_per_year"
DRUG_PRICE = "cost.drug.alendronate"


def full_case(**changes: object) -> Case:
    """An area of 320,000 people with 290 hip fractures a year."""
    answers = {
        "caseload.hips_per_year": Answer(value=290, source="counted"),
        "caseload.population_total": Answer(value=320_000, source="counted"),
        SERVICE_COST: taken(questions()[SERVICE_COST]),
        DRUG_PRICE: taken(questions()[DRUG_PRICE]),
    }
    case = Case(title="An area of 320,000 people").with_figures(answers=answers)
    return case.model_copy(update=changes)
