"""The days of a service's clinic with the people on each: proposed, levelled, and put on a day by hand.

Reviews and treatments share the places of a day; assessments, which take longer, have places of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from openfls.integration.clinics import Placed, Wanted, level
from openfls.service.clinic.hours import Hours, hours_of
from openfls.service.clinic.promised import Promised, all_promised
from openfls.service.models import ClinicDayChosen, Service, Slot

SHOWN_WEEKS = 6
_AHEAD = timedelta(weeks=26)
"""How far ahead the promises are spread: longer than what is shown, so that the end pushes nobody together."""


@dataclass(frozen=True, slots=True)
class Line:
    """One person on a day: what was promised, and whether the day is late or was chosen by somebody."""

    promised: Promised
    late: bool
    fixed: bool


@dataclass(frozen=True, slots=True)
class Day:
    """A day with its places and its people. ``closed`` says why there is no clinic, ``away`` that places fall out."""

    on: date
    places: int
    assess_places: int
    closed: str
    away: bool
    lines: tuple[Line, ...]

    @property
    def assessments(self) -> int:
        """How many of its people are assessed."""
        return sum(line.promised.slot == Slot.ASSESS for line in self.lines)

    @property
    def reviews(self) -> int:
        """How many come for a review or a treatment."""
        return len(self.lines) - self.assessments

    @property
    def too_many(self) -> bool:
        """Whether more stand on it than it takes: days that were chosen by hand hold."""
        return self.reviews > self.places or self.assessments > self.assess_places


@dataclass(frozen=True, slots=True)
class Clinic:
    """The weeks that are shown, the people without a place, how many will be late, and how many wait in all."""

    hours: Hours
    weeks: tuple[tuple[Day, ...], ...]
    without: tuple[Line, ...]
    late: int
    waiting: int
    assessments_waiting: int

    @property
    def not_levelled(self) -> tuple[int, int]:
        """How many wait for a review or a treatment, and for an assessment, of which no weekday takes any."""
        others = 0 if any(self.hours.places) else self.waiting - self.assessments_waiting
        return others, 0 if any(self.hours.assess_places) else self.assessments_waiting


def clinic_of(service: Service, today: date, weeks: int = SHOWN_WEEKS) -> Clinic:
    """The weeks from this one on."""
    hours, until = hours_of(service, today), today + _AHEAD
    found = all_promised(service, today, until)
    waiting = len(found)
    assessments = sum(one.slot == Slot.ASSESS for one in found)
    if not hours.any_place:
        return Clinic(hours, (), (), 0, waiting, assessments)
    chosen = _chosen(service, today, found)
    by_day: dict[date, list[Line]] = {}
    without: list[Line] = []
    late = 0
    pools = (
        (False, hours.places, hours.places_on),
        (True, hours.assess_places, hours.assess_places_on),
    )
    for is_assess, a_week, places in pools:
        pool = {one.key: one for one in found if (one.slot == Slot.ASSESS) is is_assess}
        if not any(
            a_week
        ):  # nobody has said how many the staff can do: a day chosen by hand holds all the same
            pool = {key: one for key, one in pool.items() if key in chosen}
        wanted = [Wanted(key, one.opens, one.due) for key, one in pool.items()]
        levelled = level(wanted, places, today=today, until=until, fixed=chosen)
        for one in levelled.placed:
            by_day.setdefault(one.on, []).append(_line(pool[one.key], one))
        without += [Line(pool[key], late=True, fixed=False) for key in levelled.without]
        late += levelled.late
    return Clinic(hours, _weeks(hours, by_day, today, weeks), tuple(without), late, waiting, assessments)


def _chosen(service: Service, today: date, found: list[Promised]) -> dict[str, date]:
    """The days that somebody chose and that still hold: to come, and not before what is promised now may be made."""
    opens = {one.key: one.opens for one in found}
    rows = ClinicDayChosen.objects.filter(service=service, taken_back=False, on__gte=today).order_by("pk")
    keyed = {f"{row.episode_id} {row.kind}": row.on for row in rows}
    return {key: on for key, on in keyed.items() if key in opens and on >= opens[key]}


def _weeks(
    hours: Hours, by_day: dict[date, list[Line]], today: date, weeks: int
) -> tuple[tuple[Day, ...], ...]:
    monday = today - timedelta(days=today.weekday())

    def day(on: date) -> Day:
        lines = sorted(
            by_day.get(on, []),
            key=lambda line: (
                line.promised.slot == Slot.ASSESS,
                line.promised.due,
                str(line.promised.episode.pk),
            ),
        )
        away = hours.away.get(on)
        fewer = bool(away and (away.fewer or away.fewer_assess))
        return Day(
            on, hours.places_on(on), hours.assess_places_on(on), hours.why_closed(on), fewer, tuple(lines)
        )

    shown = (
        tuple(
            day(on)
            for number in range(7)
            if (on := monday + timedelta(weeks=week, days=number)) >= today
            and (hours.places[number] or hours.assess_places[number] or by_day.get(on))
        )
        for week in range(weeks)
    )
    return tuple(week for week in shown if week)


def _line(promised: Promised, placed: Placed) -> Line:
    return Line(promised, placed.late, placed.fixed)
