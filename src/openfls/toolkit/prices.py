"""Money of different years brought to one, by an index that the user supplies: none is packaged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from openfls.toolkit.parameters import Parameter


def to_base_year(
    parameters: Mapping[str, Parameter], base_year: str, index: Mapping[str, float]
) -> tuple[dict[str, Parameter], list[str]]:
    """The parameters with every amount of money in prices of ``base_year``, and what could not be converted.

    Args:
        parameters: by id; those with a ``price_year`` are money.
        base_year: as written in the index, for example 2024/25. Empty: nothing is converted.
        index: price level by year. An amount whose year, or the base year, is missing stays as it is, and is
            named.
    """
    found, left = dict(parameters), []
    for name, parameter in parameters.items():
        if not parameter.price_year or parameter.value is None or parameter.price_year == base_year:
            continue
        if base_year not in index or parameter.price_year not in index:
            wanted = base_year or "one year"
            left.append(f"{name} is in prices of {parameter.price_year}: no index brings it to {wanted}")
            continue
        factor = index[base_year] / index[parameter.price_year]
        found[name] = replace(
            parameter,
            value=parameter.value * factor,
            low=None if parameter.low is None else parameter.low * factor,
            high=None if parameter.high is None else parameter.high * factor,
            price_year=base_year,
            note=f"{parameter.note}; was {parameter.value:g} in {parameter.price_year}".strip("; "),
        )
    return found, left
