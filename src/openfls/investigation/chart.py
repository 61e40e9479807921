"""The NOGG chart: ten-year probability by age against the thresholds, with the person's point.

The numbers are a value (`chart_rows`) for the table beside the picture; the picture is a small SVG without
styles or scripts, so that it stands under a strict content security policy, and it can be read without
colour.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from html import escape

from openfls.investigation.nogg import Between, Thresholds, classify_picture, thresholds
from openfls.record.picture import Picture

SOURCE = (
    "Thresholds: NOGG 2021/2024, table 5, read second-hand. FRAX result as recorded, not calculated here."
)
FIRST, LAST = 50, 90
_WIDTH, _HEIGHT = 640, 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 60, 150, 24, 64


class Outcome(StrEnum):
    """The fracture whose probability is drawn."""

    MAJOR = "major"
    HIP = "hip"

    @property
    def label(self) -> str:
        """The words of the title."""
        return "major osteoporotic fracture" if self is Outcome.MAJOR else "hip fracture"


@dataclass(frozen=True, slots=True)
class ChartRow:
    """The thresholds, percent, from one age to another."""

    age_from: int
    age_to: int
    thresholds: Thresholds


@dataclass(frozen=True, slots=True)
class Point:
    """The person: age in years, ten-year probability in percent, and the class of this outcome."""

    age: int
    percent: float
    risk: str


def _at(age: int, outcome: Outcome, between: Between) -> Thresholds:
    major, hip = thresholds(age, between)
    return major if outcome is Outcome.MAJOR else hip


def chart_rows(outcome: Outcome = Outcome.MAJOR, between: Between = Between.BAND) -> tuple[ChartRow, ...]:
    """The rows of the table beside the chart: ages with the same thresholds together."""
    rows: list[ChartRow] = []
    for age in range(FIRST, LAST + 1):
        limits = _at(age, outcome, between)
        if rows and rows[-1].thresholds == limits:
            rows[-1] = ChartRow(rows[-1].age_from, age, limits)
        else:
            rows.append(ChartRow(age, age, limits))
    return tuple(rows)


def chart_point(
    picture: Picture, outcome: Outcome = Outcome.MAJOR, between: Between = Between.BAND
) -> Point | None:
    """The person's point; None without age or FRAX, or below 50."""
    found = classify_picture(picture, between)
    if found is None or picture.frax is None or picture.age is None:
        return None
    if outcome is Outcome.MAJOR:
        return Point(picture.age, picture.frax.major_osteoporotic_pct, found.major.value)
    return Point(picture.age, picture.frax.hip_pct, found.hip.value)


_LINES = (
    ("very_high", "very high risk", "2 3"),
    ("upper", "upper assessment", "8 4"),
    ("intervention", "intervention", ""),
    ("lower", "lower assessment", "8 4"),
)


@dataclass(frozen=True, slots=True)
class _Scale:
    top: float

    def x(self, age: float) -> float:
        return _LEFT + (age - FIRST) / (LAST + 1 - FIRST) * (_WIDTH - _LEFT - _RIGHT)

    def y(self, percent: float) -> float:
        return _HEIGHT - _BOTTOM - percent / self.top * (_HEIGHT - _TOP - _BOTTOM)


def _text(x: float, y: float, words: str, anchor: str = "start", more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="12"{more}>{escape(words)}</text>'


def _line(rows: tuple[ChartRow, ...], name: str, scale: _Scale, between: Between) -> str:
    points: list[tuple[float, float]] = []
    for row in rows:
        percent = getattr(row.thresholds, name)
        points.append((scale.x(row.age_from), scale.y(percent)))
        if between is Between.BAND or row is rows[-1]:
            points.append((scale.x(row.age_to + 1), scale.y(percent)))
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _axes(scale: _Scale, step: float) -> list[str]:
    base, right = scale.y(0), scale.x(LAST + 1)
    parts = [f'<path d="M{_LEFT},{_TOP} V{base:.1f} H{right:.1f}" fill="none" stroke="#212b32"/>']
    for age in range(FIRST, LAST + 1, 10):
        parts.append(_text(scale.x(age), base + 18, str(age), "middle"))
    percent = 0.0
    while percent <= scale.top:
        parts.append(_text(_LEFT - 8, scale.y(percent) + 4, f"{percent:g}", "end"))
        percent += step
    parts.append(_text((_LEFT + right) / 2, base + 38, "Age (years)", "middle"))
    middle = (_TOP + base) / 2
    turned = f' transform="rotate(-90 16 {middle:.1f})"'
    parts.append(_text(16, middle, "Probability in 10 years (%)", "middle", turned))
    return parts


def _described(point: Point | None, outcome: Outcome) -> str:
    if point is None:
        return "Thresholds by age. No point is drawn: there is no FRAX result with an age of 50 or over."
    return (
        f"Thresholds by age. This person: age {point.age}, 10-year probability of a {outcome.label} "
        f"{point.percent:g} %, {point.risk} risk."
    )


def nogg_chart(picture: Picture, outcome: Outcome = Outcome.MAJOR, between: Between = Between.BAND) -> str:
    """The chart as an SVG element with title and description; put `chart_rows` beside it as a table."""
    rows, point = chart_rows(outcome, between), chart_point(picture, outcome, between)
    highest = max(rows[-1].thresholds.very_high, point.percent if point else 0.0)
    step = 10.0 if outcome is Outcome.MAJOR or highest > 20 else 2.0
    scale = _Scale((int(highest * 1.05 // step) + 1) * step)
    name = f"nogg-{outcome.value}"
    title = f"10-year probability of a {outcome.label} and the NOGG thresholds"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'font-family="sans-serif" fill="#212b32" aria-labelledby="{name}-title {name}-desc">',
        f'<title id="{name}-title">{escape(title)}</title>',
        f'<desc id="{name}-desc">{escape(_described(point, outcome))}</desc>',
        *_axes(scale, step),
    ]
    last = _HEIGHT
    for field, label, dashes in reversed(_LINES):
        dash = f' stroke-dasharray="{dashes}"' if dashes else ""
        coordinates = _line(rows, field, scale, between)
        parts.append(
            f'<polyline points="{coordinates}" fill="none" stroke="#005eb8" stroke-width="2"{dash}/>'
        )
        value = getattr(rows[-1].thresholds, field)
        last = min(last - 14, round(scale.y(value)) + 4)
        parts.append(_text(scale.x(LAST + 1) + 6, last, f"{label} {value:g} %"))
    if point is not None:
        x, y = scale.x(min(point.age, LAST) + 0.5), scale.y(point.percent)
        parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="7" fill="#212b32" stroke="#ffffff" stroke-width="2"/>'
        )
        side = ("end", x - 12) if point.age > 58 else ("start", x + 12)
        halo = ' font-weight="bold" stroke="#ffffff" stroke-width="4" paint-order="stroke"'
        parts.append(_text(side[1], y - 10, f"{point.percent:g} % at {point.age}", side[0], halo))
    parts.append(
        _text(_LEFT, _HEIGHT - 6, SOURCE, more=' fill="#4c6272"').replace('font-size="12"', 'font-size="10"')
    )
    return "".join((*parts, "</svg>"))
