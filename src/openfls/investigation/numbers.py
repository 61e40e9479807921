"""Conditions on measured quantities: a number of the picture against a limit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from openfls.investigation.logic import (
    FIELDS,
    NOT_KNOWN,
    Condition,
    Judgement,
    Trial,
    field_words,
    with_field,
)
from openfls.record.advice import Answer
from openfls.record.picture import Picture


@dataclass(frozen=True, slots=True)
class Reading:
    """A number read from a picture: None is not known; ``missing`` names what would have to be learnt."""

    value: float | None
    inputs: tuple[tuple[str, str], ...]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Number:
    """A measured quantity: how it is read, its unit, and how a picture looks once it is known."""

    name: str
    unit: str
    read: Callable[[Picture], Reading]
    learn: Callable[[Picture, float], Picture]
    step: float = 1.0
    label: str = ""

    def at_least(self, limit: float) -> Condition:
        """The value is ``limit`` or more."""
        return Compared(self, ">=", limit)

    def above(self, limit: float) -> Condition:
        """The value is more than ``limit``."""
        return Compared(self, ">", limit)

    def at_most(self, limit: float) -> Condition:
        """The value is ``limit`` or less."""
        return Compared(self, "<=", limit)

    def below(self, limit: float) -> Condition:
        """The value is less than ``limit``."""
        return Compared(self, "<", limit)


def shown_number(value: float | None, unit: str) -> str:
    """A number as a trace shows it."""
    return NOT_KNOWN if value is None else f"{value:g} {unit}".strip()


def field_number(field: str, unit: str, step: float = 1.0, label: str = "") -> Number:
    """The number that stands in a field of the picture."""
    assert field in FIELDS, field

    def read(picture: Picture) -> Reading:
        value: float | None = getattr(picture, field)
        return Reading(value, ((field, shown_number(value, unit)),), () if value is not None else (field,))

    def learn(picture: Picture, value: float) -> Picture:
        return with_field(picture, field, int(value) if field in _WHOLE else value)

    return Number(field, unit, read, learn, step, label or field_words(field))


_WHOLE = frozenset({"age", "falls_last_year"})
_WORDS = {">=": "at least", ">": "more than", "<=": "at most", "<": "below"}
_TESTS: dict[str, Callable[[float, float], bool]] = {
    ">=": lambda value, limit: value >= limit,
    ">": lambda value, limit: value > limit,
    "<=": lambda value, limit: value <= limit,
    "<": lambda value, limit: value < limit,
}


@dataclass(frozen=True, slots=True)
class Compared(Condition):
    """A number against a limit."""

    number: Number
    test: str
    limit: float

    def judge(self, picture: Picture) -> Judgement:
        """Missing where the number is."""
        reading = self.number.read(picture)
        if reading.value is None:
            return Judgement(Answer.UNKNOWN, reading.inputs, reading.missing)
        holds = _TESTS[self.test](reading.value, self.limit)
        return Judgement(Answer.YES if holds else Answer.NO, reading.inputs)

    def words(self) -> str:
        """For example ``age at least 50 years``."""
        label = self.number.label or self.number.name
        return f"{label} {_WORDS[self.test]} {self.limit:g} {self.number.unit}".strip()

    def trials(self, picture: Picture) -> Iterator[Trial]:
        """A value on each side of the limit."""
        if self.number.read(picture).value is not None:
            return
        for value in (self.limit - self.number.step, self.limit, self.limit + self.number.step):
            yield Trial(
                self.number.name, shown_number(value, self.number.unit), self.number.learn(picture, value)
            )
