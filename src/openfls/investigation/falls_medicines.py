"""Medicines that make falls likelier, among what a person takes: worth a review, never an instruction to stop."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from openfls.record.advice import Confidence


@dataclass(frozen=True, slots=True)
class Classes:
    """Classes of medicines by the field that asks about them, with the source of the list."""

    words: Mapping[str, str]
    source: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class FallsMedicines:
    """What is taken, and what has not been asked; ``not_asked`` is never read as not taken."""

    taken: tuple[str, ...]
    not_asked: tuple[str, ...]


@cache
def classes() -> Classes:
    """The list."""
    text = (files("openfls.investigation") / "data" / "falls_medicines.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    return Classes(table["classes"], table["source"], Confidence(table["confidence"]))


def falls_medicines(values: Mapping[str, object]) -> FallsMedicines:
    """The classes that a person takes, from answers by field."""
    words = classes().words
    return FallsMedicines(
        taken=tuple(name for field, name in words.items() if values.get(field) is True),
        not_asked=tuple(name for field, name in words.items() if values.get(field) is None),
    )
