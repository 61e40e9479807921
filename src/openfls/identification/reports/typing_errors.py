"""Words with one letter wrong: left out, doubled, swapped with the next, one key beside, or another vowel."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

from openfls.identification.reports.lexicon import Node, tree, word_set

_ROWS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_VOWELS: Final = "aeiou"
_REAL: Final = frozenset(
    {"typical", "racial", "numeral", "eternal", "manufacture", "manufactured", "eight", "eights"}
)
"""Words of their own that are one letter away from one of the list."""


def _beside(letter: str) -> str:
    """The letters of the keys left, right, above and below on an English keyboard."""
    for number, row in enumerate(_ROWS):
        at = row.find(letter)
        if at < 0:
            continue
        near = row[max(0, at - 1) : at] + row[at + 1 : at + 2]
        if number:
            near += _ROWS[number - 1][at : at + 2]
        if number < len(_ROWS) - 1:
            near += _ROWS[number + 1][max(0, at - 1) : at + 1]
        return near
    return ""


def slips(word: str) -> Iterator[str]:
    """Every way to get one letter of the word wrong; some may be words of their own."""
    for at, letter in enumerate(word):
        head, tail = word[:at], word[at + 1 :]
        yield head + tail
        yield head + letter + letter + tail
        yield head + tail[:1] + letter + tail[1:]
        for other in _beside(letter) + (_VOWELS if letter in _VOWELS else ""):
            yield head + other + tail


def _known_words(nodes: dict[str, Node]) -> Iterator[str]:
    for word, node in nodes.items():
        yield word
        yield from _known_words(node.following)


@cache
def meant_words() -> dict[str, str]:
    """The word meant by each of its misspellings, for the words of ``often_misspelt``; no known word is among them."""
    known = frozenset(_known_words(tree())) | _REAL
    meant: dict[str, str] = {}
    for word in sorted(word_set("often_misspelt")):
        for slip in slips(word):
            if slip not in known:
                meant.setdefault(slip, word)
    return meant
