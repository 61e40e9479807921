"""What a case asks: the questions of its data file and every packaged parameter, each with what is known without
the user."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from openfls.toolkit.case.state import Answer, Figures
from openfls.toolkit.labels import label
from openfls.toolkit.parameters import packaged

ARMS = ("current", "target")
GROUPS = {
    "caseload": "Fractures in the area",
    "current": "The service as it is",
    "target": "The service as it could be",
    "costs": "Prices and costs",
    "effects": "Drugs and how long they are taken",
    "epidemiology": "Fractures, deaths, beds, quality of life",
    "settings": "How it is computed",
}
_GROUP_OF = {
    "cost": "costs",
    "uncertainty": "costs",
    "efficacy": "effects",
    "persistence": "effects",
    "treatment": "effects",
}


@dataclass(frozen=True, slots=True)
class Known:
    """A figure that is there without the user."""

    value: float
    low: float | None
    high: float | None
    source: str
    confidence: str
    price_year: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One figure that a case asks for.

    ``scale`` is 100 where a share is typed in per cent. ``known`` is the published start; ``stand_in`` an old or
    borrowed figure that the user may take until a better one is found.
    """

    key: str
    group: str
    label: str
    unit: str = ""
    hint: str = ""
    scale: float = 1.0
    money: bool = False
    optional: bool = False
    known: Known | None = None
    stand_in: Known | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A question as it stands in one case: the figure in use, and whose it is."""

    question: Question
    value: float | None
    low: float | None
    high: float | None
    source: str
    confidence: str
    price_year: str
    own: bool


KINDS = {
    "own": "your own figure",
    "measured": "measured by your service",
    "stand-in": "stand-in, to be replaced",
    "assumption": "assumption",
}


@cache
def data() -> Mapping[str, Any]:
    """The data file."""
    text = resources.files("openfls.toolkit").joinpath("data/questions.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _known(given: Mapping[str, Any] | None) -> Known | None:
    if given is None:
        return None
    return Known(
        given["value"], None, None, given["source"], given["confidence"], given.get("price_year", "")
    )


@cache
def questions() -> Mapping[str, Question]:
    """Every question by its key, in the order of the pages."""
    found: dict[str, Question] = {}
    stand_in = data()["stand_in"]
    for row in data()["questions"]:
        for arm in ARMS if "{arm}" in row["key"] else ("",):
            key = row["key"].replace("{arm}", arm)
            start = data()["start"][arm].get(key.removeprefix(f"arms.{arm}.")) if arm else None
            found[key] = Question(
                **{**row, "key": key, "group": row["group"].replace("{arm}", arm)},
                known=_known(start),
                stand_in=_known(stand_in.get(key)),
            )
    for parameter in packaged().values():
        known = None
        if parameter.value is not None:
            known = Known(
                parameter.value,
                parameter.low,
                parameter.high,
                parameter.source,
                parameter.confidence,
                parameter.price_year,
            )
        found[parameter.id] = Question(
            key=parameter.id,
            group=_GROUP_OF.get(parameter.id.split(".", maxsplit=1)[0], "epidemiology"),
            label=label(parameter.id),
            unit=parameter.unit.replace("GBP", "£"),
            hint=parameter.note,
            money=parameter.id.startswith("cost."),
            optional=True,
            known=known,
            stand_in=_known(stand_in.get(parameter.id)),
        )
    return found


def standing(question: Question, figures: Figures) -> Standing:
    """The figure in use: the user's own, else the published one, else none."""
    answer = figures.answers.get(question.key)
    if answer is not None:
        return Standing(
            question,
            answer.value,
            answer.low,
            answer.high,
            answer.source or "not said",
            KINDS[answer.kind],
            answer.price_year,
            True,
        )
    known = question.known
    if known is None:
        return Standing(question, None, None, None, "", "not known", "", False)
    return Standing(
        question,
        known.value,
        known.low,
        known.high,
        known.source,
        known.confidence,
        known.price_year,
        False,
    )


def of_group(group: str) -> list[Question]:
    """The questions of one page."""
    return [question for question in questions().values() if question.group == group]


def taken(question: Question) -> Answer:
    """The stand-in of a question as an answer.

    Raises:
        KeyError: it has none.
    """
    if question.stand_in is None:
        raise KeyError(question.key)
    known = question.stand_in
    return Answer(value=known.value, source=known.source, price_year=known.price_year, kind="stand-in")
