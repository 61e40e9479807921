"""The published figures beside the fictional year's, all in percent."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from openfls.fiction.reviews import RECOMMENDED
from openfls.fiction.values import Course, Event, ReviewOutcome, Story, Year
from openfls.record.sites import Site


def part(numerator: Iterable[object], denominator: list[object]) -> float:
    """Percent of ``denominator`` that ``numerator`` makes up."""
    return 100 * len(list(numerator)) / len(denominator)


@dataclass(frozen=True)
class Figures:
    """A year, and what can be counted in it."""

    year: Year

    def __post_init__(self) -> None:
        by_key = {event.key: event for event in self.year.events}
        object.__setattr__(self, "_events", by_key)

    def event(self, course: Course) -> Event:
        return self._events[course.event]  # type: ignore[attr-defined]

    @property
    def fragility(self) -> list[Event]:
        return [event for event in self.year.events if event.story is Story.FRAGILITY]

    def records(self, weeks: float = 0) -> list[Course]:
        """Confirmed courses whose fracture is at least ``weeks`` old at the end of the year."""
        latest = self.year.end - timedelta(weeks=weeks)
        return [
            course
            for course in self.year.courses
            if course.decision and not course.decision.refuted and course.fracture_on <= latest
        ]

    def recommended(self, weeks: float) -> list[Course]:
        return [course for course in self.records(weeks) if course.plan and course.plan.kind in RECOMMENDED]

    def alive(self, courses: list[Course]) -> list[Course]:
        died = {person.hospital_number for person in self.year.people if person.died_on}
        return [course for course in courses if course.hospital_number not in died]

    def site(self, *sites: Site) -> float:
        events = self.fragility
        return part((event for event in events if event.bones[0].site in sites), events)

    def days(self, course: Course, step: str) -> int:
        found = getattr(course, step)
        return (found.on - course.fracture_on).days if found and found.on else 10_000

    # the national audit's indicators

    def kpi_2(self) -> float:
        return 100 * self.year.size / self.year.caseload

    def kpi_4(self) -> float:
        records = self.records(20)
        return part((course for course in records if self.days(course, "assessment") <= 90), records)

    def kpi_5(self) -> float:
        asked = [course for course in self.records(30) if course.dxa]
        return part((course for course in asked if 0 < self.days(course, "dxa") <= 90), asked)

    def kpi_6(self) -> float:
        records = self.records(30)
        done = (
            course
            for course in records
            if (course.assessment and course.assessment.falls_assessed)
            or (course.plan and course.plan.falls_referral)
        )
        return part(done, records)

    def kpi_7(self) -> float:
        records = self.records(30)
        drug = (course for course in records if course.plan and course.plan.kind in RECOMMENDED)
        return part(drug, records)

    def kpi_8(self) -> float:
        records = [
            course
            for course in self.records(30)
            if course.site is not Site.HIP and self.event(course).age > 75
        ]
        started = (course for course in records if course.review_16 and course.review_16.strength_balance)
        return part(started, records)

    def kpi_9(self) -> float:
        recommended = self.recommended(30)
        in_time = (
            course
            for course in recommended
            if course.review_16
            and course.review_16.outcome not in (ReviewOutcome.NOT_REACHED, ReviewOutcome.DIED)
            and self.days(course, "review_16") <= 112
        )
        return part(in_time, recommended)

    def kpi_10(self) -> float:
        recommended = self.recommended(30)
        return part(
            (
                course
                for course in recommended
                if course.review_16 and course.review_16.outcome is ReviewOutcome.STARTED
            ),
            recommended,
        )

    def kpi_11(self) -> float:
        recommended = self.alive(self.recommended(58))
        return part(
            (
                course
                for course in recommended
                if course.review_52 and course.review_52.outcome is ReviewOutcome.CONTINUING
            ),
            recommended,
        )

    def women(self) -> float:
        sex = {person.key: person.demographics.sex for person in self.year.people}
        events = self.fragility
        return part((event for event in events if sex[event.person] == "female"), events)

    def hip_deaths(self, within: int) -> float:
        died = {person.key: person.died_on for person in self.year.people}
        latest = self.year.end - timedelta(days=within)
        hips = [
            event
            for event in self.fragility
            if event.bones[0].site is Site.HIP and not event.refracture and event.on <= latest
        ]
        dead = (
            event
            for event in hips
            if (day := died[event.person]) is not None and (day - event.on).days <= within
        )
        return part(dead, hips)

    def refractures(self) -> float:
        """Of first fractures followed for a whole year, those with another within it."""
        latest = self.year.end - timedelta(days=365)
        first = [event for event in self.fragility if not event.refracture and event.on <= latest]
        again = {event.person for event in self.fragility if event.refracture}
        return part((event for event in first if event.person in again), first)


Reader = Callable[[Figures], float]
"""One figure of a year."""

TABLE: list[tuple[str, float, str, Reader, float]] = [
    # figure, published percent, source, how it is read from the year, tolerance in percentage points
    ("hip, of fragility fractures", 20.0, "FLS-DB caseload: hip × 5", lambda f: f.site(Site.HIP), 2),
    ("spine, of fragility fractures", 17.9, "FLS-DB KPI 3, live 2019", lambda f: f.site(Site.VERTEBRA), 2),
    (
        "radius/ulna to hip/femur",
        109.0,
        "CPRD 2008–12 (van der Velde 2016)",
        lambda f: 100 * f.site(Site.WRIST, Site.FOREARM) / f.site(Site.HIP, Site.FEMUR),
        12,
    ),
    ("women", 70.0, "CPRD 2008–12, UN population 2020", Figures.women, 3),
    ("another fracture in a year", 10.0, "Royal Osteoporosis Society to the Commons", Figures.refractures, 4),
    ("death in 30 days of a hip", 7.3, "REDUCE 2016–19", lambda f: f.hip_deaths(30), 2.5),
    ("death in 365 days of a hip", 28.2, "REDUCE 2016–19", lambda f: f.hip_deaths(365), 7),
    ("KPI 2 found, of the caseload", 37.1, "FLS-DB live 2019", Figures.kpi_2, 0.5),
    ("KPI 4 assessed in 90 days", 64.2, "FLS-DB England 2023", Figures.kpi_4, 4),
    ("KPI 5 DXA in 90 days", 35.0, "FLS-DB England 2023", Figures.kpi_5, 4),
    ("KPI 6 falls", 62.0, "FLS-DB live 2019", Figures.kpi_6, 4),
    ("KPI 7 drug recommended", 52.5, "FLS-DB live 2019", Figures.kpi_7, 4),
    ("KPI 8 strength and balance", 6.1, "FLS-DB live 2019", Figures.kpi_8, 2.5),
    ("KPI 9 followed up in 16 weeks", 28.0, "FLS-DB England 2023", Figures.kpi_9, 4),
    ("KPI 10 started", 35.4, "FLS-DB 2023, all", Figures.kpi_10, 4),
    ("KPI 11 on treatment at 52 weeks", 23.0, "FLS-DB via iFraP 2023", Figures.kpi_11, 5),
]
