"""Item analysis for authors: how hard a question is, whether it parts those who know from those who do not, and which
wrong options nobody takes.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openfls.training.marking import Answer, TopicScore
from openfls.training.papers import Item
from openfls.training.values import Kind

FEWEST = 30
"""Fewer answers than this say nothing yet: too few."""
EASY, HARD = 0.95, 0.3
WEAK = 0.15
RARE = 0.05


@dataclass(frozen=True, slots=True)
class Given:
    """One question answered in a paper that was handed in; ``rest`` is the mean score of all the other questions of
    that paper, so that a question is not measured against itself."""

    item: Item
    answers: tuple[Answer | None, ...]
    score: float
    rest: float


@dataclass(frozen=True, slots=True)
class Taken:
    """An option and how often it was chosen."""

    text: str
    right: bool
    times: int
    share: float


@dataclass(frozen=True, slots=True)
class Analysed:
    """One wording of a question as it was answered.

    ``difficulty`` is the mean score (1: everybody right); ``discrimination`` the correlation of its score with that of
    the rest of the paper, None where it cannot be computed; ``options`` those of a question to choose from.
    """

    id: str
    hash: str
    topic: str
    stem: str
    kind: Kind
    stated: int
    answers: int
    difficulty: float
    discrimination: float | None
    options: tuple[Taken, ...]

    @property
    def too_few(self) -> bool:
        """Whether nothing can be said yet."""
        return self.answers < FEWEST

    @property
    def remarks(self) -> tuple[str, ...]:
        """What an author should look at; nothing where the answers are too few."""
        if self.too_few:
            return ()
        found = []
        if self.difficulty > EASY:
            found.append("nearly everybody is right: it may tell nothing")
        if self.difficulty < HARD:
            found.append("most are wrong: is it fair, and is the key right?")
        if self.discrimination is not None and self.discrimination < 0:
            found.append("those who do well elsewhere do worse here: is the key right?")
        elif self.discrimination is not None and self.discrimination < WEAK:
            found.append("it hardly parts those who know from those who do not")
        idle = [option.text for option in self.options if not option.right and option.share < RARE]
        found += [f"hardly anybody takes “{text}”" for text in idle]
        return tuple(found)


def analyse(given: Iterable[Given]) -> list[Analysed]:
    """Every wording of every question that was answered, by question."""
    groups: dict[tuple[str, str], list[Given]] = defaultdict(list)
    for one in given:
        groups[(one.item.question.id, one.item.hash)].append(one)
    found = [_one(rows) for rows in groups.values()]
    return sorted(found, key=lambda one: (one.topic[0], int(one.topic[1:]), one.id, one.hash))


def _one(rows: Sequence[Given]) -> Analysed:
    item = rows[0].item
    question = item.question
    scores = [row.score for row in rows]
    return Analysed(
        id=question.id,
        hash=item.hash,
        topic=item.topic,
        stem=question.stem or question.parts[0].stem,
        kind=question.kind,
        stated=question.difficulty,
        answers=len(rows),
        difficulty=sum(scores) / len(scores),
        discrimination=correlation(scores, [row.rest for row in rows]),
        options=_taken(rows) if question.options else (),
    )


def _taken(rows: Sequence[Given]) -> tuple[Taken, ...]:
    chosen: Counter[int] = Counter()
    for row in rows:
        first = row.answers[0] if row.answers else None
        chosen.update(first if isinstance(first, list) else [])
    options = rows[0].item.question.options
    return tuple(
        Taken(option.text, option.right, chosen[number], chosen[number] / len(rows))
        for number, option in enumerate(options)
    )


def correlation(ones: Sequence[float], others: Sequence[float]) -> float | None:
    """Pearson's correlation; None where one side never varies or there are fewer than three pairs."""
    if len(ones) < 3:
        return None
    mean_one, mean_other = sum(ones) / len(ones), sum(others) / len(others)
    covariance = sum((a - mean_one) * (b - mean_other) for a, b in zip(ones, others, strict=True))
    spread_one = math.sqrt(sum((a - mean_one) ** 2 for a in ones))
    spread_other = math.sqrt(sum((b - mean_other) ** 2 for b in others))
    return None if spread_one * spread_other < 1e-12 else covariance / (spread_one * spread_other)


def weakest(scores: Sequence[TopicScore], pass_mark: int) -> list[TopicScore]:
    """The topics below the pass mark, the weakest first: what to read again."""
    return sorted((score for score in scores if score.percent < pass_mark), key=lambda score: score.percent)
