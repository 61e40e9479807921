"""Charts as small SVG files: no script, a title and a description in each, never colour alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from openfls.toolkit.labels import label
from openfls.toolkit.svg import (
    BLUE,
    BOTTOM,
    DARK,
    HEIGHT,
    LEFT,
    ORANGE,
    RIGHT,
    TOP,
    WIDTH,
    Scale,
    axis_x,
    axis_y,
    line,
    svg,
    text,
)
from openfls.toolkit.wording import number, percent, pounds


def charts(found: Mapping[str, Any]) -> dict[str, str]:
    """Every chart of a report, by file name without its ending."""
    return {name: draw(found) for name, draw in CHARTS.items()}


def cost_by_year(found: Mapping[str, Any]) -> str:
    """The difference in cost in each year, as bars."""
    values = found["budget"]["cost_difference_by_year"]
    scale = Scale(min(0.0, *values), max(0.0, *values), HEIGHT - BOTTOM, TOP)
    step = (WIDTH - LEFT - RIGHT) / len(values)
    marks = [axis_y(scale, pounds), line(LEFT, scale(0), WIDTH - RIGHT, scale(0), DARK)]
    for year, value in enumerate(values):
        x, top, bottom = LEFT + step * (year + 0.2), min(scale(value), scale(0)), max(scale(value), scale(0))
        marks.append(
            f'<rect x="{x:.1f}" y="{top:.1f}" width="{step * 0.6:.1f}" height="{bottom - top:.1f}" '
            f'fill="{BLUE}"/>'
        )
        above = top - 6 if value >= 0 else bottom + 16
        marks.append(text(x + step * 0.3, above, pounds(value), "middle"))
        marks.append(text(x + step * 0.3, HEIGHT - BOTTOM + 34, f"Year {year + 1}", "middle"))
    said = ", ".join(f"year {year + 1} {pounds(value)}" for year, value in enumerate(values))
    return svg("Difference in cost by year (base case, undiscounted)", said, marks)


def acceptability_curve(found: Mapping[str, Any]) -> str:
    """The probability of being cost-effective against what a QALY is worth, over the years and over a
    lifetime."""
    series = {f"{found['years']} years": found["probabilistic"]["acceptability"]}
    if "probabilistic_lifetime" in found:
        series["lifetime"] = found["probabilistic_lifetime"]["acceptability"]
    last = next(iter(series.values()))[-1][0]
    across, up = Scale(0, last, LEFT, WIDTH - RIGHT), Scale(0, 1, HEIGHT - BOTTOM, TOP)
    marks = [
        axis_y(up, lambda share: f"{100 * share:.0f} %"),
        axis_x(across, lambda v: f"£{v:,.0f}", up(0)),
    ]
    said = []
    for place, (name, points) in enumerate(series.items()):
        path = " ".join(f"{across(x):.1f},{up(y):.1f}" for x, y in points)
        dash = "" if place == 0 else ' stroke-dasharray="7 4"'
        colour = (BLUE, ORANGE)[place]
        marks.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2.5"{dash}/>')
        x, y = points[20 if place == 0 else 6]
        marks.append(text(across(x) + 10, up(y) + 16, name, "start"))
        said.append(f"over {name}: " + ", ".join(f"{percent(y)} at £{x:,.0f}" for x, y in points[5::5]))
    marks.append(text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, "What a QALY is taken to be worth", "middle"))
    return svg("Probability of being cost-effective", "; ".join(said), marks)


def plane(found: Mapping[str, Any]) -> str:
    """The cost-effectiveness plane: the first 500 draws."""
    points = found["probabilistic"]["plane"]
    qalys, cost = [p[0] for p in points], [p[1] for p in points]
    across = Scale(min(0.0, *qalys), max(0.0, *qalys), LEFT, WIDTH - RIGHT)
    up = Scale(min(0.0, *cost), max(0.0, *cost), HEIGHT - BOTTOM, TOP)
    marks = [
        axis_y(up, pounds),
        axis_x(across, number, HEIGHT - BOTTOM),
        line(LEFT, up(0), WIDTH - RIGHT, up(0), DARK),
        line(across(0), TOP, across(0), HEIGHT - BOTTOM, DARK),
    ]
    marks.extend(
        f'<circle cx="{across(q):.1f}" cy="{up(c):.1f}" r="2" fill="{BLUE}" fill-opacity="0.45"/>'
        for q, c in points
    )
    marks.append(text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, "QALYs gained (discounted)", "middle"))
    drawn = found["probabilistic"]
    q, c = drawn["qaly_difference_discounted"], drawn["cost_difference_discounted"]
    said = (
        f"{len(points)} of {drawn['draws']:,} draws. QALYs gained: mean {number(q['mean'])}, 95 % between "
        f"{number(q['low'])} "
        f"and {number(q['high'])}. Cost: mean {pounds(c['mean'])}, 95 % between {pounds(c['low'])} and "
        f"{pounds(c['high'])}."
    )
    return svg(f"Cost against QALYs, over {found['years']} years", said, marks)


def tornado(found: Mapping[str, Any]) -> str:
    """What moves the net benefit most, one figure at a time."""
    swings = found["one_way"][:8]
    amount = found["value_of_information"]["willingness_to_pay"]
    title = f"Net benefit at £{amount:,.0f} per QALY when one figure goes to each end of its interval"
    if not swings:
        return svg(title, "No figure is uncertain.", [])
    base = found["budget"]["net_benefit"][f"{amount:g}"]
    ends = [swing[key] for swing in swings for key in ("at_low", "at_high")] + [base]
    left = 300
    across = Scale(min(ends), max(ends), left + 40, WIDTH - RIGHT - 40)
    row = (HEIGHT - TOP - BOTTOM) / len(swings)
    marks = [
        axis_x(across, pounds, HEIGHT - BOTTOM, 3),
        line(across(base), TOP, across(base), HEIGHT - BOTTOM, DARK),
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
            marks.append(text(across(swing[key]) + shift, y + row * 0.62, number(swing[key[3:]]), outwards))
        marks.append(text(left - 8, y + row * 0.62, label(swing["id"], found["labels"]), "end"))
        said.append(
            f"{label(swing['id'], found['labels'])}: {pounds(swing['at_low'])} at {number(swing['low'])}, "
            f"{pounds(swing['at_high'])} at {number(swing['high'])}"
        )
    marks.append(
        text(
            (left + WIDTH) / 2, HEIGHT - 12, "the value of the figure stands at the end of each bar", "middle"
        )
    )
    return svg(title, "; ".join(said), marks)


def waterfall(steps: Sequence[tuple[str, float]], begin: float, end: float, title: str) -> str:
    """From one answer to another: a bar for each figure that was changed.

    Args:
        steps: label and effect, in order; the effects add up to ``end - begin``.
    """
    rows = [("Before", begin, 0.0), *((name, effect, 0.0) for name, effect in steps[:10]), ("Now", end, 0.0)]
    level, spans = begin, []
    for place, (_, value, _) in enumerate(rows):
        if place in (0, len(rows) - 1):
            spans.append((0.0, value))
        else:
            spans.append((level, level + value))
            level += value
    ends = [0.0, *(each for span in spans for each in span)]
    left = 300
    across = Scale(min(ends), max(ends), left + 10, WIDTH - RIGHT - 70)
    step = (HEIGHT - TOP - BOTTOM) / len(rows)
    marks = [
        axis_x(across, pounds, HEIGHT - BOTTOM, 3),
        line(across(0), TOP, across(0), HEIGHT - BOTTOM, DARK),
    ]
    for place, ((name, value, _), span) in enumerate(zip(rows, spans, strict=True)):
        y, (x1, x2) = TOP + step * place, sorted(map(across, span))
        colour = BLUE if place in (0, len(rows) - 1) else ORANGE
        marks.append(
            f'<rect x="{x1:.1f}" y="{y + step * 0.15:.1f}" width="{max(x2 - x1, 1):.1f}" '
            f'height="{step * 0.7:.1f}" fill="{colour}"/>'
        )
        marks.append(text(left - 8, y + step * 0.62, name[:48], "end"))
        marks.append(text(x2 + 4, y + step * 0.62, pounds(value), "start"))
    said = "; ".join(f"{name} {pounds(value)}" for name, value, _ in rows)
    return svg(title, said, marks)


def information(found: Mapping[str, Any]) -> str:
    """What knowing each figure would be worth, as bars."""
    known = found["value_of_information"]
    rows = [("Every figure", known["evpi"])]
    rows += [(label(each["id"], found["labels"]), each["value"]) for each in known["evppi"][:8]]
    left = 330
    across = Scale(0, max(value for _, value in rows) or 1.0, left, WIDTH - RIGHT - 70)
    step = (HEIGHT - TOP - BOTTOM) / len(rows)
    marks = [axis_x(across, pounds, HEIGHT - BOTTOM, 3)]
    for place, (name, value) in enumerate(rows):
        y = TOP + step * place
        marks.append(
            f'<rect x="{left}" y="{y + step * 0.15:.1f}" width="{max(across(value) - left, 1):.1f}" '
            f'height="{step * 0.7:.1f}" fill="{BLUE}"/>'
        )
        marks.append(text(left - 8, y + step * 0.62, name[:52], "end"))
        marks.append(text(across(value) + 4, y + step * 0.62, pounds(value), "start"))
    said = "; ".join(f"{name} {pounds(value)}" for name, value in rows)
    return svg("What knowing a figure exactly would be worth to this decision", said, marks)


CHARTS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "cost-by-year": cost_by_year,
    "acceptability": acceptability_curve,
    "plane": plane,
    "tornado": tornado,
    "information": information,
}
"""What draws each chart of a report."""
