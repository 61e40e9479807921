"""An icon array: a hundred people (or fractures) as circles, as SVG of our own, with the same in words for those who do
not see it. Three shapes, so that colour is never the only sign: filled, crossed, empty."""

from __future__ import annotations

from html import escape

from openfls.intervention.aid import CIRCLES, Benefit

_STEP, _RADIUS, _COLUMNS = 22, 8, 20
_SIZE = (_STEP * _COLUMNS, _STEP * (CIRCLES // _COLUMNS))


def icon_array(benefit: Benefit, key: str) -> str:
    """The SVG; ``key`` makes its ids the only ones of the page. Numbers outside 0 to 100 are a fault of the caller."""
    if not 0 <= benefit.with_ <= benefit.without <= CIRCLES:
        raise ValueError(f"{benefit.with_} of {benefit.without} cannot be drawn")
    marks = [_mark(position, benefit) for position in range(CIRCLES)]
    ids = (f"icons-{key}-title", f"icons-{key}-words")
    return (
        f'<svg class="fls-icons" viewBox="0 0 {_SIZE[0]} {_SIZE[1]}" role="img" '
        f'aria-labelledby="{ids[0]} {ids[1]}">'
        f'<title id="{ids[0]}">{escape(_title(benefit))}</title>'
        f'<desc id="{ids[1]}">{escape(benefit.sentence)}</desc>{"".join(marks)}</svg>'
    )


def _title(benefit: Benefit) -> str:
    what = "hip fractures in 100 people" if benefit.outcome == "hip" else "100 spine fractures"
    return f"{what.capitalize()}: {benefit.with_} still happen, {benefit.without - benefit.with_} are avoided"


def _mark(position: int, benefit: Benefit) -> str:
    row, column = divmod(position, _COLUMNS)
    x, y = column * _STEP + _STEP // 2, row * _STEP + _STEP // 2
    if position < benefit.with_:
        return f'<circle class="fls-icons__still" cx="{x}" cy="{y}" r="{_RADIUS}"/>'
    if position < benefit.without:
        reach = _RADIUS - 3
        left, right, top, foot = x - reach, x + reach, y - reach, y + reach
        return (
            f'<g class="fls-icons__avoided"><circle cx="{x}" cy="{y}" r="{_RADIUS}"/>'
            f'<path d="M{left} {top}L{right} {foot}M{left} {foot}L{right} {top}"/></g>'
        )
    return f'<circle class="fls-icons__none" cx="{x}" cy="{y}" r="{_RADIUS}"/>'
