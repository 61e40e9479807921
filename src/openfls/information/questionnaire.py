"""The questions that a person answers at home: pages of a few questions in plain words, and answers as typed values.

An answer is JSON as `record.questions` has it. Feet and stones are turned into centimetres and kilograms (1 inch is
2.54 cm and 1 lb is 0.45359237 kg by definition).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from openfls.record.people import Sex
from openfls.record.questions import NotAnAnswer, Value, by_field, read_answer

NOT_SURE = "not_sure"
WORDS = "words"
MOST_WORDS = 1000
_CM_PER_INCH, _KG_PER_LB = 2.54, 0.45359237


class AskKind(StrEnum):
    """How a question is answered."""

    YES_NO = "yes_no"
    COUNT = "count"
    NUMBER = "number"
    CHOICE = "choice"
    HEIGHT = "height"
    WEIGHT = "weight"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Ask:
    """One question in plain words. ``parts`` are the names of its inputs on the page."""

    field: str
    kind: AskKind
    ask: str
    hint: str = ""
    unit: str = ""
    options: tuple[tuple[str, str], ...] = ()

    @property
    def parts(self) -> tuple[str, ...]:
        """A height has two ways to be typed, and so has a weight."""
        if self.kind is AskKind.HEIGHT:
            return ("height_cm", "height_ft", "height_in")
        if self.kind is AskKind.WEIGHT:
            return ("weight_kg", "weight_st", "weight_lb")
        return (self.field,)

    def read(self, typed: Mapping[str, str], today: date) -> Value:
        """The answer; None where it is left open or the person is not sure.

        Raises:
            NotAnAnswer: it cannot be one; the message is in plain words.
        """
        given = {part: typed.get(part, "").strip() for part in self.parts}
        first = given[self.parts[0]]
        match self.kind:
            case AskKind.WORDS:
                return first[:MOST_WORDS] or None
            case AskKind.HEIGHT:
                return _two_ways(self, given, 12, _CM_PER_INCH)
            case AskKind.WEIGHT:
                return _two_ways(self, given, 14, _KG_PER_LB)
            case _:
                if first in ("", NOT_SURE):
                    return None
                try:
                    return read_answer(by_field()[self.field], first, today)
                except NotAnAnswer as error:
                    raise NotAnAnswer(_plain(self.kind)) from error

    def typed(self, value: Value) -> dict[str, str]:
        """What stands in the inputs for an answer that was given before."""
        if value is None:
            return {}
        if isinstance(value, bool):
            return {self.field: "yes" if value else "no"}
        shown = f"{value:g}" if isinstance(value, int | float) else str(value)
        return {self.parts[0]: shown}

    def words(self, value: Value) -> str:
        """The answer as the person reads it back."""
        if value is None:
            return "Left open"
        if self.field == WORDS:
            return str(value)
        if self.options:
            return dict(self.options).get(str(value), str(value))
        return by_field()[self.field].words(value)


def _plain(kind: AskKind) -> str:
    if kind in (AskKind.YES_NO, AskKind.CHOICE):
        return "Choose one of the answers"
    return "Write a number, for example 2" if kind is AskKind.COUNT else "Write a number, for example 10"


def _two_ways(of: Ask, given: Mapping[str, str], per_large: int, unit: float) -> float | None:
    """A metric number, or a large and a small unit of the old kind; not both."""
    metric, large, small = (given[part] for part in of.parts)
    if not (metric or large or small):
        return None
    if metric and (large or small):
        raise NotAnAnswer("Fill in one way or the other, not both")
    try:
        if metric:
            return round(_number(metric), 1)
        return round((_number(large or "0") * per_large + _number(small or "0")) * unit, 1)
    except ValueError as error:
        raise NotAnAnswer("Write numbers only") from error


def _number(typed: str) -> float:
    text = typed.replace(",", ".")
    if not text.replace(".", "", 1).isdigit() or len(text) > 6:
        raise ValueError(text)
    return float(text)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the form."""

    number: int
    title: str
    asks: tuple[Ask, ...]
    only: Sex | None = None
    after: str = ""

    def is_for(self, sex: Sex, answers: Mapping[str, Value]) -> bool:
        """Whether it is shown: to this sex (an unknown one is asked), and where its condition was answered so."""
        if self.only is not None and sex not in (self.only, Sex.UNKNOWN):
            return False
        before = answers.get(self.after) if self.after else True
        return before is True or (isinstance(before, int | float) and before > 0)


@cache
def _data() -> Mapping[str, Any]:
    text = (files("openfls.information") / "data" / "questionnaire.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def pages() -> tuple[Page, ...]:
    """Every page in its order, numbered from 1."""
    return tuple(
        Page(
            number=number,
            title=row["title"],
            asks=tuple(
                Ask(
                    field=item["field"],
                    kind=AskKind(item["kind"]),
                    ask=item["ask"],
                    hint=item.get("hint", ""),
                    unit=item.get("unit", ""),
                    options=tuple((key, words) for key, words in item.get("options", ())),
                )
                for item in row["question"]
            ),
            only=Sex(row["only"]) if "only" in row else None,
            after=row.get("after", ""),
        )
        for number, row in enumerate(_data()["page"], start=1)
    )


def pages_for(sex: Sex, answers: Mapping[str, Value]) -> tuple[Page, ...]:
    """The pages that this person is shown, by what was answered so far."""
    return tuple(page for page in pages() if page.is_for(sex, answers))


@cache
def asks() -> Mapping[str, Ask]:
    """Every question by its field."""
    return {ask.field: ask for page in pages() for ask in page.asks}


def texts(name: str) -> tuple[str, ...]:
    """The sentences around the questions, for example ``why`` or ``sent``."""
    kept = _data()["texts"][name]
    return (kept,) if isinstance(kept, str) else tuple(kept)


def everything_read() -> str:
    """All that a person may read in the form, one sentence a line: for measuring how hard it is."""
    lines = [line for name in _data()["texts"] if name != "title" for line in texts(name)]
    lines += [text for ask in asks().values() for text in (ask.ask, ask.hint) if text]
    return "\n".join(lines)
