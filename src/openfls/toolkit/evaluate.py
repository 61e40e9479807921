"""A scenario made ready, and both its arms run over any set of drawn values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from openfls.record.errors import BadInput
from openfls.toolkit import calibration
from openfls.toolkit.caseload import (
    METHODS,
    SITES,
    Strata,
    chosen,
    methods,
    published_rates,
    self_contained,
)
from openfls.toolkit.cohort.population import CYCLE, Cells, Draws, weights
from openfls.toolkit.cohort.risk import Treatment, onset, persistence
from openfls.toolkit.cohort.stepper import World, step_all
from openfls.toolkit.engine.values import Array
from openfls.toolkit.funnel import STEPS, Funnel, funnel
from openfls.toolkit.money import Yearly, drugs_of, stacked, yearly
from openfls.toolkit.parameters import (
    Distribution,
    Parameter,
    check,
    draw_all,
    overridden,
    packaged,
    value_of,
)
from openfls.toolkit.prices import to_base_year
from openfls.toolkit.scenario import Arm, Falls, Figure, Scenario

END_OF_LIFE = 110
"""The age at which a lifetime ends; beyond the life table people die as at its last age."""
CHUNK = 1_000
"""Draws that go through the stepper together: enough to outweigh Python, few enough to stay in the cache."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A scenario with its numbers: what every analysis starts from.

    Attributes:
        scenario: as read.
        parameters: packaged, overridden and brought to the base year; the arms' own figures are among them
            (``arms.<arm>.started`` …).
        strata: the caseload that drives the model; ``method`` says which of ``caseloads`` it is.
        missing: what was not found, and what the run does without it.
    """

    scenario: Scenario
    parameters: Mapping[str, Parameter]
    strata: Strata
    method: str
    caseloads: Mapping[str, Strata]
    missing: tuple[str, ...]

    def changed(self, **values: float) -> Prepared:
        """The same with some parameters set (write dots as two underscores); for tests and thresholds."""
        found = dict(self.parameters)
        for key, value in values.items():
            name = key.replace("__", ".")
            found[name] = replace(found[name], value=value, low=None, high=None)
        return replace(self, parameters=found)


@dataclass(frozen=True, slots=True)
class ArmRun:
    """One arm of one run: its funnel, and its years (see `money.Yearly`), every array ending in the draws."""

    funnel: Funnel
    years: Yearly


def prepare(scenario: Scenario, folder: Path) -> Prepared:
    """Fills a scenario with the packaged parameters.

    Raises:
        BadInput: an unknown parameter, a caseload that cannot be computed, or a figure that is not known
            anywhere and that the scenario needs and does not give.
    """
    scenario = scenario.model_copy(update={"caseload": self_contained(scenario.caseload, folder)})
    changes = []
    for name, given in scenario.parameters.items():
        figure = given if isinstance(given, Figure) else Figure(value=given)
        changes.append(figure.parameter(name, Distribution.FIXED))
    parameters = overridden(packaged(), changes)
    for name in scenario.compared:
        parameters.update(_arm_parameters(name, scenario.arms[name]))
    check(parameters)
    parameters, unconverted = to_base_year(parameters, scenario.prices.base_year, scenario.prices.index)
    for name in scenario.compared:
        for drug in drugs_of(scenario.arms[name]):
            for wanted in (f"cost.drug.{drug}", *(f"efficacy.{drug}.{site}" for site in SITES)):
                value_of(parameters, wanted)
    if scenario.analysis.calibrate:
        parameters = calibration.level(parameters)
    caseloads = methods(scenario.caseload, parameters)
    method = chosen(scenario.caseload, caseloads)
    draw_all(
        parameters, 2, 0
    )  # an interval that no distribution can have is named now, not after a long wait
    missing = (*_missing(parameters, scenario), *unconverted)
    return Prepared(scenario, parameters, caseloads[method], method, caseloads, missing)


def run(prepared: Prepared, draws: Draws, *, lifetime: bool = False) -> dict[str, ArmRun]:
    """Both arms over the drawn values.

    Args:
        draws: by parameter id, each ``[draw]`` or ``[1]``.
        lifetime: one year's caseload to the end of life; otherwise a new caseload in each year of the
            analysis, all followed to its end.
    """
    size = max(values.shape[0] for values in draws.values())
    parts: list[dict[str, ArmRun]] = []
    for begin in range(0, size, CHUNK):
        some = {name: v[begin : begin + CHUNK] if v.shape[0] > 1 else v for name, v in draws.items()}
        parts.append(_run_chunk(prepared, some, min(CHUNK, size - begin), lifetime))
    return {name: _joined([part[name] for part in parts]) for name in prepared.scenario.compared}


def base_case(prepared: Prepared, *, lifetime: bool = False) -> dict[str, ArmRun]:
    """Both arms with every parameter at its value."""
    return run(prepared, draw_all(prepared.parameters, 0, 0), lifetime=lifetime)


def probabilistic(
    prepared: Prepared, *, lifetime: bool = False
) -> tuple[dict[str, ArmRun], dict[str, Array]]:
    """Both arms over the scenario's draws, and the draws."""
    analysis = prepared.scenario.analysis
    draws = draw_all(
        prepared.parameters, analysis.lifetime_draws if lifetime else analysis.draws, analysis.seed
    )
    return run(prepared, draws, lifetime=lifetime), draws


def _run_chunk(prepared: Prepared, draws: Draws, size: int, lifetime: bool) -> dict[str, ArmRun]:
    scenario = prepared.scenario
    cells = Cells.of(prepared.strata, apart=scenario.analysis.attributable_mortality)
    years = scenario.analysis.years
    if lifetime:
        years = END_OF_LIFE - int(cells.age.min())
    cycles = round(years / CYCLE)
    world = World(
        cells=cells,
        draws=draws,
        weights=weights(cells, draws, cycles, size),
        published=published_rates(prepared.parameters),
        cycles=cycles,
        size=size,
        attributable=scenario.analysis.attributable_mortality,
    )
    funnels, treatments = {}, []
    for name in scenario.compared:
        arm = scenario.arms[name]
        shares = {step: draws[f"arms.{name}.{step}"] for step in STEPS}
        funnels[name] = funnel(prepared.strata.total, shares, arm.assessments_per_year)
        treatments.append(treatment_of(arm, name, draws, funnels[name], cycles))
    found = {}
    for name, outcome in zip(scenario.compared, step_all(world, treatments), strict=True):
        values = yearly(outcome, scenario.arms[name], name, draws, funnels[name])
        found[name] = ArmRun(funnels[name], values if lifetime else stacked(values, years))
    return found


def treatment_of(arm: Arm, name: str, draws: Draws, people: Funnel, cycles: int) -> Treatment:
    """The drugs of an arm over time, as the stepper wants them."""
    drugs = drugs_of(arm)
    waning = draws.get("treatment.waning_years")
    wanes = None if waning is None or not waning.any() else np.minimum(CYCLE / waning, 1.0)
    return Treatment(
        drugs=drugs,
        started=[people.started_share * arm.drugs[drug] for drug in drugs],  # type: ignore[index]
        ratio=[[draws[f"efficacy.{drug}.{site}"] for site in SITES] for drug in drugs],
        stays=persistence(draws, draws[f"arms.{name}.on_treatment_52wk"], cycles),
        effect=onset(draws, cycles),
        wanes=wanes,
        waning_share=None if wanes is None else draws["treatment.waning_share"],
        mortality=draws.get(f"arms.{name}.mortality_ratio_year1"),
        falls=None if arm.falls is None else _falls(arm.falls, name, draws, cycles),
    )


def _falls(falls: Falls, name: str, draws: Draws, cycles: int) -> list[Array]:
    """What the programme does to the rates of the whole caseload: those reached and the others averaged."""
    reach, ratio = draws[f"arms.{name}.falls.reach"], draws[f"arms.{name}.falls.rate_ratio"]
    active = [float(np.clip((falls.years - cycle * CYCLE) / CYCLE, 0, 1)) for cycle in range(cycles)]
    return [1 - reach * (1 - ratio) * part for part in active]


def _arm_parameters(name: str, arm: Arm) -> dict[str, Parameter]:
    found: dict[str, Parameter] = {}

    def add(key: str, given: Figure | float, distribution: Distribution, unit: str) -> None:
        figure = given if isinstance(given, Figure) else Figure(value=given)
        found[f"arms.{name}.{key}"] = figure.parameter(f"arms.{name}.{key}", distribution, unit)

    for step in STEPS:
        add(step, getattr(arm, step), Distribution.BETA, "share of the step before")
    add("service_cost_per_year", arm.service_cost_per_year, Distribution.GAMMA, "GBP per year")
    add("cost_per_assessment", arm.cost_per_assessment, Distribution.GAMMA, "GBP")
    if arm.mortality_ratio_year1 is not None:
        add(
            "mortality_ratio_year1", arm.mortality_ratio_year1, Distribution.LOGNORMAL, "rate ratio of deaths"
        )
    if arm.falls is not None:
        add("falls.reach", arm.falls.reach, Distribution.BETA, "share of the caseload")
        add("falls.rate_ratio", arm.falls.rate_ratio, Distribution.LOGNORMAL, "rate ratio of fractures")
        add("falls.cost_per_person", arm.falls.cost_per_person, Distribution.GAMMA, "GBP")
    return found


WITHOUT = {
    "treatment.onset_weeks": "no onset is modelled: the drug has its whole effect from its start",
    "treatment.waning_years": "the effect ends on the day the drug does",
    "bed_days.vertebral": "bed days count hip fractures only",
    "bed_days.other": "bed days count hip fractures only",
    "care_home.after_hip": "care-home entries and care-home costs are not computed",
    "care_home.share_before": "everyone is taken to live at home at the first fracture",
    "cost.care_home_year": "care-home costs are not computed",
}
"""What a run does without a figure that was not found."""


def _missing(parameters: Mapping[str, Parameter], scenario: Scenario) -> list[str]:
    found = [
        f"{name}: not found; {without}" for name, without in WITHOUT.items() if parameters[name].value is None
    ]
    waning, share = parameters["treatment.waning_years"].value, parameters["treatment.waning_share"].value
    if waning and share is None:
        raise BadInput(
            "waning_years needs it: the share of the effect that remains while it wanes",
            where="scenario",
            field="parameters.treatment.waning_share",
        )
    if parameters["care_home.after_hip"].value is None:
        found = [line for line in found if not line.startswith(("care_home.share", "cost.care_home"))]
    if not scenario.analysis.attributable_mortality:
        found.append("second fractures are taken to cause no deaths (attributable_mortality is off)")
    return found


def _joined(parts: list[ArmRun]) -> ArmRun:
    if len(parts) == 1:
        return parts[0]
    years = {name: np.concatenate([part.years[name] for part in parts], axis=1) for name in parts[0].years}
    people = {}
    for step in (*STEPS, "caseload", "turned_away"):
        pieces = [getattr(part.funnel, step) for part in parts]
        people[step] = pieces[0] if pieces[0].shape[0] == 1 else np.concatenate(pieces)
    return ArmRun(Funnel(**people), years)


def method_label(method: str) -> str:
    """A caseload method in words."""
    return METHODS[method]
