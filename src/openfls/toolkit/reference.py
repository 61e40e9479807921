"""The reference page of the parameters, written from their file so that it cannot fall behind."""

from __future__ import annotations

from openfls.toolkit.parameters import Parameter, packaged

HEAD = """# Parameters of the benefits model

<!-- Made from the parameters by `make docs`. -->

Every figure of the benefits calculator, as it comes in the package. A scenario overrides any of them under
`[parameters]`, by its id. *Not found* means that nobody's figure was found: where the model cannot do without
it, the scenario must give it, or the run stops and names it.

How a figure is known: **checked** in its source; **second-hand**, read in another paper that used it;
**recalled**, from memory and to be confirmed; **derived**, our arithmetic on published figures; **definition**,
a convention that is not measured; **assumption**, a number nobody published.

A figure that is drawn but has no interval of its own gets the standard error `uncertainty.relative_se` times its
value. `refracture.calibration.*` are solved from two published risks unless the scenario sets them or says
`calibrate = false`.

| Id | Value | 95 % interval | Unit | Drawn as | Prices of | Source | Known | Note |
|---|---|---|---|---|---|---|---|---|
"""


def page() -> str:
    """The page as Markdown."""
    return HEAD + "".join(_row(parameter) for parameter in packaged().values())


def _row(parameter: Parameter) -> str:
    value = "*not found*" if parameter.value is None else f"{parameter.value:g}"
    interval = "" if parameter.low is None else f"{parameter.low:g} to {parameter.high:g}"
    cells = (
        f"`{parameter.id}`",
        value,
        interval,
        parameter.unit,
        str(parameter.distribution),
        parameter.price_year,
        parameter.source,
        parameter.confidence,
        parameter.note,
    )
    return f"| {' | '.join(cells)} |\n"
