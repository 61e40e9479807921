"""The rating of a result: the first step of the pack that it reaches."""

from __future__ import annotations

from openfls.quality.packs import COMPARISONS, Threshold


def rating_of(thresholds: tuple[Threshold, ...], numerator: float, denominator: float) -> str | None:
    """The rating of two numbers; None where there is nothing to divide by.

    Percentages are compared without dividing (``100 n >= limit d``), as the engine does.
    """
    if denominator <= 0:
        return None
    for step in thresholds:
        left, right = (
            (denominator - numerator, step.limit)
            if step.of_missing
            else (numerator * 100, denominator * step.limit)
        )
        if COMPARISONS[step.comparison](left, right):
            return step.rating
    return None


_LIMITS_AT = 10
"""Every limit of a rating is a multiple of so many percent."""


def percent_words(value: float) -> str:
    """A percentage for people to read, without the sign: whole, except where the whole number would stand on a limit
    that the exact one is not on. 79.7 is not told as 80 beside a rating that begins with 80."""
    for places in (0, 1, 2):
        told = f"{value:.{places}f}"
        if float(told) == value or float(told) % _LIMITS_AT:
            break
    return told
