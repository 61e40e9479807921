"""What is asked of a measure set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

from openfls.quality.dialects import MADE_SPLITS
from openfls.quality.packs import Basis, Measure, MeasureSet, measure_set
from openfls.quality.periods import PERIODS, Period, years_between
from openfls.record.errors import BadInput
from openfls.record.flsdb import BY_NAME

HIPS_TO_CASELOAD = 5
"""Fragility fractures expected for each hip fracture (recalled, medium): only a default for the caseload."""


@dataclass(frozen=True, slots=True)
class Question:
    """A set, the day of the count, and how to count; see `openfls.quality.engine.sql` for the parts."""

    set_id: str
    as_of: date
    by: Period = "quarter"
    switches: tuple[tuple[str, str], ...] = ()
    caseload: float | tuple[tuple[str, float], ...] = ()
    split: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    years: float = 1.0
    """How many years all time together is: what a caseload is multiplied by where ``by`` is ``all``."""

    @classmethod
    def ask(
        cls,
        set_id: str,
        as_of: date,
        by: str = "quarter",
        switches: Mapping[str, str] | None = None,
        caseload: float | Mapping[str, float] | None = None,
        split: Sequence[str] = (),
        measures: Sequence[str] = (),
        since: date | None = None,
        until: date | None = None,
    ) -> Self:
        """The question, checked. Raises BadInput for a set, switch, measure or column that does not exist."""
        if by not in PERIODS:
            raise BadInput(f"{by!r} is not one of {', '.join(PERIODS)}", field="by")
        if isinstance(caseload, Mapping):
            expected: float | tuple[tuple[str, float], ...] = tuple(sorted(caseload.items()))
        else:
            expected = () if caseload is None else float(caseload)
        if since and until and since > until:
            raise BadInput(f"{since} is after {until}", field="since")
        unknown = [name for name in split if name not in BY_NAME and name not in MADE_SPLITS]
        if unknown:
            raise BadInput(f"no column {', '.join(unknown)} to split by")
        chosen = tuple(sorted((switches or {}).items()))
        years = years_between(since, min(until, as_of)) if since and until else 1.0
        question = cls(set_id, as_of, by, chosen, expected, tuple(split), tuple(measures), years)
        _ = question.settings, question.chosen
        return question

    @property
    def set(self) -> MeasureSet:
        """The measure set asked."""
        return measure_set(self.set_id)

    @property
    def settings(self) -> dict[str, str]:
        """The value of every switch."""
        return self.set.settings(dict(self.switches))

    @property
    def chosen(self) -> tuple[Measure, ...]:
        """The measures asked for: those named, or all."""
        return tuple(self.set.measure(name) for name in self.measures) or self.set.measures

    @property
    def counts_fields(self) -> bool:
        """Whether a measure asked for divides by fields."""
        return any(measure.basis is Basis.FIELDS for measure in self.chosen)

    def basis(self, measure: Measure) -> Basis:
        """What the measure divides by under the switches taken."""
        by_records = measure.rule == "spine" and self.settings.get("spine") == "records"
        return Basis.PEOPLE if by_records else measure.basis
