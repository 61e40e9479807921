"""Codes of certificates: twelve characters that nobody guesses and nobody misreads."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0, 1, I and O: 32 letters, 60 bits in twelve of them."""
_GROUPS = re.compile(r"[^0-9A-Z]")


def new_code(choose: Callable[[Sequence[str]], str]) -> str:
    """A code in three groups of four; ``choose`` picks a letter at random."""
    letters = "".join(choose(LETTERS) for _ in range(12))
    return "-".join((letters[:4], letters[4:8], letters[8:]))


def as_code(typed: str) -> str:
    """What somebody typed, as a code is written; empty where it cannot be one."""
    bare = _GROUPS.sub("", typed.upper())
    if len(bare) != 12 or any(letter not in LETTERS for letter in bare):
        return ""
    return "-".join((bare[:4], bare[4:8], bare[8:]))
