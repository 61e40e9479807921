"""The data files of the fiction, read once, and the draws made from them.

Only draws that are exact on every machine are used: no logarithm, no sine, so no `gauss`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any, TypeVar

T = TypeVar("T")


@cache
def table(name: str) -> dict[str, Any]:
    """The data file ``name`` without its ending. Callers must not change it."""
    text = files("openfls.fiction").joinpath("data", f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def stream(seed: int, *keys: str) -> Random:
    """A source of chance of its own for each purpose, so that one part's draws never move another's."""
    return Random("/".join((str(seed), *keys)))


def percent(chance: Random, per_cent: float) -> bool:
    """True in ``per_cent`` of a hundred cases."""
    return chance.random() * 100 < per_cent


def weighted(chance: Random, weights: Mapping[T, float]) -> T:
    """One key, as often as its weight says."""
    return chance.choices(list(weights), weights=list(weights.values()))[0]


def by_age(steps: Mapping[str, float], age: int) -> float:
    """The value of the highest step that ``age`` reaches; the lowest step's below it."""
    ages = sorted(steps, key=int)
    reached = [step for step in ages if int(step) <= age] or ages[:1]
    return steps[reached[-1]]
