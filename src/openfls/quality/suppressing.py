"""Results of many services and periods as they may leave: every small number out, and none to be worked out.

Besides the numbers of each result, those that add up are looked at together: the parts of a split (all men and all
women are everybody), and the periods of a service (its quarters are its years).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

from openfls.quality.disclosure import SafeResult, Shown
from openfls.quality.packs import Basis, measure_set
from openfls.quality.question import HIPS_TO_CASELOAD
from openfls.quality.together import Counts, Kind, safe_together

NUMBERS = ("numerator", "denominator", "not_eligible", "unknown")
FLAG = "suppressed"
"""The column that says whether a number of the row is suppressed; the others are rounded."""

Row = Mapping[str, Any]


def suppress(
    rows: Iterable[Row],
    set_id: str,
    switches: Mapping[str, str] | None = None,
    split: Sequence[str] = (),
    caseload: float | Mapping[str, float] | None = None,
) -> list[dict[str, Any]]:
    """The rows of `engine.sql` with `FLAG` as another column; suppressed numbers, their share and rating are None.

    The other arguments are those of the question that was asked.
    """
    listed = list(rows)
    basis = _bases(set_id, switches or {})
    groups = [(places, True) for places in _alike(listed, ("measure", "service", *split))]
    if split:
        groups += [(places, False) for places in _alike(listed, ("measure", "service", "period"))]
    found: dict[int, SafeResult] = {}
    before = None
    while (
        before != found
    ):  # what goes for the sake of the periods may give a part of a split away, and the reverse
        before = dict(found)
        for places, alone in groups:
            one = listed[places[0]]
            each = guessed_each(set_id, one["measure"]) if _is_guessed(one["service"], caseload) else None
            kind = Kind.of(basis[one["measure"]], each)
            parts = [_counts(listed[place]) for place in places]
            known = [
                found[place] if place in found else kind.safe(_counts(listed[place])) for place in places
            ]
            found |= zip(places, safe_together(parts, kind, alone=alone, found=known), strict=True)
    return [_told(row, found.get(place, _NOTHING)) for place, row in enumerate(listed)]


_NOTHING = SafeResult(Shown(None, None), None, None)
"""Of a file without the column: nothing is counted."""


def guessed_each(set_id: str, measure: str) -> float:
    """For how many expected fractures a hip fracture stands in a measure whose caseload is guessed."""
    return HIPS_TO_CASELOAD * measure_set(set_id).measure(measure).share


def _is_guessed(service: str, caseload: float | Mapping[str, float] | None) -> bool:
    return caseload is None or (isinstance(caseload, Mapping) and service not in caseload)


def _bases(set_id: str, switches: Mapping[str, str]) -> dict[str, Basis]:
    by_records = switches.get("spine") == "records"
    return {
        measure.id: Basis.PEOPLE if by_records and measure.rule == "spine" else measure.basis
        for measure in measure_set(set_id).measures
    }


def _counts(row: Row) -> Counts:
    return Counts(
        float(row["numerator"]), float(row["denominator"] or 0), int(row["not_eligible"]), int(row["unknown"])
    )


def _alike(rows: Sequence[Row], names: Sequence[str]) -> list[list[int]]:
    """The places of the rows that are counted and alike in these columns."""
    groups: defaultdict[Hashable, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        if row["numerator"] is not None:
            groups[tuple(row[name] for name in names)].append(place)
    return list(groups.values())


def _told(row: Row, safe: SafeResult) -> dict[str, Any]:
    shown = safe.shown
    numbers = (shown.numerator, shown.denominator, safe.not_eligible, safe.unknown)
    told = dict(row) | dict(zip(NUMBERS, numbers, strict=True))
    told["value"] = None if shown.value is None else shown.value / 100
    told["rating"] = None if shown.is_hidden else row["rating"]
    return told | {FLAG: row["numerator"] is not None and None in numbers}
