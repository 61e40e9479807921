"""How much a clinic takes on each day: places by weekday, less leave, none on closed days and bank holidays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from openfls.integration.bank_holidays import between, holiday_name
from openfls.service.models import ClinicAbsence, ClinicHours, Service

Kind = ClinicAbsence.Kind
_NO_PLACES = (0,) * 7
_YEARS = timedelta(days=2 * 366)
"""How far around today absences are looked up."""


@dataclass(frozen=True, slots=True)
class Away:
    """What is different on one day: no clinic and why, or how many places fall out."""

    closed: str = ""
    open: bool = False
    fewer: int = 0
    fewer_assess: int = 0


@dataclass(frozen=True, slots=True)
class Hours:
    """What is set: places and hours by weekday, Monday first, what is different on which day, and minutes of each."""

    places: tuple[int, ...] = _NO_PLACES
    assess_places: tuple[int, ...] = _NO_PLACES
    starts: tuple[str, ...] = ("",) * 7
    minutes: int = 30
    assess_minutes: int = 60
    bank_holidays: bool = True
    away: Mapping[date, Away] = field(default_factory=dict)

    def why_closed(self, day: date) -> str:
        """Why there is no clinic on a day that would have one; empty where there is."""
        found = self.away.get(day, Away())
        if found.closed:
            return found.closed
        return holiday_name(day) if self.bank_holidays and not found.open else ""

    def places_on(self, day: date) -> int:
        """How many reviews and treatments a day takes."""
        return self._left(self.places, day, self.away.get(day, Away()).fewer)

    def assess_places_on(self, day: date) -> int:
        """How many assessments a day takes."""
        return self._left(self.assess_places, day, self.away.get(day, Away()).fewer_assess)

    def starts_on(self, day: date) -> time | None:
        """The hour at which the clinic of a day begins; None where none is set."""
        told = self.starts[day.weekday()]
        return time.fromisoformat(told) if told else None

    @property
    def any_place(self) -> bool:
        """Whether anybody can be placed at all."""
        return any(self.places) or any(self.assess_places)

    def _left(self, places: tuple[int, ...], day: date, fewer: int) -> int:
        return 0 if self.why_closed(day) else max(0, places[day.weekday()] - fewer)


def hours_of(service: Service, today: date) -> Hours:
    """What is set for a service; no place on any day while nothing is."""
    row = ClinicHours.objects.filter(service=service).last()
    if row is None:
        return Hours()
    return Hours(
        places=tuple(row.places),
        assess_places=tuple(row.assess_places) or _NO_PLACES,
        starts=tuple(row.starts),
        minutes=row.minutes,
        assess_minutes=row.assess_minutes,
        bank_holidays=row.bank_holidays,
        away=_by_day(absences(service, today)),
    )


def absences(service: Service, today: date) -> list[ClinicAbsence]:
    """The absences that stand, from today on, the first day first."""
    rows = ClinicAbsence.objects.filter(service=service, taken_back_at=None, last_on__gte=today)
    return list(rows.filter(first_on__lte=today + _YEARS).select_related("by"))


def holidays_to_come(service: Service, today: date) -> list[tuple[date, str, bool]]:
    """The bank holidays of the next year with their names, and whether there is a clinic all the same."""
    hours = hours_of(service, today)
    return [
        (day, name, not hours.why_closed(day)) for day, name in between(today, today + timedelta(days=365))
    ]


def _by_day(rows: list[ClinicAbsence]) -> dict[date, Away]:
    found: dict[date, Away] = {}
    for row in rows:
        for number in range((row.last_on - row.first_on).days + 1):
            day = row.first_on + timedelta(days=number)
            was = found.get(day, Away())
            found[day] = Away(
                closed=was.closed or (row.words if row.kind == Kind.CLOSED else ""),
                open=was.open or row.kind == Kind.OPEN,
                fewer=was.fewer + (row.fewer if row.kind == Kind.AWAY else 0),
                fewer_assess=was.fewer_assess + (row.fewer_assess if row.kind == Kind.AWAY else 0),
            )
    return found
