"""What is published about the nations: coverage, records against fractures expected. None of it is counted here."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Coverage:
    """A published share, of what, where and when."""

    when: str
    area: str
    percent: float
    of: str
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened."""

    when: str
    words: str
    source: str


@dataclass(frozen=True, slots=True)
class Found:
    """Records of the national audit in a data year; ``services`` 0: not told."""

    year: int
    records: int
    services: int
    source: str


@dataclass(frozen=True, slots=True)
class Expected:
    """Fractures expected in a year."""

    fractures: int
    words: str
    year: int
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Nation:
    """All of it."""

    coverage: tuple[Coverage, ...]
    events: tuple[Event, ...]
    expected: Expected
    found: tuple[Found, ...]

    @property
    def missed(self) -> int:
        """Expected and not in the audit, in the year for which both are published."""
        (same,) = [each for each in self.found if each.year == self.expected.year]
        return self.expected.fractures - same.records


@cache
def nation() -> Nation:
    """The published figures."""
    text = files("openfls.service").joinpath("data", "nation.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    return Nation(
        tuple(Coverage(**row) for row in data["coverage"]),
        tuple(Event(**row) for row in data["events"]),
        Expected(**data["expected"]),
        tuple(Found(**row) for row in data["found"]),
    )
