"""The measures of one service: their one definition (`quality`), counted over the rows as they are now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from openfls.quality import Measure, MeasureSet, State, measure_set, people_sql
from openfls.quality.counting import Result
from openfls.service.models import Service
from openfls.service.quality.judging import DIALECTS, judged, run
from openfls.service.quality.splits import compared
from openfls.service.spans import Span

SET = "flsdb"
ALL_TIME = Span(None, None)


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One measure of a service over a period. ``value`` is a percentage, ``before`` the same for the period before."""

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

    @property
    def change(self) -> float | None:
        """Percentage points since the period before; None where one of the two is not known."""
        return None if self.value is None or self.before is None else self.value - self.before


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
    return [
        _row(measure, found[measure.id], earlier.get(measure.id), estimate=service.expected_caseload is None)
        for measure in chosen.measures
    ]


def _row(measure: Measure, now: Result, before: Result | None, *, estimate: bool) -> MeasureRow:
    guessed = estimate and measure.basis == "caseload"
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
        rating="" if guessed else now.rating,
        has_people=measure.basis == "people",
        before=None if before is None or before.value is None else before.value * 100,
        estimate=guessed,
    )


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
    statement = people_sql(
        set_id, DIALECTS[connection.vendor], service=service.code, as_of=as_of, record_ids=record_ids
    )
    names, rows = run(statement)
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
