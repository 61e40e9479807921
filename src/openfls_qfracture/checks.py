"""What the reference refuses, in its words and its order; and, in ours, what is missing.

SPDX-License-Identifier: LGPL-3.0-or-later
"""

from __future__ import annotations

import math

from openfls_qfracture.model import RANGES


class QFractureError(ValueError):
    """The inputs cannot be scored; ``errors`` has one line for each, in the reference's order."""

    def __init__(self, errors: tuple[str, ...]) -> None:
        super().__init__("; ".join(errors))
        self.errors = errors


def is_known(value: object) -> bool:
    """Whether there is a value at all; NaN and blank are none."""
    return not (value is None or value == "" or (isinstance(value, float) and math.isnan(value)))


def error_of(name: str, value: object) -> str | None:
    """What is wrong with one input, or None. The reference truncates a fraction of a year; here it is an
    error."""
    if not is_known(value):
        return f"error: {name} is missing"
    if not isinstance(value, int | float) or math.isinf(value):
        return f"error: {name} is not a number"
    low, high = RANGES.get(name, RANGES["flags"])
    if not low <= value <= high:
        return f"error: {name} must be in range ({low:g},{high:g})"
    if name != "bmi" and value != int(value):
        return f"error: {name} must be a whole number"
    return None
