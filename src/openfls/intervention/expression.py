"""Conditions written in the data files, and how they are judged: yes, no, or not known yet.

The language is a handful of forms: a fact (``oesophageal_disease``), a number against a limit (``crcl < crcl_low``,
where the limit is a number or a setting of the pack), a set against a group (``planned in oral``), ``known(x)``,
``always``, the name of a term of the pack, and ``and``, ``or``, ``not``. The connectives are Kleene's: what is decided
stays decided whatever is learnt later, and a missing value is never no, none or normal.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from openfls.record.advice import Answer

Inputs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known of one thing: a yes/no, a number, a set of names, or None for not known.

    ``missing`` names what would have to be learnt. A value in ``doubt`` (an old result, a count that may be too low)
    may answer yes and warn; it never answers no.
    """

    value: bool | float | frozenset[str] | None
    shown: str
    missing: tuple[str, ...] = ()
    doubt: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """The answer, every fact that was read (its words, as shown), and what was lacking to decide."""

    answer: Answer
    inputs: Inputs = ()
    missing: tuple[str, ...] = ()


Facts = Mapping[str, Fact]
Settings = Mapping[str, float]


class Expression(ABC):
    """A condition. `names` gives the facts that it reads."""

    @abstractmethod
    def judge(self, facts: Facts, settings: Settings) -> Judged:
        """Decide as far as the facts allow."""

    @abstractmethod
    def words(self, settings: Settings) -> str:
        """The condition in words, with the limits of ``settings``."""

    @abstractmethod
    def names(self) -> Iterator[str]:
        """The facts that it reads."""

    def groups(self, name: str) -> frozenset[str]:
        """The drugs with which it compares the fact ``name``: those of every group together."""
        return frozenset()


def _answered(fact: Fact, words: str, holds: bool) -> Judged:
    if holds:
        return Judged(Answer.YES, ((words, fact.shown),))
    if fact.doubt:
        return Judged(Answer.UNKNOWN, ((words, fact.shown),), fact.missing or (words,))
    return Judged(Answer.NO, ((words, fact.shown),))


@dataclass(frozen=True, slots=True)
class Always(Expression):
    """Holds for everybody."""

    def judge(self, facts: Facts, settings: Settings) -> Judged:
        """YES."""
        return Judged(Answer.YES)

    def words(self, settings: Settings) -> str:
        """``always``."""
        return "always"

    def names(self) -> Iterator[str]:
        """None."""
        return iter(())


@dataclass(frozen=True, slots=True)
class Named(Expression):
    """A single fact: whether it holds, or how it stands to a limit or a group."""

    name: str
    label: str
    test: str = ""
    limit: str | float = 0.0
    group: frozenset[str] = frozenset()
    group_words: str = ""

    def _limit(self, settings: Settings) -> float:
        return settings[self.limit] if isinstance(self.limit, str) else self.limit

    def judge(self, facts: Facts, settings: Settings) -> Judged:
        """UNKNOWN where the fact is not known, or where only a doubtful value says no."""
        fact = facts[self.name]
        if fact.value is None:
            return Judged(Answer.UNKNOWN, ((self.label, fact.shown),), fact.missing or (self.label,))
        if self.test == "in":
            assert isinstance(fact.value, frozenset), self.name
            return _answered(fact, self.label, bool(fact.value & self.group))
        if self.test:
            assert isinstance(fact.value, float | int), self.name
            return _answered(fact, self.label, _TESTS[self.test](float(fact.value), self._limit(settings)))
        assert isinstance(fact.value, bool), self.name
        return _answered(fact, self.label, fact.value)

    def words(self, settings: Settings) -> str:
        """For example ``creatinine clearance below 35``."""
        if self.test == "in":
            return f"{self.label} is {self.group_words}"
        if self.test:
            return f"{self.label} {_WORDS[self.test]} {self._limit(settings):g}"
        return self.label

    def names(self) -> Iterator[str]:
        """Its own."""
        yield self.name

    def groups(self, name: str) -> frozenset[str]:
        """Its own."""
        return self.group if name == self.name else frozenset()


_TESTS: dict[str, Callable[[float, float], bool]] = {
    "<": lambda value, limit: value < limit,
    "<=": lambda value, limit: value <= limit,
    ">": lambda value, limit: value > limit,
    ">=": lambda value, limit: value >= limit,
}
_WORDS = {"<": "below", "<=": "at most", ">": "above", ">=": "at least"}


@dataclass(frozen=True, slots=True)
class Known(Expression):
    """The fact is known, and not in doubt. Never unknown itself."""

    name: str
    label: str

    def judge(self, facts: Facts, settings: Settings) -> Judged:
        """YES or NO."""
        fact = facts[self.name]
        sure = fact.value is not None and not fact.doubt
        return Judged(Answer.YES if sure else Answer.NO, ((self.label, fact.shown),))

    def words(self, settings: Settings) -> str:
        """For example ``25-hydroxyvitamin D is known``."""
        return f"{self.label} is known"

    def names(self) -> Iterator[str]:
        """Its own."""
        yield self.name


@dataclass(frozen=True, slots=True)
class Both(Expression):
    """Every part holds, or (``any_``) at least one does."""

    parts: tuple[Expression, ...]
    any_: bool = False

    def judge(self, facts: Facts, settings: Settings) -> Judged:
        """Decided as soon as one part decides it; otherwise UNKNOWN as soon as one part is."""
        judged = [part.judge(facts, settings) for part in self.parts]
        deciding = Answer.YES if self.any_ else Answer.NO
        decided = [one for one in judged if one.answer is deciding]
        if decided:
            return Judged(deciding, _unique([pair for one in decided for pair in one.inputs]))
        inputs = _unique([pair for one in judged for pair in one.inputs])
        lacking = [name for one in judged if one.answer is Answer.UNKNOWN for name in one.missing]
        if lacking:
            return Judged(Answer.UNKNOWN, inputs, tuple(dict.fromkeys(lacking)))
        return Judged(Answer.NO if self.any_ else Answer.YES, inputs)

    def words(self, settings: Settings) -> str:
        """The parts joined with *and* or *or*."""
        joined = [
            f"({part.words(settings)})" if isinstance(part, Both) else part.words(settings)
            for part in self.parts
        ]
        return (" or " if self.any_ else " and ").join(joined)

    def names(self) -> Iterator[str]:
        """Those of the parts."""
        for part in self.parts:
            yield from part.names()

    def groups(self, name: str) -> frozenset[str]:
        """Those of the parts."""
        return frozenset().union(*(part.groups(name) for part in self.parts))


_OPPOSITE = {Answer.YES: Answer.NO, Answer.NO: Answer.YES, Answer.UNKNOWN: Answer.UNKNOWN}


@dataclass(frozen=True, slots=True)
class Not(Expression):
    """The part does not hold; unknown stays unknown."""

    part: Expression

    def judge(self, facts: Facts, settings: Settings) -> Judged:
        """The opposite answer."""
        judged = self.part.judge(facts, settings)
        return Judged(_OPPOSITE[judged.answer], judged.inputs, judged.missing)

    def words(self, settings: Settings) -> str:
        """The part after *not*."""
        words = self.part.words(settings)
        return f"not ({words})" if isinstance(self.part, Both) else f"not {words}"

    def names(self) -> Iterator[str]:
        """Those of the part."""
        yield from self.part.names()

    def groups(self, name: str) -> frozenset[str]:
        """Those of the part."""
        return self.part.groups(name)


def _unique(pairs: list[tuple[str, str]]) -> Inputs:
    return tuple(dict.fromkeys(pairs))
