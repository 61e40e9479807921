"""Advice and its trace: which rule of which pack said so, from which inputs, and how sure the source is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Confidence(StrEnum):
    """How the fact behind a rule is known. Everything but ``checked`` is shown to the user with its mark."""

    CHECKED = "checked"
    SECOND_HAND = "checked, second-hand"
    RECALLED_HIGH = "recalled, high"
    RECALLED_MEDIUM = "recalled, medium"
    RECALLED_LOW = "recalled, low"
    INFERRED = "inferred"


class Answer(StrEnum):
    """What a rule found: its condition holds, does not hold, or cannot be judged yet."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Trace:
    """One rule as it was evaluated: the inputs it read, by name and as shown, and those it lacked."""

    pack: str
    rule: str
    answer: Answer
    inputs: tuple[tuple[str, str], ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing the guideline says to do for this person, in our words."""

    action: str
    text: str
    strength: str
    source: str
    confidence: Confidence
    trace: Trace
