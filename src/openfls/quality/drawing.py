"""What every chart is drawn with: a small SVG, no script, a title and a description in it, never colour alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 720, 360
LEFT, RIGHT, TOP, BOTTOM = 64, 24, 56, 76
BLUE, DARK, GREY, RED, PALE = "#005eb8", "#212b32", "#4c6272", "#d5281b", "#d8dde0"


@dataclass(frozen=True, slots=True)
class Scale:
    """From values to pixels."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The pixel of a value."""
        span = (self.high - self.low) or 1.0
        return self.start + (value - self.low) / span * (self.end - self.start)


def line(
    x1: float, y1: float, x2: float, y2: float, colour: str = DARK, dash: str = "", width: float = 1
) -> str:
    """A line."""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" '
        f'stroke-width="{width:g}"{dashed}/>'
    )


def text(x: float, y: float, words: str, anchor: str = "start", colour: str = DARK, size: int = 0) -> str:
    """Words at a place."""
    sized = f' font-size="{size}"' if size else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}"{sized}>{escape(words)}</text>'
    )


def box(x: float, y: float, width: float, height: float, colour: str = BLUE) -> str:
    """A filled rectangle."""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{max(height, 0):.1f}" fill="{colour}"/>'


def dot(x: float, y: float, colour: str = BLUE, *, ringed: bool = False, hollow: bool = False) -> str:
    """A point; a ringed one is a signal, a hollow one is not final, told apart without colour."""
    ring = (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="8" fill="none" stroke="{colour}" stroke-width="2"/>'
        if ringed
        else ""
    )
    filled = f'fill="#ffffff" stroke="{colour}" stroke-width="2"' if hollow else f'fill="{colour}"'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" {filled}/>{ring}'


def path(points: Sequence[tuple[float, float]], colour: str = BLUE, dash: str = "") -> str:
    """A line through points."""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    listed = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{listed}" fill="none" stroke="{colour}" stroke-width="2"{dashed}/>'


def wrapped(words: str, most: int = 92) -> list[str]:
    """Words in lines of a length."""
    lines = [""]
    for word in words.split():
        if len(lines[-1]) + len(word) >= most and lines[-1]:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def svg(
    name: str, title: str, description: str, under: str, marks: Iterable[str], height: float = HEIGHT
) -> str:
    """The whole picture. ``name`` makes its ids its own on a page; ``under`` is source and date."""
    heading = "".join(
        f'<text x="8" y="{20 + 18 * place}" font-size="15" font-weight="bold">{escape(words)}</text>'
        for place, words in enumerate(wrapped(title, 88)[:2])
    )
    foot = "".join(
        text(8, height - 20 + 13 * place, words, colour=GREY, size=11)
        for place, words in enumerate(wrapped(under, 120)[:2])
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" role="img" '
        f'aria-labelledby="{name}-title {name}-words" font-family="Arial, sans-serif" font-size="12" fill="{DARK}">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-words">{escape(description)}</desc>'
        f'<rect width="{WIDTH}" height="{height:g}" fill="#ffffff"/>{heading}{"".join(marks)}{foot}</svg>'
    )
