"""The days of a service's clinic with the people on each: proposed, levelled, and put on a day by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta

from openfls.integration.clinics import Levelled, Placed, Wanted, level
from openfls.record.pathway import PLACES, State
from openfls.service.flags import why_no_contact
from openfls.service.models import ClinicDayChosen, ClinicHours, Episode, Review, Service

KINDS = {State.REVIEW_16: Review.Kind.WEEK_16, State.REVIEW_52: Review.Kind.WEEK_52}
SHOWN_WEEKS = 6
_AHEAD = timedelta(weeks=26)
"""How far ahead the reviews are spread: longer than what is shown, so that the end pushes nobody together."""
_NO_PLACES = (0,) * 7


@dataclass(frozen=True, slots=True)
class Hours:
    """What is set: places and hours by weekday, Monday first, days without a clinic, and minutes for a review."""

    places: tuple[int, ...] = _NO_PLACES
    starts: tuple[str, ...] = ("",) * 7
    closed: frozenset[date] = frozenset()
    minutes: int = 30

    def places_on(self, day: date) -> int:
        """How many reviews a day takes."""
        return 0 if day in self.closed else self.places[day.weekday()]

    def starts_on(self, day: date) -> time | None:
        """The hour at which the clinic of a day begins; None where none is set."""
        told = self.starts[day.weekday()]
        return time.fromisoformat(told) if told else None

    @property
    def any_place(self) -> bool:
        """Whether anybody can be placed at all."""
        return any(self.places)


@dataclass(frozen=True, slots=True)
class Line:
    """One person on a day: the review, its window, and whether the day is late or was chosen by somebody."""

    episode: Episode
    kind: str
    opens: date
    due: date
    late: bool
    fixed: bool


@dataclass(frozen=True, slots=True)
class Day:
    """A day with its places and its people."""

    on: date
    places: int
    closed: bool
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Clinic:
    """The weeks that are shown, the people without a place, and how many will be late."""

    hours: Hours
    weeks: tuple[tuple[Day, ...], ...]
    without: tuple[Line, ...]
    late: int
    waiting: int


def hours_of(service: Service) -> Hours:
    """What is set for a service; no place on any day while nothing is."""
    row = ClinicHours.objects.filter(service=service).last()
    if row is None:
        return Hours()
    return Hours(
        tuple(row.places),
        tuple(row.starts),
        frozenset(date.fromisoformat(day) for day in row.closed),
        row.minutes,
    )


def key_of(episode: Episode) -> str:
    """The review that an episode waits for."""
    return f"{episode.pk} {KINDS[State(episode.state)]}"


def window_of(episode: Episode) -> tuple[date, date]:
    """The first day on which the review may be made, and the last on which it was promised."""
    place = PLACES[State(episode.state)]
    return episode.index_date + timedelta(days=place.not_before), place.clock(episode.index_date).due


def to_review(service: Service) -> dict[str, Episode]:
    """Everybody who waits for a review and may be called, by the key of the review."""
    rows = (
        Episode.objects.filter(service=service, state__in=list(KINDS), person__deceased=False)
        .select_related("person")
        .prefetch_related("person__flags")
    )
    return {key_of(row): row for row in rows if not why_no_contact(row.person)}


def levelled(service: Service, today: date, episodes: dict[str, Episode], hours: Hours) -> Levelled:
    """Who comes on which day, as it stands now."""
    wanted = []
    for key, episode in episodes.items():
        opens, due = window_of(episode)
        if opens <= today + _AHEAD:
            wanted.append(Wanted(key, opens, due))
    chosen = ClinicDayChosen.objects.filter(service=service, taken_back=False, on__gte=today).order_by("pk")
    fixed = {f"{row.episode_id} {row.kind}": row.on for row in chosen}
    return level(wanted, hours.places_on, today=today, until=today + _AHEAD, fixed=fixed)


def clinic_of(service: Service, today: date, weeks: int = SHOWN_WEEKS) -> Clinic:
    """The weeks from this one on."""
    hours, episodes = hours_of(service), to_review(service)
    if not hours.any_place:
        return Clinic(hours, (), (), 0, len(episodes))
    found = levelled(service, today, episodes, hours)
    by_day: dict[date, list[Line]] = {}
    for one in found.placed:
        by_day.setdefault(one.on, []).append(_line(episodes[one.key], one))
    monday = today - timedelta(days=today.weekday())

    def day(on: date) -> Day:
        lines = sorted(by_day.get(on, []), key=lambda line: (line.due, str(line.episode.pk)))
        return Day(on, hours.places_on(on), on in hours.closed, tuple(lines))

    shown = [
        tuple(
            day(on)
            for number in range(7)
            if (on := monday + timedelta(weeks=week, days=number)) >= today
            and (hours.places[number] or by_day.get(on))
        )
        for week in range(weeks)
    ]
    without = [_line(episodes[key], None) for key in found.without]
    return Clinic(hours, tuple(week for week in shown if week), tuple(without), found.late, len(episodes))


def _line(episode: Episode, placed: Placed | None) -> Line:
    opens, due = window_of(episode)
    kind = KINDS[State(episode.state)]
    return Line(episode, kind, opens, due, placed.late if placed else True, bool(placed and placed.fixed))
