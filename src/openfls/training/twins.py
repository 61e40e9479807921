"""Questions that are nearly the same, written by different authors: found by the words that they share.

The measure is plain: the words of a question that say something (its stem, its steps, its right answers, what is to be
ordered), and of two questions the share of these words that both have (Jaccard). It knows nothing of meaning, so that a
pair of the same form with other figures is found, and one in quite other words is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from openfls.training.values import Question

NOT_TOGETHER = 0.26
"""From this share on two questions never stand in one paper; ours, from reading the nearest pairs of the bank."""
TWINS = 0.5
"""From this share on they are the same question, and one of them is to be rewritten; ours, from the same reading."""
_WORD = re.compile(r"[^\W_]+(?:[.,]\d+)?")
_EMPTY_WORDS = """
a about all also an and any are as at be been before best but by can could did do does first for from give had has have
he her him his how if in into is it its may more most no not number of on one or other over per say says she so than
that the their them then there these they this those to under up was were what when where which who whole will with
would yes you your
"""
_EMPTY = frozenset(_EMPTY_WORDS.split())
"""Words that say nothing of what is asked."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two questions and the share of their words that both have, 0 to 1."""

    one: Question
    other: Question
    share: float


def words_of(question: Question) -> frozenset[str]:
    """The words of a question that say something."""
    right = (option.text for step in question.parts for option in step.options if option.right)
    told = (text for step in question.parts for text in (step.tells, step.stem))
    texts = (question.stem, *told, *right, *question.items)
    return frozenset(_WORD.findall(" ".join(texts).lower())) - _EMPTY


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of words that two questions have in common, 0 to 1; of each its `words_of`."""
    both = len(one & other)
    either = len(one) + len(other) - both
    return both / either if either else 0.0


def near(words: frozenset[str], chosen: Iterable[frozenset[str]]) -> bool:
    """Whether a paper that has ``chosen`` already asks nearly the same."""
    return any(likeness(words, one) >= NOT_TOGETHER for one in chosen)


def pairs(questions: Iterable[Question], least: float) -> list[Pair]:
    """Every pair that shares at least so much, the nearest first."""
    every = [(question, words_of(question)) for question in questions]
    found = [
        Pair(one, other, likeness(mine, theirs)) for (one, mine), (other, theirs) in combinations(every, 2)
    ]
    return sorted((pair for pair in found if pair.share >= least), key=lambda pair: -pair.share)
