"""Results of many services and periods as they may leave: every small number out, and none to be worked out.

Besides the numbers of each result, those that add up are looked at together: the parts of a split (all men and all
women are everybody), and the periods of a service (its quarters are its years).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

from openfls.quality.disclosure import SafeResult, Shown, safe_result
from openfls.quality.packs import Basis, measure_set
from openfls.quality.protecting import Sum, protect
from openfls.quality.question import HIPS_TO_CASELOAD

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
    found = [
        _safe(row, basis[row["measure"]], guessed_each(set_id, row["measure"]) if guessed else None)
        for row in listed
        for guessed in [_is_guessed(row["service"], caseload)]
    ]
    counts_people = [basis[row["measure"]] is not Basis.FIELDS for row in listed]
    groups = [_alike(listed, ("measure", "service", *split), alone=True)]
    if split:
        groups.append(_alike(listed, ("measure", "service", "period"), alone=False))
    for same in groups:
        for places, alone in same:
            kept = [
                place for place in places if counts_people[place] and listed[place]["numerator"] is not None
            ]
            for place in _given_away(listed, found, kept, alone=alone):
                found[place] = SafeResult(Shown(None, None), found[place].not_eligible, found[place].unknown)
    return [_told(row, safe) for row, safe in zip(listed, found, strict=True)]


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


def _safe(row: Row, basis: Basis, each: float | None) -> SafeResult:
    if row["numerator"] is None:  # a file without the column: nothing is counted
        return SafeResult(Shown(None, None), None, None)
    return safe_result(
        float(row["numerator"]),
        float(row["denominator"] or 0),
        int(row["not_eligible"]),
        int(row["unknown"]),
        of_people=basis is Basis.PEOPLE,
        of_fields=basis is Basis.FIELDS,
        each=each,
    )


def _alike(rows: Sequence[Row], names: Sequence[str], *, alone: bool) -> list[tuple[list[int], bool]]:
    groups: defaultdict[Hashable, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        groups[tuple(row[name] for name in names)].append(place)
    return [(places, alone) for places in groups.values() if len(places) > 1]


def _given_away(
    rows: Sequence[Row], found: Sequence[SafeResult], places: Sequence[int], *, alone: bool
) -> list[int]:
    """The places whose share has to go too, because a number could be worked out by subtraction."""
    parts = {str(place): int(rows[place]["numerator"]) for place in places}
    hidden = [name for name in parts if found[int(name)].shown.is_hidden]
    if not hidden:
        return []
    total = {"total": sum(parts.values())}
    sums = (Sum("total", tuple(parts), alone=alone),)
    shown = protect(parts | total, sums, known=("total",), suppressed=hidden)
    return [int(name) for name in parts if shown[name] is None and name not in hidden]


def _told(row: Row, safe: SafeResult) -> dict[str, Any]:
    shown = safe.shown
    numbers = (shown.numerator, shown.denominator, safe.not_eligible, safe.unknown)
    told = dict(row) | dict(zip(NUMBERS, numbers, strict=True))
    told["value"] = None if shown.value is None else shown.value / 100
    told["rating"] = None if shown.is_hidden else row["rating"]
    return told | {FLAG: row["numerator"] is not None and None in numbers}
