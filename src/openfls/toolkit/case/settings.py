"""The settings of a case: text as it was typed, and the value that it means."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from openfls.record.errors import BadInput
from openfls.toolkit.case.questions import ARMS, data
from openfls.toolkit.case.state import Figures


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. ``options`` by value where it is a choice; ``usual`` is what holds while nothing is said."""

    key: str
    group: str
    label: str
    usual: str
    read: Callable[[str], Any]
    hint: str = ""
    options: Mapping[str, str] | None = None
    long: bool = False


def _number(text: str, *, low: float, high: float, whole: bool = False, scale: float = 1.0) -> float:
    try:
        value = float(text.replace(",", "").replace("£", "").replace("%", "").strip())
    except ValueError as error:
        raise ValueError(f"“{text}” is no number") from error
    if not low <= value <= high:
        raise ValueError(f"is between {low:g} and {high:g}")
    if whole and value != int(value):
        raise ValueError("is a whole number")
    return int(value) if whole else value / scale


def _years(text: str) -> float:
    return _number(text, low=1, high=20, whole=True)


def _rate(text: str) -> float:
    return _number(text, low=0, high=50, scale=100)


def _amounts(text: str) -> list[float]:
    parts = [part for part in text.replace("£", "").replace(",", "").split() if part]
    found = [_number(part, low=1, high=1_000_000) for part in parts]
    if not 1 <= len(found) <= 4:
        raise ValueError("give one to four amounts, with spaces between them")
    return found


def _index(text: str) -> dict[str, float]:
    found = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        year, _, level = line.strip().rpartition(" ")
        if not year:
            raise ValueError(f"line {number}: give a year and its level, as in 2012/13 100")
        found[year.strip()] = _number(level, low=0.001, high=1e9)
    return found


_ON = {"off": "Off", "on": "On"}


def _switch(text: str) -> bool:
    return text == "on"


SETTINGS: Mapping[str, Setting] = {
    setting.key: setting
    for setting in (
        Setting(
            "caseload.use",
            "caseload",
            "Which count drives the answer",
            "",
            str,
            "All that can be computed are shown side by side.",
            {
                "": "The best there is: own counts, then hips, then population",
                "own": "The service's own counts",
                "hips": "Five fragility fractures for each hip fracture",
                "population": "Population times published incidence",
            },
        ),
        *(
            Setting(
                f"arms.{arm}.label",
                arm,
                "What this is called",
                str(data()["start"][arm]["label"]),
                str.strip,
            )
            for arm in ARMS
        ),
        Setting(
            "prices.base_year",
            "costs",
            "Bring all prices to the year",
            "",
            str.strip,
            "As it is written in the index, for example 2024/25. Empty: each stays in its own year.",
        ),
        Setting(
            "prices.index",
            "costs",
            "Price index",
            "",
            _index,
            "One line for each year: the year, a space, its level. For example the NHS cost inflation index. None is "
            "packaged.",
            long=True,
        ),
        Setting("analysis.years", "settings", "Yearly caseloads that are followed", "5", _years),
        Setting(
            "analysis.perspective",
            "settings",
            "Whose money counts",
            "nhs",
            str,
            "",
            {"nhs": "The NHS", "nhs and social care": "The NHS and social care, families included"},
        ),
        Setting(
            "analysis.discount_costs",
            "settings",
            "Discount rate of costs, % a year",
            "3.5",
            _rate,
            "NICE: 3.5 %.",
        ),
        Setting(
            "analysis.discount_effects",
            "settings",
            "Discount rate of health, % a year",
            "3.5",
            _rate,
            "NICE: 3.5 %. The Treasury's Green Book: 1.5 % for health (recalled, high).",
        ),
        Setting(
            "analysis.willingness_to_pay",
            "settings",
            "What a QALY is taken to be worth, £",
            "20000 30000",
            _amounts,
            "With spaces between them; the first is used where one is needed.",
        ),
        Setting(
            "analysis.attributable_mortality",
            "settings",
            "A second fracture may cause death",
            "off",
            _switch,
            "Off: how much of the excess of deaths is a fracture's doing is not known. On: a quarter of it "
            "(second-hand).",
            _ON,
        ),
        Setting(
            "analysis.calibrate",
            "settings",
            "Bring second fractures to two published English risks",
            "on",
            _switch,
            "Off: population rates times published ratios, less than half as many.",
            _ON,
        ),
    )
}


def settings_of(figures: Figures) -> dict[str, Any]:
    """Every setting's value by its key.

    Raises:
        BadInput: a kept text does not mean a value; its field is the key.
    """
    return {key: value_of(setting, figures.choices.get(key, "")) for key, setting in SETTINGS.items()}


def value_of(setting: Setting, text: str) -> Any:
    """What a text means for a setting; the usual value where it is empty.

    Raises:
        BadInput: it means nothing.
    """
    chosen = text.strip() or setting.usual
    if setting.options is not None and chosen not in setting.options:
        raise BadInput("choose one of the answers", field=setting.key)
    try:
        return setting.read(chosen)
    except ValueError as error:
        raise BadInput(str(error), field=setting.key) from error
