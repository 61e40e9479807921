"""From a case to the scenario that it makes, and what must be asked before it can be run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from openfls.record.errors import BadInput
from openfls.toolkit.areas import UK, areas
from openfls.toolkit.case.questions import ARMS, Standing, questions, standing
from openfls.toolkit.case.settings import settings_of
from openfls.toolkit.case.state import Case, Figures
from openfls.toolkit.caseload import SITES, uk_total
from openfls.toolkit.evaluate import Prepared, prepare
from openfls.toolkit.parameters import packaged
from openfls.toolkit.scenario import Scenario, first_fault

_DRUGS = ("alendronate", "risedronate", "zoledronate", "denosumab", "romosozumab")


@dataclass(frozen=True, slots=True)
class Ask:
    """A figure that is needed and not known. ``group`` is the page on which it is given."""

    key: str
    group: str
    words: str
    has_stand_in: bool = False


def title_of(case: Case) -> str:
    """What the case is called."""
    if case.title:
        return case.title
    area = areas().get(case.area)
    return f"The case for a fracture liaison service in {area.name}" if area else "The case for our area"


def place_of(case: Case) -> str:
    """The area in words."""
    area = areas().get(case.area)
    return area.name if area else (case.title or "our area")


def asks(case: Case) -> list[Ask]:
    """What must be given before there is an answer, in the order of the pages."""
    figures, found = case.figures, []
    if not _caseload(case):
        words = "How many fractures: hip fractures a year, or the people of the area, or your own counts"
        found.append(Ask("caseload.hips_per_year", "caseload", words))
    for key, question in questions().items():
        now = standing(question, figures)
        needed = question.key.startswith("arms.") and not question.optional and ".drugs." not in key
        if needed and now.value is None:
            arm = settings_of(figures)[f"arms.{key.split('.')[1]}.label"]
            words = f"{question.label} (“{arm}”)"
            found.append(Ask(key, question.group, words, question.stand_in is not None))
    for drug in _DRUGS:
        shares = [standing(questions()[f"arms.{arm}.drugs.{drug}"], figures).value for arm in ARMS]
        if any(shares):
            wanted = (f"cost.drug.{drug}", *(f"efficacy.{drug}.{site}" for site in SITES))
            for key in wanted:
                question = questions()[key]
                if standing(question, figures).value is None:
                    found.append(Ask(key, question.group, question.label, question.stand_in is not None))
    return found


def prepared_of(case: Case) -> Prepared:
    """The case made ready to run.

    Raises:
        BadInput: a figure is missing or means nothing; its field is the key of the question.
    """
    return prepare(scenario_of(case), Path())


def prepared_from(case: Case, figures: Figures) -> Prepared:
    """The same area with other figures: for comparing with where one began. Raises `BadInput`."""
    return prepared_of(case.model_copy(update={"figures": figures}))


def scenario_of(case: Case) -> Scenario:
    """The scenario of a case.

    Raises:
        BadInput: it does not make one; the field is the key at fault.
    """
    figures = case.figures
    settings = settings_of(figures)
    own = packaged()
    content = {
        "title": title_of(case),
        "caseload": _caseload(case) | {"use": settings["caseload.use"] or None},
        "arms": {arm: _arm(arm, figures, settings[f"arms.{arm}.label"]) for arm in ARMS},
        "prices": {"base_year": settings["prices.base_year"], "index": settings["prices.index"]},
        "analysis": {
            "years": settings["analysis.years"],
            "draws": 10_000,
            "lifetime_draws": 1_000,
            "seed": 20250101,
            "discount_costs": settings["analysis.discount_costs"],
            "discount_effects": settings["analysis.discount_effects"],
            "willingness_to_pay": settings["analysis.willingness_to_pay"],
            "perspective": settings["analysis.perspective"],
            "attributable_mortality": settings["analysis.attributable_mortality"],
            "calibrate": settings["analysis.calibrate"],
        },
        "parameters": {
            key: _figure(standing(questions()[key], figures)) for key in figures.answers if key in own
        },
    }
    try:
        return Scenario.model_validate(content)
    except ValidationError as error:
        key, reason = first_fault(error)
        raise BadInput(reason, field=key.removesuffix(".value")) from error


def _caseload(case: Case) -> dict[str, Any]:
    figures, found = case.figures, dict[str, Any]()
    for key in ("caseload.hips_per_year", "caseload.population_total"):
        value = standing(questions()[key], figures).value
        if value is not None:
            found[key.split(".")[1]] = value
    if case.area == UK and "population_total" not in found:
        found["population_total"] = uk_total()
    if figures.population:
        found["population"] = [row.model_dump() for row in figures.population]
    if figures.own:
        found["own"] = [row.model_dump() for row in figures.own]
    return found


def _arm(arm: str, figures: Figures, label: str) -> dict[str, Any]:
    found: dict[str, Any] = {"label": label, "drugs": {}}
    falls: dict[str, Any] = {}
    for key, question in questions().items():
        if not key.startswith(f"arms.{arm}."):
            continue
        now, name = standing(question, figures), key.removeprefix(f"arms.{arm}.")
        if now.value is None:
            continue
        if name.startswith("drugs."):
            found["drugs"][name.removeprefix("drugs.")] = now.value
        elif name == "falls.years":
            falls["years"] = now.value
        elif name.startswith("falls."):
            falls[name.removeprefix("falls.")] = _figure(now)
        elif name == "assessments_per_year":
            found[name] = now.value
        else:
            found[name] = _figure(now)
    if falls:
        found["falls"] = falls
    return found


def _figure(now: Standing) -> Mapping[str, Any]:
    return {
        "value": now.value,
        "low": now.low,
        "high": now.high,
        "source": now.source,
        "price_year": now.price_year,
        "assumption": now.confidence == "assumption",
    }
