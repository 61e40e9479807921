"""Can a question be answered without knowing anything? Length and position of the right option, measured."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from openfls.training.values import Kind, Option, Question

MOST_LONGEST = 1 / 3
"""The right option may be the longest in so many of the questions; by chance it is in about a quarter."""
LENGTHS = (0.9, 1.1)
"""Mean length of right options over that of wrong ones."""
MOST_AT_ONE_PLACE = 0.5
FEWEST = 6
"""Below so many questions with one right option nothing is said about shares."""


@dataclass(frozen=True, slots=True)
class Bias:
    """What was measured over ``questions`` with one right option.

    ``longest`` and ``shortest``: how often the right option is longer, or shorter, than every other; ``ratio``: mean
    length of the right ones over that of the wrong ones; ``places``: how often the right one stands first, second, …
    """

    questions: int
    longest: int
    shortest: int
    ratio: float
    places: tuple[int, ...]

    def faults(self) -> list[str]:
        """What gives answers away, in words."""
        if self.questions < FEWEST:
            return []
        found = []
        if self.longest > MOST_LONGEST * self.questions:
            found.append(f"the right option is the longest in {self.longest} of {self.questions} questions")
        if not LENGTHS[0] <= self.ratio <= LENGTHS[1]:
            found.append(f"right options are {self.ratio:.2f} times as long as wrong ones")
        most = max(self.places)
        if most > MOST_AT_ONE_PLACE * self.questions:
            place = "abcde"[self.places.index(most)]
            found.append(f"the right option is {place} in {most} of {self.questions} questions")
        return found


def choices(questions: Iterable[Question]) -> list[tuple[Option, ...]]:
    """The lists of options of which exactly one is right: steps of cases included."""
    found = []
    for question in questions:
        if question.kind in (Kind.SINGLE, Kind.PICTURE):
            found.append(question.options)
        elif question.kind is Kind.UNFOLDING:
            found += [step.options for step in question.steps]
    return found


def bias(questions: Iterable[Question]) -> Bias:
    """Measure a set of questions."""
    longest = shortest = 0
    places = [0] * 5
    right_lengths: list[int] = []
    wrong_lengths: list[int] = []
    every = choices(questions)
    for options in every:
        (place,) = [number for number, option in enumerate(options) if option.right]
        places[min(place, 4)] += 1
        length = len(options[place].text)
        others = [len(option.text) for option in options if not option.right]
        longest += length > max(others)
        shortest += length < min(others)
        right_lengths.append(length)
        wrong_lengths += others
    ratio = _mean(right_lengths) / _mean(wrong_lengths) if wrong_lengths else 1.0
    return Bias(len(every), longest, shortest, ratio, tuple(places))


def _mean(numbers: list[int]) -> float:
    return sum(numbers) / len(numbers)
