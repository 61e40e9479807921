"""What a paper is filled from: the case, and what has been computed of it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from openfls.toolkit.case.building import place_of, title_of
from openfls.toolkit.case.state import Case


@dataclass(frozen=True, slots=True)
class Local:
    """A case with its findings.

    Attributes:
        found: as of `analysis.analyse`; None while figures are missing.
        record: the run record; None while figures are missing.
        base: the base case alone, which is there before any simulation has been run.
        asks: what is missing, in words.
    """

    case: Case
    found: Mapping[str, Any] | None = None
    record: Mapping[str, Any] | None = None
    asks: tuple[str, ...] = ()
    base: Mapping[str, Any] | None = None

    @property
    def place(self) -> str:
        """The area in words."""
        return place_of(self.case)

    @property
    def title(self) -> str:
        """What the case is called."""
        return title_of(self.case)

    def word(self, paper: str, key: str) -> str:
        """What the user wrote in a field of a paper."""
        return self.case.word(f"{paper}.{key}").strip()

    def number(self, paper: str, key: str) -> float | None:
        """The same as a number; None where nothing (or none) was written."""
        try:
            return float(self.word(paper, key).replace(",", "").replace("%", ""))
        except ValueError:
            return None


@cache
def data(name: str) -> Mapping[str, Any]:
    """A data file of the kit, without its ending."""
    text = resources.files("openfls.toolkit").joinpath(f"data/{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
