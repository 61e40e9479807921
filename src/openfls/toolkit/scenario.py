"""A scenario as the user writes it, in TOML, checked at the edge: every mistake is named by its key."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from openfls.record.errors import BadInput
from openfls.toolkit.parameters import Distribution, Parameter

Site = Literal["hip", "vertebral", "other"]
SexName = Literal["female", "male"]
DrugName = Literal["alendronate", "risedronate", "zoledronate", "denosumab", "romosozumab"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Figure(_Strict):
    """A number with what is known of it. ``assumption = true`` marks one that nobody published."""

    value: float
    low: float | None = None
    high: float | None = None
    distribution: Distribution | None = None
    price_year: str = ""
    source: str = ""
    assumption: bool = False

    @model_validator(mode="after")
    def _ordered(self) -> Figure:
        if (self.low is None) != (self.high is None):
            raise ValueError("low and high are given together or not at all")
        if self.low is not None and self.high is not None and not self.low <= self.value <= self.high:
            raise ValueError("low, value and high must rise")
        return self

    def parameter(self, name: str, distribution: Distribution, unit: str = "") -> Parameter:
        """As a parameter of the model; drawn only where an interval (or a distribution) is given."""
        chosen = self.distribution or (Distribution.FIXED if self.low is None else distribution)
        confidence = "assumption" if self.assumption else "scenario"
        return Parameter(
            name, self.value, self.low, self.high, unit, chosen, self.price_year, self.source, confidence
        )


class Share(Figure):
    """A figure between 0 and 1."""

    value: Annotated[float, Field(ge=0, le=1)]


class Money(Figure):
    """An amount of pounds, not below zero."""

    value: Annotated[float, Field(ge=0)]


Shares = Share | Annotated[float, Field(ge=0, le=1)]
Moneys = Money | Annotated[float, Field(ge=0)]


class OwnCount(_Strict):
    """Fractures of one site that the service counted in people of one sex and (mean) age in a year."""

    site: Site
    sex: SexName
    age: Annotated[float, Field(ge=50, le=100)]
    per_year: Annotated[float, Field(ge=0)]


class People(_Strict):
    """People of one sex and age: a single year, or the first year of a five-year band."""

    sex: SexName
    age: Annotated[int, Field(ge=0, le=120)]
    people: Annotated[float, Field(ge=0)]


class Caseload(_Strict):
    """What is known of the number of fractures. Every method that can be computed is shown; ``use`` drives
    the model."""

    use: Literal["own", "hips", "population"] | None = None
    own: list[OwnCount] = []
    hips_per_year: Annotated[float, Field(gt=0)] | None = None
    population_total: Annotated[float, Field(gt=0)] | None = None
    population_file: str = ""
    population: list[People] = []

    @model_validator(mode="after")
    def _one_population(self) -> Caseload:
        if self.population_file and self.population:
            raise ValueError("give population or population_file, not both")
        return self


class Falls(_Strict):
    """A falls programme: the share of the caseload that it reaches, what it does to the rate of fracture, for
    how long."""

    reach: Shares
    rate_ratio: Figure | Annotated[float, Field(gt=0)]
    years: Annotated[float, Field(gt=0)]
    cost_per_person: Moneys


class Arm(_Strict):
    """One way of running the service. Each share is of those counted by the one before it.

    ``mortality_ratio_year1`` is a direct effect of the service on deaths in the year after the first fracture, in
    everybody of the arm. It is off unless given: what was seen is likely not the doing of bone drugs.
    """

    label: str = ""
    identified: Shares
    assessed: Shares = 1.0
    recommended: Shares
    started: Shares
    on_treatment_52wk: Shares
    drugs: dict[DrugName, Annotated[float, Field(ge=0, le=1)]]
    assessments_per_year: Annotated[float, Field(gt=0)] | None = None
    service_cost_per_year: Moneys
    cost_per_assessment: Moneys = 0.0
    falls: Falls | None = None
    mortality_ratio_year1: Figure | Annotated[float, Field(gt=0)] | None = None

    @model_validator(mode="after")
    def _mix(self) -> Arm:
        if abs(sum(self.drugs.values()) - 1) > 1e-6:
            raise ValueError(f"the shares of the drugs sum to {sum(self.drugs.values()):g}, not to 1")
        return self


class Prices(_Strict):
    """The year that all money is brought to, and the index that does it."""

    base_year: str = ""
    index: dict[str, Annotated[float, Field(gt=0)]] = {}


class Analysis(_Strict):
    """How the scenario is computed."""

    years: Annotated[int, Field(ge=1, le=20)] = 5
    draws: Annotated[int, Field(ge=100, le=200_000)] = 10_000
    lifetime_draws: Annotated[int, Field(ge=0, le=200_000)] = 1_000
    seed: Annotated[int, Field(ge=0)] = 1
    discount_costs: Annotated[float, Field(ge=0, lt=1)] = 0.035
    discount_effects: Annotated[float, Field(ge=0, lt=1)] = 0.035
    willingness_to_pay: list[Annotated[float, Field(gt=0)]] = [20_000.0, 30_000.0]
    perspective: Literal["nhs", "nhs and social care"] = "nhs"
    attributable_mortality: bool = False
    calibrate: bool = True


class Scenario(_Strict):
    """A whole scenario."""

    title: str
    caseload: Caseload
    arms: dict[str, Arm]
    compare: tuple[str, str] | None = None
    prices: Prices = Prices()
    analysis: Analysis = Analysis()
    parameters: dict[str, Figure | float] = {}

    @model_validator(mode="after")
    def _arms_to_compare(self) -> Scenario:
        if len(self.arms) < 2:
            raise ValueError("two arms are needed")
        for name in self.compare or ():
            if name not in self.arms:
                raise ValueError(f"compare names '{name}', which is no arm")
        return self

    @property
    def compared(self) -> tuple[str, str]:
        """The arm compared against, and the arm compared; by default the first two as written."""
        first, second = list(self.arms)[:2]
        return self.compare or (first, second)


def parse(text: str, where: str) -> Scenario:
    """A scenario from TOML text.

    Raises:
        BadInput: one line that names ``where``, the first key at fault, and the reason.
    """
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # no TOML, or nested beyond measure
        raise BadInput(f"not readable as TOML ({error})", where=where) from error
    try:
        return Scenario.model_validate(data)
    except ValidationError as error:
        key, reason = first_fault(error)
        raise BadInput(reason, where=where, field=key) from error


def first_fault(error: ValidationError) -> tuple[str, str]:
    """The key that is most telling of what is wrong, and the reason."""
    first = _most_telling(error)
    places = cast(tuple[object, ...], first["loc"])
    key = ".".join(str(part) for part in places if not _is_branch(str(part)))
    message = str(first["msg"]).removeprefix("Value error, ")
    reason = {"missing": "is missing", "extra_forbidden": "no such key"}.get(str(first["type"]), message)
    return key, reason[0].lower() + reason[1:]


def read(path: Path) -> tuple[Scenario, str]:
    """A scenario and its text from a file. Raises `BadInput`."""
    if not path.is_file():
        raise BadInput("no such file", where=str(path))
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BadInput(f"not readable as UTF-8 ({error.reason})", where=str(path)) from error
    return parse(text, str(path)), text


def _is_branch(part: str) -> bool:
    """Whether a part of pydantic's location is the branch of a union and no key of the user's."""
    return part in ("Share", "Money", "Figure", "float", "model_type") or part.startswith(
        ("constrained", "function")
    )


def _most_telling(error: ValidationError) -> dict[str, object]:
    """The first mistake; of the branches of one union, the one that is about the value and not about its
    form."""
    problems: list[dict[str, object]] = [dict(problem) for problem in error.errors()]
    forms = ("model_type", "float_type")
    return next((problem for problem in problems if problem["type"] not in forms), problems[0])
