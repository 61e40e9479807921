"""Marking: what was sent, read against the order that was shown, and scored from 0 to 1."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from openfls.training.papers import Item
from openfls.training.values import Kind, Option

Answer = list[int] | float
"""Of a step: the numbers of the chosen options in the file; the items in the chosen order; or a number."""
_NUMBER = re.compile(r"[-+]?([0-9]{1,12}([.,][0-9]{1,12})?|[.,][0-9]{1,12})")
_THOUSANDS = re.compile(r"([-+]?[1-9][0-9]{0,2})((?:[, \u00a0\u202f][0-9]{3})+)(\.[0-9]{1,12})?")
"""A number in groups of three, as a British reader writes 280,000; a decimal comma has other digits after it."""


class NotAnswered(Exception):
    """What was sent is no answer to the question. The message says what is asked for."""


def read(item: Item, step: int, given: Mapping[str, Sequence[str]]) -> Answer:
    """The answer to a step from the fields of a form: ``choice`` (one or more places as shown), ``place-0`` … for the
    places of items in an order, or ``number``.

    Raises:
        NotAnswered: nothing, or something that cannot be an answer.
    """
    order = item.shown[step]
    match item.question.kind:
        case Kind.NUMBER:
            return _number(given, item.question.number.unit if item.question.number else "")
        case Kind.ORDER:
            return _places(order, given)
        case Kind.SEVERAL:
            chosen = _chosen(order, given)
            if not chosen:
                raise NotAnswered("Choose at least one answer")
            return sorted(chosen)
        case _:
            chosen = _chosen(order, given)
            if len(chosen) != 1:
                raise NotAnswered("Choose one answer")
            return chosen


def _chosen(order: tuple[int, ...], given: Mapping[str, Sequence[str]]) -> list[int]:
    places = [value for value in given.get("choice", ())]
    if any(len(value) > 3 or not value.isdecimal() or int(value) >= len(order) for value in places):
        raise NotAnswered("Choose from the answers shown")
    return [order[int(value)] for value in dict.fromkeys(places)]


def _places(order: tuple[int, ...], given: Mapping[str, Sequence[str]]) -> list[int]:
    ranks = [given.get(f"place-{number}", ("",))[0] for number in range(len(order))]
    if not all(ranks):
        raise NotAnswered("Give every line its number")
    if sorted(ranks, key=str) != sorted(map(str, range(1, len(order) + 1)), key=str):
        raise NotAnswered("Use every number once")
    return [order[ranks.index(str(rank))] for rank in range(1, len(order) + 1)]


def _number(given: Mapping[str, Sequence[str]], unit: str) -> float:
    typed = given.get("number", ("",))[0].strip().replace("−", "-")
    if unit and typed.lower().endswith(unit.lower()):
        typed = typed[: -len(unit)].strip()
    if not typed:
        raise NotAnswered("Enter a number")
    if grouped := _THOUSANDS.fullmatch(typed):
        typed = grouped[1] + re.sub("[^0-9]", "", grouped[2]) + (grouped[3] or "")
    if not _NUMBER.fullmatch(typed):
        raise NotAnswered("Enter a number, for example 31 or 0.8")
    return float(typed.replace(",", "."))


def score(item: Item, answers: Sequence[Answer | None]) -> float:
    """From 0 to 1; ``answers`` has one entry a step, None where nothing was sent.

    One best answer or a number: right or not. Several answers: those rightly chosen less those wrongly chosen, over the
    right ones, not below 0. An order: pairs that stand the right way round less those that do not, over all pairs, not
    below 0. A case: the mean of its steps.
    """
    found = [0.0 if answer is None else _score(item, step, answer) for step, answer in enumerate(answers)]
    return round(sum(found) / item.steps, 6)


def _score(item: Item, step: int, answer: Answer) -> float:
    question = item.question
    if question.number is not None and isinstance(answer, float | int):
        return float(question.number.low <= answer <= question.number.high)
    if not isinstance(answer, list):
        return 0.0
    if question.kind is Kind.ORDER:
        pairs = [1 if first < second else -1 for first, second in combinations(answer, 2)]
        return max(0.0, sum(pairs) / len(pairs)) if pairs else 0.0
    options = question.parts[step].options
    right = {number for number, option in enumerate(options) if option.right}
    if question.kind is Kind.SEVERAL:
        return max(0.0, (len(right & set(answer)) - len(set(answer) - right)) / len(right))
    return float(set(answer) == right)


@dataclass(frozen=True, slots=True)
class Told:
    """One line of an explanation: an option or item as it was shown, and what became of it."""

    text: str
    right: bool
    chosen: bool
    why: str = ""
    place: str = ""


def explained(item: Item, step: int, answer: Answer | None) -> tuple[Told, ...]:
    """Every option of a step in the order in which it was shown, with why it is right or wrong."""
    question = item.question
    if question.kind is Kind.NUMBER:
        return ()
    chosen = answer if isinstance(answer, list) else []
    if question.kind is Kind.ORDER:
        return tuple(
            Told(text, place < len(chosen) and chosen[place] == place, False, "", str(place + 1))
            for place, text in enumerate(question.items)
        )
    options = question.parts[step].options
    return tuple(_told(options[number], number in chosen) for number in item.shown[step])


def _told(option: Option, chosen: bool) -> Told:
    return Told(option.text, option.right, chosen, option.why)


def plain(number: float) -> str:
    """A number as it would be typed, never with an exponent."""
    return f"{number:.12g}"


def words(item: Item, step: int, answer: Answer | None) -> str:
    """An answer in words."""
    if answer is None:
        return "no answer"
    question = item.question
    if isinstance(answer, float | int):
        unit = question.number.unit if question.number else ""
        return f"{plain(answer)} {unit}".strip()
    if question.kind is Kind.ORDER:
        return "; ".join(question.items[number] for number in answer)
    return "; ".join(question.parts[step].options[number].text for number in answer)


@dataclass(frozen=True, slots=True)
class TopicScore:
    """Points of one topic in a paper."""

    topic: str
    title: str
    points: float
    of: int

    @property
    def percent(self) -> float:
        """Points as per cent."""
        return 100 * self.points / self.of


def by_topic(scored: Sequence[tuple[Item, float]]) -> list[TopicScore]:
    """The points of each topic, topics in the order of the course."""
    found: dict[str, list[float]] = {}
    titles: dict[str, str] = {}
    for item, points in scored:
        found.setdefault(item.topic, []).append(points)
        titles[item.topic] = item.topic_title
    ordered = sorted(found, key=lambda key: (key[0], int(key[1:])))
    return [TopicScore(key, titles[key], round(sum(found[key]), 6), len(found[key])) for key in ordered]


def percent(points: Sequence[float]) -> float:
    """The mark of a paper: points over questions, in per cent to one digit, never rounded up over a pass mark."""
    return int(1000 * (sum(points) / len(points) + 1e-9)) / 10 if points else 0.0
