"""Results of many services and periods as they may leave: rounded on the running totals of each service.

The periods of a service are one sequence, from its first row to its last; with a split, each of its years is divided
further. So the results of the same rows by month, quarter, year and all together add up, and can all be passed on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from openfls.quality.disclosure import Shown
from openfls.quality.packs import Basis, measure_set
from openfls.quality.releasing import parts
from openfls.record.errors import BadInput

NUMBERS = ("numerator", "denominator", "not_eligible", "unknown")
FLAG = "suppressed"
"""The column that says whether the row has a number that is not told: under 5, or guessed from people."""
ONE_MEASURES_WAY = "pathway"
"""The set whose measures are steps of one way: of its steps only who made them leaves, not who was lost between."""

Row = Mapping[str, Any]


def check(by: str, split: Sequence[str], *, part_of_time: bool) -> None:
    """Raises BadInput for results that would not be parts of one sequence, or not begin where it begins."""
    if part_of_time:
        raise BadInput(
            "running totals begin with the first row of the file; leave --since and --until out",
            field="--suppress",
        )
    if split and (by != "year" or len(split) > 1):
        raise BadInput(
            "only years are divided, and by one column at a time: laid over each other, other splits would tell "
            "small numbers. Take --by year and one --split",
            field="--suppress",
        )


def suppress(
    rows: Iterable[Row],
    set_id: str,
    switches: Mapping[str, str] | None = None,
    split: Sequence[str] = (),
    caseload: float | Mapping[str, float] | None = None,
) -> list[dict[str, Any]]:
    """The rows of `engine.sql` as they may leave, with `FLAG` as another column; a number that is not told is None.

    The other arguments are those of the question that was asked, of all rows of the file (`check`).
    """
    listed = list(rows)
    basis = _bases(set_id, switches or {})
    sequences: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for place, row in enumerate(listed):
        if row["numerator"] is not None:  # else the file lacks the column: nothing is counted
            sequences[row["measure"], row["service"]].append(place)
    found: dict[int, Shown] = {}
    for (measure, service), places in sequences.items():
        places.sort(key=lambda place: _order(listed[place], split))
        ours = [listed[place] for place in places]
        guessed = caseload is None or (isinstance(caseload, Mapping) and service not in caseload)
        found |= zip(places, _shown(ours, basis[measure], set_id, guessed=guessed), strict=True)
    return [_told(row, found.get(place), set_id) for place, row in enumerate(listed)]


def _order(row: Row, split: Sequence[str]) -> tuple[object, ...]:
    return (row["period"], *((row[name] is None, str(row[name])) for name in split))


def _shown(rows: Sequence[Row], basis: Basis, set_id: str, *, guessed: bool) -> list[Shown]:
    if basis is Basis.FIELDS:
        return [Shown.of_fields(int(row["numerator"]), int(row["denominator"] or 0)) for row in rows]
    met = parts([int(row["numerator"]) for row in rows])
    if basis is Basis.CASELOAD:
        # A guess is a multiple of the people that it is made of.
        given = [None if guessed else float(row["denominator"] or 0) for row in rows]
        return [
            Shown(each, None) if of is None else Shown.against(each, of)
            for each, of in zip(met, given, strict=True)
        ]
    if set_id == ONE_MEASURES_WAY:
        return [Shown(each, None) for each in met]
    missed = parts([int(row["denominator"] or 0) - int(row["numerator"]) for row in rows])
    return [Shown.of_people(*each) for each in zip(met, missed, strict=True)]


def _bases(set_id: str, switches: Mapping[str, str]) -> dict[str, Basis]:
    by_records = switches.get("spine") == "records"
    return {
        measure.id: Basis.PEOPLE if by_records and measure.rule == "spine" else measure.basis
        for measure in measure_set(set_id).measures
    }


def _told(row: Row, shown: Shown | None, set_id: str) -> dict[str, Any]:
    told = dict(row) | dict.fromkeys((*NUMBERS, "value", "rating"))
    if shown is None:
        return told | {FLAG: False}
    told["numerator"], told["denominator"] = shown.numerator or None, shown.denominator or None
    told["value"] = None if shown.value is None else shown.value / 100
    if row["rating"] is not None:
        told["rating"] = shown.rating(measure_set(set_id).measure(row["measure"]).thresholds) or None
    return told | {FLAG: not shown.numerator or not shown.denominator}
