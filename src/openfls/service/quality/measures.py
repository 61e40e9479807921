"""The measures of one service: their one definition (`quality`), counted over the rows as they are now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from openfls.quality import Measure, MeasureSet, State, measure_set, people_sql
from openfls.quality.counting import Judged, Result
from openfls.quality.rating import percent_words
from openfls.quality.windows import is_open, last_day, open_until
from openfls.service.models import Service
from openfls.service.quality.judging import DIALECTS, judged
from openfls.service.quality.prepared import run, run_for
from openfls.service.quality.splits import compared
from openfls.service.spans import Span, complete_twelve_months

SET = "flsdb"
ALL_TIME = Span(None, None)


@dataclass(frozen=True, slots=True)
class Complete:
    """One measure over the newest twelve months that are over for everybody; ``value`` is a percentage."""

    span: Span
    result: Result
    value: float
    rating: str
    estimate: bool

    @property
    def words(self) -> str:
        """The figure and its period."""
        rated = f" {self.rating}" if self.rating else ""
        numbers = f"{self.result.numerator:g} of {self.result.denominator:.4g}"
        return f"{self.span.words}: {percent_words(self.value)} %{rated} ({numbers})"


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One measure of a service over a period. ``value`` is a percentage, ``before`` the same for the period before.

    ``open_until`` is the last day on which somebody of the period may still be within the window: until then it is not
    rated, and ``complete`` has the newest figure that is final.
    """

    key: str
    title: str
    words: str
    numerator: float
    denominator: float
    not_eligible: int
    unknown: int
    value: float | None
    rating: str
    has_people: bool
    before: float | None = None
    estimate: bool = False
    open_until: date | None = None
    complete: Complete | None = None

    @property
    def standing(self) -> str:
        """The rating by which the measure stands: of the newest figure that is final; blank where there is none."""
        return self.rating if self.open_until is None else self.complete.rating if self.complete else ""

    @property
    def change(self) -> float | None:
        """Percentage points since the period before; None where one of the two is not known, or one is still open."""
        if self.open_until is not None:
            return None
        return None if self.value is None or self.before is None else self.value - self.before

    @property
    def change_words(self) -> str:
        """The change in words: what the percentage is now, set against the period before."""
        if self.change is None:
            return ""
        points = round(abs(self.change))
        if points == 0:
            return "then; now about the same"
        return (
            f"then; now {points} point{'' if points == 1 else 's'} {'higher' if self.change > 0 else 'lower'}"
        )


@dataclass(frozen=True, slots=True)
class PersonState:
    """What a measure says about one episode, and why."""

    record_id: str
    state: str
    reason: str


def standing_set() -> MeasureSet:
    """The measure set that the pages show unless asked for another."""
    return measure_set(SET)


def measures_of(service: Service, as_of: date, set_id: str = SET, span: Span = ALL_TIME) -> list[MeasureRow]:
    """Every measure of a set over the confirmed episodes of the service diagnosed in a period."""
    chosen = measure_set(set_id)
    rows = judged(service, set_id, as_of)
    found = rows.count(rows.between(span.since, span.until), span.years)
    before = span.before
    earlier = rows.count(rows.between(before.since, before.until), before.years) if before else {}
    estimate = service.expected_caseload is None
    return [
        _row(rows, measure, found[measure.id], earlier.get(measure.id), span, as_of, estimate=estimate)
        for measure in chosen.measures
    ]


def _row(
    rows: Judged,
    measure: Measure,
    now: Result,
    before: Result | None,
    span: Span,
    as_of: date,
    *,
    estimate: bool,
) -> MeasureRow:
    guessed = estimate and measure.basis == "caseload"
    until = span.until or min(as_of, rows.newest or as_of)  # all time ends with the newest diagnosis
    still = open_until(measure, until) if is_open(measure, until, as_of) else None
    return MeasureRow(
        key=measure.id,
        title=measure.title,
        words=measure.numerator.replace("`", ""),
        numerator=now.numerator,
        denominator=now.denominator,
        not_eligible=now.not_eligible,
        unknown=now.unknown,
        value=None if now.value is None else now.value * 100,
        # By a guess nobody is judged.
        rating="" if guessed or still else now.rating,
        has_people=measure.basis == "people",
        before=None if before is None or before.value is None else before.value * 100,
        estimate=guessed,
        open_until=still,
        complete=_complete(rows, measure, as_of, guessed=guessed) if still else None,
    )


def _complete(rows: Judged, measure: Measure, as_of: date, *, guessed: bool) -> Complete | None:
    """The newest twelve months that can be rated; None where nobody counted in them."""
    span = complete_twelve_months(as_of, last_day(measure))
    found = rows.count(rows.between(span.since, span.until), span.years, (measure.id,))[measure.id]
    if found.value is None:
        return None
    return Complete(span, found, 100 * found.value, "" if guessed else found.rating, guessed)


def states_of(
    service: Service,
    key: str,
    as_of: date,
    set_id: str = SET,
    span: Span = ALL_TIME,
    group: tuple[str, str] | None = None,
) -> dict[State, list[str]]:
    """The episodes of a period by their state in one measure, the newest diagnosis first; with ``group`` (a split and
    one of its values) only those of the group."""
    rows = judged(service, set_id, as_of)
    chosen = rows.between(span.since, span.until)
    if group is not None:
        chosen = compared(rows, chosen, group[0], measure_set(set_id).measure(key).rule)[0]
        chosen = chosen & rows.in_group(*group)
    return {state: rows.newest_first(chosen & rows.state_of(key, state)) for state in State}


def people_of(
    service: Service,
    key: str,
    as_of: date,
    set_id: str = SET,
    span: Span = ALL_TIME,
    record_ids: Sequence[str] | None = None,
) -> list[PersonState]:
    """The state of episodes of the service in one measure, with the reason; of all in the period, or of those named."""
    statement = people_sql(
        set_id,
        DIALECTS[connection.vendor],
        service=service.code,
        as_of=as_of,
        measures=(key,),
        record_ids=record_ids,
        since=span.since,
        until=span.until,
    )
    return [PersonState(*row) for row in _people(statement)]


def _people(statement: str) -> list[tuple[str, str, str]]:
    names, rows = run(statement)
    places = [names.index(name) for name in ("record_id", "state", "reason")]
    return [(row[places[0]], row[places[1]], row[places[2]]) for row in rows]


_MISSING = (State.NOT_MET, State.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Missing:
    """A measure that an episode does not meet yet, or no longer can, and why."""

    measure: Measure
    state: State
    reason: str


def missing_of(
    service: Service, record_ids: Sequence[str], as_of: date, set_id: str = SET
) -> dict[str, list[Missing]]:
    """What is missing of some episodes, by episode: what is not met first, then what is not yet known."""
    if not record_ids:
        return {}
    chosen = measure_set(set_id)

    def statement(keys: Sequence[str]) -> str:
        dialect = DIALECTS[connection.vendor]
        return people_sql(set_id, dialect, service=service.code, as_of=as_of, record_ids=keys)

    names, rows = run_for(record_ids, statement)
    places = [names.index(name) for name in ("record_id", "measure", "state", "reason")]
    order = {measure.id: place for place, measure in enumerate(chosen.measures)}
    found: dict[str, list[Missing]] = {}
    for row in rows:
        record_id, key, state, reason = (row[place] for place in places)
        measure = chosen.measure(key)
        # Whether a fracture is of the spine is nothing that is missing.
        if state in _MISSING and measure.basis != "caseload":
            found.setdefault(record_id, []).append(Missing(measure, State(state), reason))
    for each in found.values():
        each.sort(key=lambda one: (_MISSING.index(one.state), order[one.measure.id]))
    return found
