"""A calendar that other programs subscribe to (iCalendar, RFC 5545): how many reviews on which day, and nobody's name.

A clinic with an hour begins at that hour of the wall clock, summer and winter; the rules of the time zone go with it.
One without an hour is a whole day, which no change of the clocks moves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event


@dataclass(frozen=True, slots=True)
class ClinicDay:
    """A day of a clinic: how many reviews and assessments, and from which hour for how many minutes each."""

    on: date
    reviews: int
    starts: time | None = None
    minutes: int = 30
    assessments: int = 0
    assess_minutes: int = 60

    @property
    def words(self) -> str:
        """What the calendar shows."""
        parts = (("Reviews", self.reviews), ("Assessments", self.assessments))
        said = (
            f"{name}: {number} {'person' if number == 1 else 'people'}" for name, number in parts if number
        )
        return "; ".join(said) or "Reviews: 0 people"

    @property
    def length(self) -> timedelta:
        """How long it takes."""
        return timedelta(minutes=max(1, self.reviews * self.minutes + self.assessments * self.assess_minutes))


def feed(
    days: Iterable[ClinicDay], *, uid_of: str, title: str, zone: str, address: str, stamp: datetime
) -> bytes:
    """The calendar. ``uid_of`` makes the keys of its events: the same day is the same event at each fetch.

    ``stamp`` needs a time zone. ``address`` is where the list of a day is read, by who may sign in.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//openfls//clinic days//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", title)
    calendar.add("refresh-interval", timedelta(hours=4), parameters={"VALUE": "DURATION"})
    days = list(days)
    for day in days:
        calendar.add_component(_event(day, uid_of, zone, address, stamp))
    on = [day.on for day in days] or [stamp.date()]
    # The rules of the zone for the days that there are, with a year on either side.
    calendar.add_missing_timezones(min(on) - timedelta(days=366), max(on) + timedelta(days=366))
    return bytes(calendar.to_ical())


def _event(day: ClinicDay, uid_of: str, zone: str, address: str, stamp: datetime) -> Event:
    event = Event()
    event.add("uid", f"{day.on.isoformat()}-{uid_of}@openfls")
    event.add("dtstamp", stamp)
    event.add("summary", day.words)
    event.add("description", "The list is in openfls, for who may sign in. No name leaves it.")
    event.add("url", address)
    event.add("class", "PRIVATE")
    if day.starts is None:
        event.add("dtstart", day.on)
        event.add("dtend", day.on + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
        return event
    begins = datetime.combine(day.on, day.starts, ZoneInfo(zone))
    event.add("dtstart", begins)
    event.add("duration", day.length)
    return event
