"""The whole fiction from three numbers: a seed, the last day, and how many fragility fractures a year."""

from __future__ import annotations

from datetime import date, timedelta

from openfls.fiction.courses import courses
from openfls.fiction.hospital import Hospital
from openfls.fiction.reports import reports
from openfls.fiction.tables import table
from openfls.fiction.values import Role, StaffMember, Year

DAYS = 456
"""Fifteen months: the year, and a quarter before it, so that somebody has come to the review at 52 weeks."""

IDENTIFIED_PERCENT = 37.1
"""Records as a part of the estimated caseload: FLS-DB KPI 2, live table 2019."""


def generate(*, end: date, seed: int = 13, size: int = 600) -> Year:
    """The fictional year up to and including ``end``, with ``size`` fragility fractures in twelve months.

    The same arguments give an equal value on every machine. 600 is a hospital of half the usual size;
    the default seed is the one of the first forty whose year of 600 lies nearest to the published figures.
    """
    start = end - timedelta(days=DAYS - 1)
    hospital = Hospital(seed, start, end, size)
    people = {person.key: person for person in hospital.people}
    places = table("places")
    return Year(
        seed=seed,
        start=start,
        end=end,
        size=size,
        caseload=round(size * 100 / IDENTIFIED_PERCENT),
        service=places["service"],
        staff=tuple(StaffMember(row["username"], row["name"], Role(row["role"])) for row in places["staff"]),
        people=hospital.people,
        events=hospital.events,
        reports=tuple(reports(seed, hospital.events, people)),
        courses=tuple(courses(seed, end, hospital.events, people)),
    )
