"""Charts as small SVG files: no script, a title and a description in each, never colour alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from openfls.toolkit.labels import label
from openfls.toolkit.wording import number, percent, pounds

WIDTH, HEIGHT = 680, 380
LEFT, RIGHT, TOP, BOTTOM = 90, 20, 46, 60
BLUE, DARK, GREY, ORANGE = "#005eb8", "#212b32", "#768692", "#b35900"


def charts(found: Mapping[str, Any]) -> dict[str, str]:
    """Every chart of a report, by file name without its ending."""
    return {
        "cost-by-year": cost_by_year(found),
        "acceptability": acceptability_curve(found),
        "plane": plane(found),
        "tornado": tornado(found),
    }


def cost_by_year(found: Mapping[str, Any]) -> str:
    """The difference in cost in each year, as bars."""
    values = found["budget"]["cost_difference_by_year"]
    scale = _Scale(min(0.0, *values), max(0.0, *values), HEIGHT - BOTTOM, TOP)
    step = (WIDTH - LEFT - RIGHT) / len(values)
    marks = [_axis_y(scale, pounds), _line(LEFT, scale(0), WIDTH - RIGHT, scale(0), DARK)]
    for year, value in enumerate(values):
        x, top, bottom = LEFT + step * (year + 0.2), min(scale(value), scale(0)), max(scale(value), scale(0))
        marks.append(
            f'<rect x="{x:.1f}" y="{top:.1f}" width="{step * 0.6:.1f}" height="{bottom - top:.1f}" '
            f'fill="{BLUE}"/>'
        )
        above = top - 6 if value >= 0 else bottom + 16
        marks.append(_text(x + step * 0.3, above, pounds(value), "middle"))
        marks.append(_text(x + step * 0.3, HEIGHT - BOTTOM + 34, f"Year {year + 1}", "middle"))
    said = ", ".join(f"year {year + 1} {pounds(value)}" for year, value in enumerate(values))
    return _svg("Difference in cost by year (base case, undiscounted)", said, marks)


def acceptability_curve(found: Mapping[str, Any]) -> str:
    """The probability of being cost-effective against what a QALY is worth, over the years and over a
    lifetime."""
    series = {f"{found['years']} years": found["probabilistic"]["acceptability"]}
    if "probabilistic_lifetime" in found:
        series["lifetime"] = found["probabilistic_lifetime"]["acceptability"]
    last = next(iter(series.values()))[-1][0]
    across, up = _Scale(0, last, LEFT, WIDTH - RIGHT), _Scale(0, 1, HEIGHT - BOTTOM, TOP)
    marks = [
        _axis_y(up, lambda share: f"{100 * share:.0f} %"),
        _axis_x(across, lambda v: f"£{v:,.0f}", up(0)),
    ]
    said = []
    for place, (name, points) in enumerate(series.items()):
        path = " ".join(f"{across(x):.1f},{up(y):.1f}" for x, y in points)
        dash = "" if place == 0 else ' stroke-dasharray="7 4"'
        colour = (BLUE, ORANGE)[place]
        marks.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2.5"{dash}/>')
        x, y = points[20 if place == 0 else 6]
        marks.append(_text(across(x) + 10, up(y) + 16, name, "start"))
        said.append(f"over {name}: " + ", ".join(f"{percent(y)} at £{x:,.0f}" for x, y in points[5::5]))
    marks.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, "What a QALY is taken to be worth", "middle"))
    return _svg("Probability of being cost-effective", "; ".join(said), marks)


def plane(found: Mapping[str, Any]) -> str:
    """The cost-effectiveness plane: the first 500 draws."""
    points = found["probabilistic"]["plane"]
    qalys, cost = [p[0] for p in points], [p[1] for p in points]
    across = _Scale(min(0.0, *qalys), max(0.0, *qalys), LEFT, WIDTH - RIGHT)
    up = _Scale(min(0.0, *cost), max(0.0, *cost), HEIGHT - BOTTOM, TOP)
    marks = [
        _axis_y(up, pounds),
        _axis_x(across, number, HEIGHT - BOTTOM),
        _line(LEFT, up(0), WIDTH - RIGHT, up(0), DARK),
        _line(across(0), TOP, across(0), HEIGHT - BOTTOM, DARK),
    ]
    marks.extend(
        f'<circle cx="{across(q):.1f}" cy="{up(c):.1f}" r="2" fill="{BLUE}" fill-opacity="0.45"/>'
        for q, c in points
    )
    marks.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, "QALYs gained (discounted)", "middle"))
    drawn = found["probabilistic"]
    q, c = drawn["qaly_difference_discounted"], drawn["cost_difference_discounted"]
    said = (
        f"{len(points)} of {drawn['draws']:,} draws. QALYs gained: mean {number(q['mean'])}, 95 % between "
        f"{number(q['low'])} "
        f"and {number(q['high'])}. Cost: mean {pounds(c['mean'])}, 95 % between {pounds(c['low'])} and "
        f"{pounds(c['high'])}."
    )
    return _svg(f"Cost against QALYs, over {found['years']} years", said, marks)


def tornado(found: Mapping[str, Any]) -> str:
    """What moves the net benefit most, one figure at a time."""
    swings = found["one_way"][:8]
    amount = found["value_of_information"]["willingness_to_pay"]
    title = f"Net benefit at £{amount:,.0f} per QALY when one figure goes to each end of its interval"
    if not swings:
        return _svg(title, "No figure is uncertain.", [])
    base = found["budget"]["net_benefit"][f"{amount:g}"]
    ends = [swing[key] for swing in swings for key in ("at_low", "at_high")] + [base]
    left = 300
    across = _Scale(min(ends), max(ends), left + 40, WIDTH - RIGHT - 40)
    row = (HEIGHT - TOP - BOTTOM) / len(swings)
    marks = [
        _axis_x(across, pounds, HEIGHT - BOTTOM, 3),
        _line(across(base), TOP, across(base), HEIGHT - BOTTOM, DARK),
    ]
    said = []
    for place, swing in enumerate(swings):
        y = TOP + row * place
        for key, colour in (("at_low", ORANGE), ("at_high", BLUE)):
            x1, x2 = sorted((across(base), across(swing[key])))
            marks.append(
                f'<rect x="{x1:.1f}" y="{y + row * 0.2:.1f}" width="{x2 - x1:.1f}" height="{row * 0.6:.1f}" '
                f'fill="{colour}"/>'
            )
            # The value itself stands at its end of the bar, so that colour is not needed to tell the two.
            outwards = "start" if across(swing[key]) >= across(base) else "end"
            shift = 4 if outwards == "start" else -4
            marks.append(_text(across(swing[key]) + shift, y + row * 0.62, number(swing[key[3:]]), outwards))
        marks.append(_text(left - 8, y + row * 0.62, label(swing["id"], found["labels"]), "end"))
        said.append(
            f"{label(swing['id'], found['labels'])}: {pounds(swing['at_low'])} at {number(swing['low'])}, "
            f"{pounds(swing['at_high'])} at {number(swing['high'])}"
        )
    marks.append(
        _text(
            (left + WIDTH) / 2, HEIGHT - 12, "the value of the figure stands at the end of each bar", "middle"
        )
    )
    return _svg(title, "; ".join(said), marks)


class _Scale:
    """From values to pixels, with round ticks."""

    def __init__(self, low: float, high: float, start: float, end: float) -> None:
        span = high - low or 1.0
        self.low, self.high = low, low + span
        self.start, self.end = start, end

    def __call__(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def ticks(self, wanted: int = 5) -> list[float]:
        rough = (self.high - self.low) / wanted
        power = 10.0 ** len(f"{int(rough)}") / 10 if rough >= 1 else 10.0**-6
        while power * 10 <= rough:
            power *= 10
        step = next(m * power for m in (1, 2, 5, 10, 20) if m * power >= rough)
        first = int(self.low // step)
        values = [step * k for k in range(first, first + 2 * wanted + 4)]
        return [v for v in values if self.low - step * 1e-6 <= v <= self.high + step * 1e-6]


def _axis_y(scale: _Scale, show: Any) -> str:
    parts = []
    for value in scale.ticks():
        parts.append(_line(LEFT, scale(value), WIDTH - RIGHT, scale(value), "#d8dde0"))
        parts.append(_text(LEFT - 8, scale(value) + 4, show(value), "end"))
    return "".join(parts)


def _axis_x(scale: _Scale, show: Any, y: float, wanted: int = 5) -> str:
    return "".join(_text(scale(value), y + 20, show(value), "middle") for value in scale.ticks(wanted))


def _line(x1: float, y1: float, x2: float, y2: float, colour: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"/>'


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _svg(title: str, description: str, marks: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-labelledby="title description" font-family="Arial, sans-serif" font-size="12" fill="{DARK}">'
        f'<title id="title">{escape(title)}</title><desc id="description">{escape(description)}</desc>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
        f'<text x="10" y="24" font-size="14" font-weight="bold">{escape(title)}</text>'
        f"{''.join(marks)}</svg>\n"
    )
