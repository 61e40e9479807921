"""Text to tokens: small letters, numbers, and single signs, each with its place in the text."""

from __future__ import annotations

import re
from typing import Final

_TOKEN: Final = re.compile(r"[a-z]+(?:'[a-z]+|\d+)?|\d+(?:\.\d+)?(?:st|nd|rd|th)?(?![a-z])|\d+|_+|[^\s_]")
_ASCII_SMALL: Final = {code: code + 32 for code in range(65, 91)} | {0x2018: "'", 0x2019: "'"}
_DASHES: Final = {0x2010: "-", 0x2011: "-", 0x2013: "-", 0x2014: "-", 0x2212: "-", 0xA0: " "}
_FOLD: Final = {**_ASCII_SMALL, **_DASHES}


def fold(text: str) -> str:
    """The text in small letters with plain quotes and dashes, character for character as long as before."""
    if text.isascii():
        return text.lower()
    return text.translate(_FOLD)


def words_of(text: str, start: int, end: int) -> list[str]:
    """The tokens of folded ``text[start:end]``."""
    return _TOKEN.findall(text, start, end)


def places_of_words(text: str, start: int, end: int) -> tuple[list[int], list[int]]:
    """Where each of those tokens starts and ends in ``text``."""
    spans = [match.span() for match in _TOKEN.finditer(text, start, end)]
    return [span[0] for span in spans], [span[1] for span in spans]


def split_words(text: str) -> list[str]:
    """The tokens of a folded text alone."""
    return _TOKEN.findall(text)
