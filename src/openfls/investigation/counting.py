"""Conditions that count: at least so many of several, or one measurement in place of another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from openfls.investigation.logic import Condition, Judgement, Trial, bracketed, unique
from openfls.record.advice import Answer
from openfls.record.picture import Picture


@dataclass(frozen=True, slots=True)
class AtLeast(Condition):
    """At least ``count`` of the parts hold."""

    count: int
    parts: tuple[Condition, ...]

    def judge(self, picture: Picture) -> Judgement:
        """UNKNOWN where the parts that are not known could make up the count."""
        judged = [part.judge(picture) for part in self.parts]
        inputs = unique([pair for one in judged for pair in one.inputs])
        sure = sum(one.answer is Answer.YES for one in judged)
        open_ones = [one for one in judged if one.answer is Answer.UNKNOWN]
        if sure >= self.count:
            return Judgement(Answer.YES, inputs)
        if sure + len(open_ones) < self.count:
            return Judgement(Answer.NO, inputs)
        return Judgement(Answer.UNKNOWN, inputs, unique([name for one in open_ones for name in one.missing]))

    def words(self) -> str:
        """For example ``at least 2 of: …``."""
        return f"at least {self.count} of: " + "; ".join(part.words() for part in self.parts)

    def trials(self, picture: Picture) -> Iterator[Trial]:
        """What could decide the parts."""
        for part in self.parts:
            yield from part.trials(picture)

    def within(self) -> tuple[Condition, ...]:
        """The parts."""
        return self.parts


@dataclass(frozen=True, slots=True)
class AnyMeasured(Condition):
    """Measurements that stand for each other: one that holds is enough; one that is known is enough for
    NO."""

    parts: tuple[Condition, ...]

    def judge(self, picture: Picture) -> Judgement:
        """UNKNOWN only where none is known."""
        judged = [part.judge(picture) for part in self.parts]
        inputs = unique([pair for one in judged for pair in one.inputs])
        answers = {one.answer for one in judged}
        for answer in (Answer.YES, Answer.NO):
            if answer in answers:
                return Judgement(answer, inputs)
        return Judgement(
            Answer.UNKNOWN, inputs, (" or ".join(unique([n for one in judged for n in one.missing])),)
        )

    def words(self) -> str:
        """The parts joined with *or*."""
        return " or ".join(bracketed(part) for part in self.parts) + " (one measurement is enough)"

    def trials(self, picture: Picture) -> Iterator[Trial]:
        """What could decide the parts."""
        if self.judge(picture).answer is Answer.UNKNOWN:
            for part in self.parts:
                yield from part.trials(picture)

    def within(self) -> tuple[Condition, ...]:
        """The parts."""
        return self.parts
