"""The charts of the quality pages: over time, a chain of steps, times to a step, services side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from openfls.quality.drawing import (
    BLUE,
    BOTTOM,
    DARK,
    GREY,
    HEIGHT,
    LEFT,
    PALE,
    RED,
    RIGHT,
    TOP,
    WIDTH,
    Scale,
    box,
    dot,
    line,
    path,
    svg,
    text,
)
from openfls.quality.rating import percent_words


@dataclass(frozen=True, slots=True)
class Point:
    """One period: its name, ``value`` in percent (None: ``words`` say why there is none), whether it is a signal, and
    whether it is still open."""

    name: str
    value: float | None
    signal: bool = False
    is_open: bool = False
    words: str = "nobody counted"

    @property
    def said(self) -> str:
        """The point in words."""
        if self.value is None:
            return f"{self.name} {self.words}"
        more = f"{' (signal)' if self.signal else ''}{' (still open)' if self.is_open else ''}"
        return f"{self.name} {percent_words(self.value)} %{more}"


@dataclass(frozen=True, slots=True)
class Mark:
    """A change made before the period at ``position``: a numbered line."""

    position: float
    label: str


@dataclass(frozen=True, slots=True)
class Level:
    """A level line: centre or limit, named at its end."""

    value: float
    words: str
    dashed: bool = False


def over_time(
    name: str, title: str, under: str, points: Sequence[Point], levels: Sequence[Level], marks: Sequence[Mark]
) -> str:
    """Percentages over time with their centre and limits. Periods without a denominator leave a gap in the line."""
    right = WIDTH - RIGHT - 92
    across = Scale(-0.5, max(len(points) - 0.5, 0.5), LEFT, right)
    up = Scale(0, 100, HEIGHT - BOTTOM, TOP + 8)
    drawn = [text(8, TOP + 2, "Percent of those who count", colour=GREY)]
    for share in range(0, 101, 20):
        drawn += [
            line(LEFT, up(share), right, up(share), PALE),
            text(LEFT - 8, up(share) + 4, f"{share}", "end"),
        ]
    for level in levels:
        at = min(max(level.value, 0.0), 100.0)
        drawn.append(line(LEFT, up(at), right, up(at), GREY, "6 4" if level.dashed else "", 1.5))
        drawn.append(text(right + 6, up(at) + 4, f"{level.words} {level.value:.0f} %", colour=GREY, size=11))
    for mark in marks:
        x = across(mark.position)
        drawn += [
            line(x, TOP + 8, x, HEIGHT - BOTTOM, DARK, "2 3", 1.5),
            text(x, TOP + 4, mark.label, "middle"),
        ]
    for run, dash in _runs(points):
        drawn.append(path([(across(place), up(points[place].value or 0.0)) for place in run], dash=dash))
    every = max(1, -(-len(points) // 12))
    for place, point in enumerate(points):
        if point.value is not None:
            colour = RED if point.signal else BLUE
            drawn.append(
                dot(across(place), up(point.value), colour, ringed=point.signal, hollow=point.is_open)
            )
        if (len(points) - 1 - place) % every == 0:
            drawn.append(text(across(place), HEIGHT - BOTTOM + 18, point.name, "middle", size=11))
    if any(point.is_open and point.value is not None for point in points):
        drawn.append(dot(right - 132, HEIGHT - BOTTOM + 30, hollow=True))
        drawn.append(text(right - 122, HEIGHT - BOTTOM + 34, "still open: not judged", colour=GREY))
    return svg(name, title, "; ".join(point.said for point in points), under, drawn)


def _runs(points: Sequence[Point]) -> list[tuple[list[int], str]]:
    """The places that a line joins, and its dash: broken where nothing is shown, dashed to what is still open."""
    found: list[tuple[list[int], str]] = []
    before: int | None = None
    for place, point in enumerate(points):
        if point.value is None:
            before = None
            continue
        if before is not None:
            dash = "4 4" if point.is_open or points[before].is_open else ""
            if found and found[-1][0][-1] == before and found[-1][1] == dash:
                found[-1][0].append(place)
            else:
                found.append(([before, place], dash))
        before = place
    return found


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a chain: how many made it, were lost before it, and may still make it; the last two None where they
    are not told. ``said`` stands in the place of the first number."""

    words: str
    made: int
    lost: int | None
    still_open: int | None
    said: str = ""

    @property
    def beside(self) -> str:
        """What stands beside its bar."""
        made = self.said or f"{self.made:,}"
        if not self.lost and not self.still_open:
            return made
        return f"{made}   lost {self.lost or 0:,}, still open {self.still_open or 0:,}"

    @property
    def in_words(self) -> str:
        """The step for who does not see the drawing."""
        made = f"{self.words} {self.said or f'{self.made:,}'}"
        if self.lost is None or self.still_open is None:
            return made
        return f"{made}, lost before it {self.lost:,}, still open {self.still_open:,}"


def chain(name: str, title: str, under: str, steps: Sequence[Step]) -> str:
    """Bars of a chain, each as long as its people."""
    row, left = 44, 190
    most = max((step.made for step in steps), default=0) or 1
    across = Scale(0, most, left, WIDTH - RIGHT - 210)
    height = TOP + row * len(steps) + 44
    drawn = []
    for place, step in enumerate(steps):
        y = TOP + row * place
        drawn.append(text(left - 8, y + 20, step.words, "end"))
        end = across(step.made)
        drawn.append(box(left, y + 4, end - left, row - 16))
        drawn.append(text(end + 8, y + 22, step.beside))
    return svg(name, title, "; ".join(step.in_words for step in steps), under, drawn, height)


def distribution(
    name: str, title: str, under: str, weeks: Sequence[int], limit_week: float | None, unit: str
) -> str:
    """How many people a step took so many weeks; the last bar holds all that took longer."""
    across = Scale(0, max(len(weeks), 1), LEFT, WIDTH - RIGHT)
    most = max(weeks, default=0) or 1
    up = Scale(0, most, HEIGHT - BOTTOM, TOP + 8)
    drawn = [text(8, TOP + 2, "People", colour=GREY), line(LEFT, up(0), WIDTH - RIGHT, up(0))]
    for people in sorted({most // 2, most} - {0}):  # nobody is half a person
        drawn += [
            line(LEFT, up(people), WIDTH - RIGHT, up(people), PALE),
            text(LEFT - 8, up(people) + 4, f"{people}", "end"),
        ]
    wide = across(1) - across(0)
    for place, number in enumerate(weeks):
        drawn.append(box(across(place) + wide * 0.1, up(number), wide * 0.8, up(0) - up(number)))
        label = f"{place}" if place < len(weeks) - 1 else f"{place}+"
        if place % max(1, len(weeks) // 14) == 0 or place == len(weeks) - 1:
            drawn.append(text(across(place) + wide / 2, up(0) + 16, label, "middle", size=11))
    if limit_week is not None and limit_week < len(weeks):
        x = across(limit_week)
        drawn += [line(x, TOP + 4, x, up(0), RED, "6 4", 1.5), text(x + 4, TOP + 14, "limit", colour=RED)]
    drawn.append(text((LEFT + WIDTH - RIGHT) / 2, up(0) + 34, unit, "middle", GREY))
    said = "; ".join(f"week {place}: {number}" for place, number in enumerate(weeks) if number)
    return svg(name, title, said or "Nobody.", under, drawn)


@dataclass(frozen=True, slots=True)
class Unit:
    """One service in a funnel plot. Rounding may have moved its percentage by ``off`` points."""

    name: str
    numerator: float
    denominator: float
    own: bool = False
    off: float = 0.0

    @property
    def share(self) -> float:
        """The percentage that is drawn."""
        return 100 * self.numerator / self.denominator if self.denominator else 0.0

    @property
    def label(self) -> str:
        """What stands beside its point."""
        return self.name if self.share <= 100 else f"{self.name} ({self.share:.0f} %)"

    def is_beyond(self, low: float, high: float) -> bool:
        """Whether it lies outside of two bounds, wherever within its rounding it may be."""
        return self.share + self.off < low or self.share - self.off > high


def funnel_limits(share: float, of: float, z: float) -> tuple[float, float]:
    """The bounds in percent between which a service of this size lies by chance (normal approximation)."""
    share = min(1.0, share)  # what is counted against a caseload may exceed it
    half = z * sqrt(share * (1 - share) / of) if of else 1.0
    return max(0.0, 100 * (share - half)), min(100.0, 100 * (share + half))


def nothing(name: str, title: str, under: str, why: str) -> str:
    """A picture of nothing, which says why: a file that somebody asked for is never empty."""
    return svg(name, title, why, under, [text(8, TOP + 24, why)], height=TOP + 90)


def funnel_plot(name: str, title: str, under: str, units: Sequence[Unit]) -> str:
    """Services by size and percentage, with the bounds of chance around what all have together (95 and 99.8 %)."""
    total = sum(unit.denominator for unit in units)
    share = sum(unit.numerator for unit in units) / total if total else 0.0
    most = max((unit.denominator for unit in units), default=1.0) * 1.1
    right = WIDTH - RIGHT
    across, up = Scale(0, most, LEFT, right), Scale(0, 100, HEIGHT - BOTTOM, TOP + 8)
    drawn = [text(8, TOP + 2, "Percent", colour=GREY)]
    for level in range(0, 101, 20):
        drawn += [
            line(LEFT, up(level), right, up(level), PALE),
            text(LEFT - 8, up(level) + 4, f"{level}", "end"),
        ]
    drawn.append(line(LEFT, up(100 * share), right, up(100 * share), GREY))
    sizes = [most * place / 60 for place in range(1, 61)]
    for z, dash in ((1.96, "2 3"), (3.09, "6 4")):
        for end in (0, 1):
            drawn.append(path([(across(n), up(funnel_limits(share, n, z)[end])) for n in sizes], GREY, dash))
    for unit in units:
        x, y = across(unit.denominator), up(min(unit.share, 100.0))
        drawn += [
            dot(x, y, RED if unit.own else BLUE, ringed=unit.own),
            # A name stands where there is room for it, and tells of a percentage that is drawn at the edge.
            text(
                x + (10 if x < right / 2 else -10),
                y + 16,
                unit.label,
                "start" if x < right / 2 else "end",
                size=11,
            ),
        ]
    for place in range(5):
        value = most * place / 4
        drawn.append(text(across(value), HEIGHT - BOTTOM + 16, f"{value:.0f}", "middle", size=11))
    drawn.append(
        text((LEFT + right) / 2, HEIGHT - BOTTOM + 34, "People who count (denominator)", "middle", GREY)
    )
    said = "; ".join(
        f"{unit.name} {unit.numerator:g} of {unit.denominator:g} ({unit.share:.0f} %)" for unit in units
    )
    return svg(name, title, said, under, drawn)
