"""Counting judged rows in memory: the same numbers as the engine's own sums, over any part of the rows.

A page asks for many parts of the same rows (a year, each of twenty-four months, each sex). The states come from the
engine once (`engine.states_sql`); what is added up here is what `aggregate` adds up in SQL, and a test holds the two
together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from openfls.quality.dialects import EPOCH
from openfls.quality.fields import due_fields
from openfls.quality.packs import Basis, Measure
from openfls.quality.question import HIPS_TO_CASELOAD, Question
from openfls.quality.rating import rating_of
from openfls.quality.states import State

Mask = npt.NDArray[np.bool_]
UNDATED = -(2**31)
"""The ``day`` of a row without an index diagnosis date: it lies in no period."""

NOT_RECORDED = "not recorded"
"""The group of the rows without a value."""


@dataclass(frozen=True, slots=True)
class Result:
    """One measure over a part of the rows. ``value`` is numerator by denominator (0 to 1), None where there is
    nothing to divide by."""

    measure: str
    numerator: float
    denominator: float
    not_eligible: int
    unknown: int
    value: float | None
    rating: str


@dataclass(frozen=True, slots=True)
class Split:
    """A column of words: ``codes`` names for each row one of ``values``, of which the first is `NOT_RECORDED`."""

    values: tuple[str, ...]
    codes: npt.NDArray[np.int32]

    @classmethod
    def of(cls, words: Iterable[Any], known: Sequence[str] = (NOT_RECORDED,)) -> Split:
        """From a column; a blank is not recorded. ``known`` are values that keep their codes."""
        places = {value: place for place, value in enumerate(known)}
        codes = [0 if word in (None, "") else places.setdefault(str(word), len(places)) for word in words]
        return cls(tuple(places), np.array(codes, np.int32))

    def holds(self, value: str) -> Mask:
        """The rows with a value."""
        if value not in self.values:
            return np.zeros(len(self.codes), dtype=bool)
        found: Mask = self.codes == self.values.index(value)
        return found


@dataclass(slots=True)
class Judged:
    """Judged rows as columns. ``day`` is days since 1970, `UNDATED` for none; ``states`` is by measure."""

    question: Question
    record_ids: list[str] = field(default_factory=list)
    day: npt.NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))
    states: dict[str, npt.NDArray[np.int8]] = field(default_factory=dict)
    flags: dict[str, Mask] = field(default_factory=dict)
    splits: dict[str, Split] = field(default_factory=dict)
    gaps: dict[str, npt.NDArray[np.float64]] = field(default_factory=dict)
    _order: npt.NDArray[np.intp] | None = None

    @classmethod
    def of(
        cls,
        question: Question,
        names: Sequence[str],
        rows: Sequence[Sequence[Any]],
        known: Mapping[str, Split] | None = None,
    ) -> Judged:
        """From the rows of `engine.states_sql`, ``names`` being its columns. ``gaps`` are days, NaN for none; the codes
        of ``known`` splits are kept."""
        columns = dict(zip(names, zip(*rows, strict=True) if rows else ([] for _ in names), strict=True))
        before = {name: each.values for name, each in (known or {}).items()}
        return cls(
            question,
            list(columns["record_id"]),
            np.array([UNDATED if day is None else day for day in columns["index_day"]], np.int32),
            {measure.id: np.array(columns[f"{measure.id}_state"], np.int8) for measure in question.chosen},
            {
                name: np.array(values, dtype=bool)
                for name, values in columns.items()
                if name == "hip" or name.startswith(("due_", "empty_"))
            },
            {name: Split.of(columns[name], before.get(name, (NOT_RECORDED,))) for name in question.split},
            {
                name: np.array(values, dtype=np.float64)
                for name, values in columns.items()
                if name.endswith("_gap")
            },
        )

    def changed(self, gone: Collection[str], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> Judged:
        """The same without the rows of ``gone``, and with ``rows`` in the place of those with their keys, or besides.

        What is here stays as it is: somebody may be reading it.
        """
        fresh = Judged.of(self.question, names, rows, self.splits)
        out = {*gone, *fresh.record_ids}
        kept = np.array([key not in out for key in self.record_ids], dtype=bool)

        def joined(old: npt.NDArray[Any], new: npt.NDArray[Any]) -> npt.NDArray[Any]:
            return np.concatenate((old[kept], new))

        return Judged(
            self.question,
            [key for key, stays in zip(self.record_ids, kept, strict=True) if stays] + fresh.record_ids,
            joined(self.day, fresh.day),
            {name: joined(each, fresh.states[name]) for name, each in self.states.items()},
            {name: joined(each, fresh.flags[name]) for name, each in self.flags.items()},
            {
                name: Split(fresh.splits[name].values, joined(each.codes, fresh.splits[name].codes))
                for name, each in self.splits.items()
            },
            {name: joined(each, fresh.gaps[name]) for name, each in self.gaps.items()},
        )

    def __len__(self) -> int:
        return len(self.record_ids)

    @property
    def newest(self) -> date | None:
        """The last index diagnosis; None where no row has one."""
        last = int(self.day.max(initial=UNDATED))
        return None if last == UNDATED else EPOCH + timedelta(days=last)

    @property
    def oldest(self) -> date | None:
        """The first index diagnosis; None where no row has one."""
        dated = self.day[self.day != UNDATED]
        return EPOCH + timedelta(days=int(dated.min())) if len(dated) else None

    def everything(self) -> Mask:
        """All rows."""
        return np.ones(len(self), dtype=bool)

    def between(self, since: date | None, until: date | None) -> Mask:
        """The rows whose index diagnosis is from a day to a day; None leaves that end open."""
        if since is None and until is None:
            return self.everything()
        chosen: Mask = self.day != UNDATED
        if since is not None:
            chosen &= self.day >= (since - EPOCH).days
        if until is not None:
            chosen &= self.day <= (until - EPOCH).days
        return chosen

    def state_of(self, measure: str, state: State) -> Mask:
        """The rows in one state of one measure."""
        found: Mask = self.states[measure] == state.code
        return found

    def groups(self, split: str, chosen: Mask) -> list[str]:
        """The values of a split among the chosen rows, in order; what is not recorded stands last."""
        column = self.splits[split]
        found = {column.values[code] for code in np.unique(column.codes[chosen])}
        return sorted(found - {NOT_RECORDED}) + sorted(found & {NOT_RECORDED})

    def in_group(self, split: str, value: str) -> Mask:
        """The rows with a value of a split."""
        return self.splits[split].holds(value)

    def newest_first(self, chosen: Mask) -> list[str]:
        """The keys of the chosen rows, the newest diagnosis first."""
        if self._order is None:
            self._order = np.lexsort((np.array(self.record_ids, dtype=str), -self.day.astype(np.int64)))
        return [self.record_ids[place] for place in self._order[chosen[self._order]]]

    def keys(self, chosen: Mask) -> list[str]:
        """The keys of the chosen rows, in their order."""
        return [self.record_ids[place] for place in np.flatnonzero(chosen)]

    def count(self, chosen: Mask, years: float = 1.0, measures: Iterable[str] = ()) -> dict[str, Result]:
        """Every measure (or those named) over the chosen rows; ``years`` is how long the caseload counts for."""
        wanted = tuple(measures)
        return {
            measure.id: self._result(measure, chosen, years)
            for measure in self.question.chosen
            if not wanted or measure.id in wanted
        }

    def _result(self, measure: Measure, chosen: Mask, years: float) -> Result:
        number = np.bincount(self.states[measure.id][chosen], minlength=4)
        numerator, denominator = float(number[State.MET.code]), 0.0
        basis = self.question.basis(measure)
        if basis is Basis.PEOPLE:
            denominator = float(number[State.MET.code] + number[State.NOT_MET.code])
        elif basis is Basis.CASELOAD:
            denominator = self._expected(chosen, years) * measure.share
        else:
            numerator, denominator = self._fields_kept(chosen)
        return Result(
            measure.id,
            numerator,
            denominator,
            int(number[State.NOT_ELIGIBLE.code]),
            int(number[State.UNKNOWN.code]),
            numerator / denominator if denominator else None,
            rating_of(measure.thresholds, numerator, denominator) or "",
        )

    def _expected(self, chosen: Mask, years: float) -> float:
        given = self.question.caseload
        if isinstance(given, float):
            return given * years
        return float(np.count_nonzero(self.flags["hip"] & chosen) * HIPS_TO_CASELOAD)

    def _fields_kept(self, chosen: Mask) -> tuple[float, float]:
        kept = looked_at = 0
        for item in due_fields():
            due = int(np.count_nonzero(self.flags[f"due_{item.due}"] & chosen))
            empty = int(np.count_nonzero(self.flags[f"empty_{item.column}"] & chosen))
            looked_at += due > 0
            kept += due > 0 and empty * 5 <= due
        return float(kept), float(looked_at)
