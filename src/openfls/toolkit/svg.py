"""The strokes of which the charts are drawn: SVG without script or style sheet."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

WIDTH, HEIGHT = 680, 380
LEFT, RIGHT, TOP, BOTTOM = 90, 20, 46, 60
BLUE, DARK, GREY, ORANGE = "#005eb8", "#212b32", "#768692", "#b35900"


class Scale:
    """From values to pixels, with round ticks."""

    def __init__(self, low: float, high: float, start: float, end: float) -> None:
        span = high - low or 1.0
        self.low, self.high = low, low + span
        self.start, self.end = start, end

    def __call__(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def ticks(self, wanted: int = 5) -> list[float]:
        """Round values between the ends."""
        rough = (self.high - self.low) / wanted
        power = 10.0 ** len(f"{int(rough)}") / 10 if rough >= 1 else 10.0**-6
        while power * 10 <= rough:
            power *= 10
        step = next(m * power for m in (1, 2, 5, 10, 20) if m * power >= rough)
        first = int(self.low // step)
        values = [step * k for k in range(first, first + 2 * wanted + 4)]
        return [v for v in values if self.low - step * 1e-6 <= v <= self.high + step * 1e-6]


def axis_y(scale: Scale, show: Any) -> str:
    """Grid lines with their values at the left."""
    parts = []
    for value in scale.ticks():
        parts.append(line(LEFT, scale(value), WIDTH - RIGHT, scale(value), "#d8dde0"))
        parts.append(text(LEFT - 8, scale(value) + 4, show(value), "end"))
    return "".join(parts)


def axis_x(scale: Scale, show: Any, y: float, wanted: int = 5) -> str:
    """Values below the picture."""
    return "".join(text(scale(value), y + 20, show(value), "middle") for value in scale.ticks(wanted))


def line(x1: float, y1: float, x2: float, y2: float, colour: str) -> str:
    """A straight line."""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"/>'


def text(x: float, y: float, words: str, anchor: str) -> str:
    """Words at a place."""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def svg(title: str, description: str, marks: Sequence[str]) -> str:
    """The whole picture with its title and description."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-labelledby="title description" font-family="Arial, sans-serif" font-size="12" fill="{DARK}">'
        f'<title id="title">{escape(title)}</title><desc id="description">{escape(description)}</desc>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
        f'<text x="10" y="24" font-size="14" font-weight="bold">{escape(title)}</text>'
        f"{''.join(marks)}</svg>\n"
    )
