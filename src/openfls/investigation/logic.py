"""Three-valued conditions over a `Picture`: yes, no, or not known yet, with what was read and what is
missing.

The connectives are Kleene's: what is decided by what is known stays decided whatever is learnt later. A
missing value is never no, none or normal.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

from openfls.record.advice import Answer
from openfls.record.people import Sex
from openfls.record.picture import Picture

NOT_KNOWN = "not known"
FIELDS = frozenset(field.name for field in fields(Picture))


@dataclass(frozen=True, slots=True)
class Judgement:
    """The answer to a condition, every input it read (name, as shown), and what it lacked to decide."""

    answer: Answer
    inputs: tuple[tuple[str, str], ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """One thing that could be learnt: the input's name, the value as words, and the picture with it."""

    name: str
    value: str
    picture: Picture


def with_field(picture: Picture, field: str, value: Any) -> Picture:
    """The picture with one field changed."""
    changes: dict[str, Any] = {field: value}
    return replace(picture, **changes)


def unique(items: list[Any]) -> tuple[Any, ...]:
    """The items in order, each once."""
    return tuple(dict.fromkeys(items))


class Condition(ABC):
    """Something that can be asked of a picture. Combine with ``&``, ``|`` and ``~``."""

    @abstractmethod
    def judge(self, picture: Picture) -> Judgement:
        """Decide as far as the picture allows."""

    @abstractmethod
    def words(self) -> str:
        """The condition in words, as the reference pages print it."""

    def trials(self, picture: Picture) -> Iterator[Trial]:
        """Values of unknown inputs that could decide this condition either way."""
        return iter(())

    def within(self) -> tuple[Condition, ...]:
        """The conditions that this one is made of."""
        return ()

    def __and__(self, other: Condition) -> Condition:
        return All((*_parts(self, All), *_parts(other, All)))

    def __or__(self, other: Condition) -> Condition:
        return Any_((*_parts(self, Any_), *_parts(other, Any_)))

    def __invert__(self) -> Condition:
        return Not(self)


def _parts(condition: Condition, kind: type[All] | type[Any_]) -> tuple[Condition, ...]:
    return condition.parts if isinstance(condition, kind) else (condition,)


_ABBREVIATIONS = frozenset({"bmd", "copd", "dxa", "egfr", "hrt", "ssri", "vfa"})


def field_words(field: str) -> str:
    """The name of a field as words, for example ``DXA possible``."""
    return " ".join(part.upper() if part in _ABBREVIATIONS else part for part in field.split("_"))


def bracketed(condition: Condition) -> str:
    """The words of a condition, in brackets where they would be misread among others."""
    words = condition.words()
    ambiguous = isinstance(condition, Named) and (" or " in words or " and " in words)
    return f"({words})" if ambiguous or isinstance(condition, All | Any_) else words


@dataclass(frozen=True, slots=True)
class _Many(Condition):
    parts: tuple[Condition, ...]

    def _merge(self, picture: Picture, deciding: Answer) -> Judgement:
        judged = [part.judge(picture) for part in self.parts]
        inputs = unique([pair for one in judged for pair in one.inputs])
        answers = {one.answer for one in judged}
        if deciding in answers:
            return Judgement(deciding, inputs)
        if Answer.UNKNOWN in answers:
            lacking = [name for one in judged if one.answer is Answer.UNKNOWN for name in one.missing]
            return Judgement(Answer.UNKNOWN, inputs, unique(lacking))
        return Judgement(Answer.YES if deciding is Answer.NO else Answer.NO, inputs)

    def trials(self, picture: Picture) -> Iterator[Trial]:
        for part in self.parts:
            yield from part.trials(picture)

    def within(self) -> tuple[Condition, ...]:
        """The parts."""
        return self.parts


@dataclass(frozen=True, slots=True)
class All(_Many):
    """Every part holds."""

    def judge(self, picture: Picture) -> Judgement:
        """NO as soon as one part is NO; otherwise UNKNOWN as soon as one part is."""
        return self._merge(picture, Answer.NO)

    def words(self) -> str:
        """The parts joined with *and*."""
        return " and ".join(bracketed(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Any_(_Many):
    """At least one part holds."""

    def judge(self, picture: Picture) -> Judgement:
        """YES as soon as one part is YES; otherwise UNKNOWN as soon as one part is."""
        return self._merge(picture, Answer.YES)

    def words(self) -> str:
        """The parts joined with *or*."""
        return " or ".join(bracketed(part) for part in self.parts)


_OPPOSITE = {Answer.YES: Answer.NO, Answer.NO: Answer.YES, Answer.UNKNOWN: Answer.UNKNOWN}


@dataclass(frozen=True, slots=True)
class Not(Condition):
    """The part does not hold; unknown stays unknown."""

    part: Condition

    def judge(self, picture: Picture) -> Judgement:
        """The opposite answer."""
        judged = self.part.judge(picture)
        return replace(judged, answer=_OPPOSITE[judged.answer])

    def words(self) -> str:
        """The part after *not*."""
        return f"not {bracketed(self.part)}"

    def trials(self, picture: Picture) -> Iterator[Trial]:
        """What could decide the part."""
        return self.part.trials(picture)

    def within(self) -> tuple[Condition, ...]:
        """The part."""
        return (self.part,)


@dataclass(frozen=True, slots=True)
class Shown(Condition):
    """YES where the part is known to hold, otherwise NO: for exceptions that count only once they are
    known."""

    part: Condition

    def judge(self, picture: Picture) -> Judgement:
        """Never UNKNOWN."""
        judged = self.part.judge(picture)
        return Judgement(Answer.YES if judged.answer is Answer.YES else Answer.NO, judged.inputs)

    def words(self) -> str:
        """The part before *(as far as known)*."""
        return f"{bracketed(self.part)} as far as known"

    def trials(self, picture: Picture) -> Iterator[Trial]:
        """What could decide the part."""
        return self.part.trials(picture)

    def within(self) -> tuple[Condition, ...]:
        """The part."""
        return (self.part,)


@dataclass(frozen=True, slots=True)
class Named(Condition):
    """A condition under a short name, so that rules which share it read alike."""

    part: Condition
    name: str

    def judge(self, picture: Picture) -> Judgement:
        """The judgement of the part."""
        return self.part.judge(picture)

    def words(self) -> str:
        """The name."""
        return self.name

    def trials(self, picture: Picture) -> Iterator[Trial]:
        """What could decide the part."""
        return self.part.trials(picture)

    def within(self) -> tuple[Condition, ...]:
        """The part."""
        return (self.part,)


@dataclass(frozen=True, slots=True)
class Always(Condition):
    """Holds for everybody."""

    def judge(self, picture: Picture) -> Judgement:
        """YES."""
        return Judgement(Answer.YES)

    def words(self) -> str:
        """For the reference page."""
        return "always"


@dataclass(frozen=True, slots=True)
class Flag(Condition):
    """A yes/no field of the picture."""

    field: str

    def __post_init__(self) -> None:
        assert self.field in FIELDS, self.field

    def judge(self, picture: Picture) -> Judgement:
        """Missing where the field is None."""
        value: bool | None = getattr(picture, self.field)
        if value is None:
            return Judgement(Answer.UNKNOWN, ((self.field, NOT_KNOWN),), (self.field,))
        return Judgement(Answer.YES if value else Answer.NO, ((self.field, "yes" if value else "no"),))

    def words(self) -> str:
        """The field's name in words."""
        return field_words(self.field)

    def trials(self, picture: Picture) -> Iterator[Trial]:
        """Yes and no."""
        if getattr(picture, self.field) is None:
            for value, shown in ((True, "yes"), (False, "no")):
                yield Trial(self.field, shown, with_field(picture, self.field, value))


@dataclass(frozen=True, slots=True)
class SexIs(Condition):
    """The sex that reference ranges and equations need; unknown is not known, never a default."""

    sex: Sex

    def judge(self, picture: Picture) -> Judgement:
        """Missing where the sex is unknown."""
        if picture.sex is Sex.UNKNOWN:
            return Judgement(Answer.UNKNOWN, (("sex", NOT_KNOWN),), ("sex",))
        answer = Answer.YES if picture.sex is self.sex else Answer.NO
        return Judgement(answer, (("sex", picture.sex.value),))

    def words(self) -> str:
        """``woman`` or ``man``."""
        return "woman" if self.sex is Sex.FEMALE else "man"

    def trials(self, picture: Picture) -> Iterator[Trial]:
        """Female and male."""
        if picture.sex is Sex.UNKNOWN:
            for sex in (Sex.FEMALE, Sex.MALE):
                yield Trial("sex", sex.value, replace(picture, sex=sex))
