"""The figures of a service as they may leave it: parts of running totals, which are the same in every file.

Of each measure who met it and who was missed are two sequences of people by the day of the diagnosis. Every period is
a part of them (`quality.releasing`). Within a closed calendar year the missed are divided further, by reason. Nothing
else of them leaves: no group of a split, and nobody who is not eligible or not yet known, because with them every
measure would add up to the same people.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from openfls.quality import Basis, Measure, State, measure_set
from openfls.quality.counting import Mask, Result
from openfls.quality.disclosure import Shown, count_words
from openfls.quality.releasing import part, parts
from openfls.quality.suppressing import ONE_MEASURES_WAY
from openfls.service.models import Service
from openfls.service.quality.judging import judged
from openfls.service.quality.measures import people_of
from openfls.service.quality.trends import PATHWAY, TIMES, stages, times
from openfls.service.spans import Span

_THE_FIRST = date.min
FEWEST_FOR_QUARTILES = 40
_WEEK = 7


def _before(span: Span) -> date | None:
    """The day before a period; None where it begins with the first row."""
    return None if span.since is None else span.since - timedelta(days=1)


class Leaving:
    """What may leave of one set of a service, as of a day."""

    def __init__(self, service: Service, set_id: str, as_of: date) -> None:
        self._rows = judged(service, set_id, as_of)
        self._set = measure_set(set_id)
        self._guessed = service.expected_caseload is None

    def share(self, key: str, span: Span) -> Shown:
        """A measure in a period. Where the caseload is a guess from people, what it is held against stays."""
        measure = self._set.measure(key)
        basis = self._rows.question.basis(measure)
        if basis is Basis.FIELDS:
            exact = self._exact(measure, span)
            return Shown.of_fields(int(exact.numerator), int(exact.denominator))
        met = self._part(self._rows.state_of(key, State.MET), span)
        if basis is Basis.PEOPLE:
            if self._set.id == ONE_MEASURES_WAY:
                return Shown(met, None)
            return Shown.of_people(met, self._part(self._rows.state_of(key, State.NOT_MET), span))
        return (
            Shown(met, None) if self._guessed else Shown.against(met, self._exact(measure, span).denominator)
        )

    def _exact(self, measure: Measure, span: Span) -> Result:
        return self._rows.count(self._rows.between(span.since, span.until), span.years, (measure.id,))[
            measure.id
        ]

    def _part(self, people: Mask, span: Span) -> int:
        return part(self._upto(people, _before(span)) if span.since else 0, self._upto(people, span.until))

    def _upto(self, people: Mask, day: date | None) -> int:
        """The running total up to a day; of everybody where none is given (who has no date comes last)."""
        return int(np.count_nonzero(people if day is None else people & self._rows.between(None, day)))

    def times(self, span: Span) -> dict[str, int]:
        """Who of the confirmed has each step dated, in a period (set `pathway` alone)."""
        confirmed = self._rows.state_of("confirmed", State.MET)
        return {
            step.key: self._part(confirmed & ~np.isnan(self._rows.gaps[step.key]), span) for step in TIMES
        }

    def missed_in(self, key: str, year: int) -> tuple[int, list[str]]:
        """The running total of the missed before a calendar year, and the records that were missed in it."""
        missed = self._rows.state_of(key, State.NOT_MET)
        inside = self._rows.between(date(year, 1, 1), date(year, 12, 31))
        return self._upto(missed, date(year - 1, 12, 31)), self._rows.keys(missed & inside)

    def closed_years(self, as_of: date) -> list[int]:
        """The calendar years that are over, from that of the first diagnosis on."""
        first = self._rows.oldest
        return [] if first is None else list(range(first.year, as_of.year))


@dataclass(frozen=True, slots=True)
class Reason:
    """Why people were missed in a calendar year, and how many; only reasons that are not under 5."""

    year: int
    reason: str
    people: int


def reasons(service: Service, set_id: str, key: str, as_of: date) -> list[Reason]:
    """Why people were missed, by closed calendar years: they add up to the missed of the year.

    A reason under 5 is not named: that it is named would tell that there is somebody.
    """
    leaving = Leaving(service, set_id, as_of)
    words = {row.record_id: row.reason for row in people_of(service, key, as_of, set_id)}
    found = []
    for year in leaving.closed_years(as_of):
        before, records = leaving.missed_in(key, year)
        counted = sorted(Counter(words.get(record, "") for record in records).items())
        shown = parts([count for _, count in counted], before)
        found += [
            Reason(year, reason, people) for (reason, _), people in zip(counted, shown, strict=True) if people
        ]
    return found


@dataclass(frozen=True, slots=True)
class SafeStep:
    """A step of the way as it may leave: who made it, and who made the one before but not (or not yet) this one (of the
    first None)."""

    key: str
    title: str
    made: int
    not_made: int | None

    @property
    def not_made_words(self) -> str:
        """The second number for people to read."""
        return "" if self.not_made is None else count_words(self.not_made)


def safe_steps(service: Service, as_of: date, span: Span) -> list[SafeStep]:
    """The way from found to treated as it may leave."""
    upto = [
        stage.made for stage in stages(service, as_of, Span(_THE_FIRST, span.until) if span.until else span)
    ]
    before = [0] * len(upto)
    if span.since is not None:
        earlier = stages(service, as_of, Span(_THE_FIRST, _before(span)))
        before = [stage.made for stage in earlier]
    found: list[SafeStep] = []
    for stage, first, last in zip(stages(service, as_of, span), before, upto, strict=True):
        made = part(first, last)
        if found:  # by its own rounding it could be above the step before
            made = min(made, found[-1].made)
        found.append(SafeStep(stage.key, stage.title, made, found[-1].made - made if found else None))
    return found


@dataclass(frozen=True, slots=True)
class SafeDays:
    """How long a step took as it may leave: who made it, and quartiles in whole weeks where enough did."""

    key: str
    made: int
    weeks: tuple[int, int, int] | None
    """Lower quartile, median, upper quartile."""


def safe_days(service: Service, as_of: date, span: Span) -> list[SafeDays]:
    """The times to each step as they may leave."""
    made = Leaving(service, PATHWAY, as_of).times(span)
    found = []
    for days in times(service, as_of, span):
        told = (days.lower, days.median, days.upper)
        exact = [round(each / _WEEK) for each in told if each is not None]
        enough = made[days.step.key] >= FEWEST_FOR_QUARTILES and len(exact) == len(told)
        found.append(
            SafeDays(days.step.key, made[days.step.key], (exact[0], exact[1], exact[2]) if enough else None)
        )
    return found
