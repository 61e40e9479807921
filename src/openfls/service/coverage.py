"""Whom do we miss? What was found against what is to be expected, and feeds that have gone silent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

from django.db.models import Exists, OuterRef, QuerySet

from openfls.identification.feeds.options import steady_name
from openfls.quality.runs import Rule, signals
from openfls.record.pathway import State
from openfls.service import clock
from openfls.service.models import Delivery, Fracture, Service, SourceRecord, TellsOf

MONTHS = 13
GROUPS = {"hip": "Hip", "vertebra": "Spine", "other": "Other sites"}
_SITE_OF = {"hip": "hip", "vertebral": "vertebra", "other": "other"}
_OWN = "the service's own figure"
_RANKED = ("population", "hips", "own")


@dataclass(frozen=True, slots=True)
class Expected:
    """Fractures a year by one method, by group of sites; a group that the method does not tell is absent."""

    method: str
    total: float
    by_group: dict[str, float]


@dataclass(frozen=True, slots=True)
class Month:
    """Fractures found in one month, by group of sites, and the signals that its counts are."""

    first: date
    counts: dict[str, int]
    alarms: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """All groups."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Silent:
    """A feed that usually comes every ``usual`` days and has not come for ``days``."""

    feed: str
    last: date
    usual: int
    days: int


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``first`` to ``last``, both within it."""

    first: date
    last: date

    @property
    def words(self) -> str:
        """For example ``1 June 2025 to 31 May 2026``."""
        return " to ".join(f"{day.day} {day:%B %Y}" for day in (self.first, self.last))


def whole_year(today: date) -> Period:
    """The last twelve whole months."""
    firsts = _firsts(today)
    return Period(firsts[0], firsts[-1] - timedelta(days=1))


def month_of(first: date, today: date) -> Period:
    """The month that begins on ``first``, as far as it has come."""
    after = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return Period(first, min(after - timedelta(days=1), today))


def found(service: Service, period: Period, group: str = "", source: str = "") -> QuerySet[Fracture]:
    """The fractures that count as found: all that feeds told and nobody has refuted, left out, kept as history or
    found to be no fragility fracture. ``group`` is of `GROUPS`, ``source`` a kind of record; empty for all.
    """
    rows = (
        Fracture.objects.filter(service=service, on__gte=period.first, on__lte=period.last)
        .exclude(episode__state=State.NOT_FOR_US)
        .exclude(fragility=False)
    )
    if group == "other":
        rows = rows.exclude(site__in=[each for each in GROUPS if each != "other"])
    elif group:
        rows = rows.filter(site=group)
    if source:
        told = SourceRecord.objects.filter(fractures=OuterRef("pk"), kind=source, superseded=False)
        rows = rows.filter(Exists(told))
    return rows


def found_by_month(service: Service, today: date) -> list[Month]:
    """Fractures found by month of the fracture, the oldest first; the last is the running one."""
    firsts = _firsts(today)
    rows = found(service, Period(firsts[0], today)).values_list("on", "site")
    number = Counter((on.replace(day=1), site if site in GROUPS else "other") for on, site in rows)
    months = [Month(first, {group: number[first, group] for group in GROUPS}) for first in firsts]
    return _with_alarms(months)


def _firsts(today: date) -> list[date]:
    firsts = [today.replace(day=1)]
    while len(firsts) < MONTHS:
        firsts.append((firsts[-1] - timedelta(days=1)).replace(day=1))
    return firsts[::-1]


def _with_alarms(months: list[Month]) -> list[Month]:
    """Mark falls in a group's counts. The running month is not over and can only be too low: it is left out."""
    alarms: dict[int, list[str]] = {}
    for group, words in GROUPS.items():
        for signal in signals([month.counts[group] for month in months[:-1]]):
            if signal.rule.is_fall:
                alarms.setdefault(signal.position, []).append(f"{words}: {Rule(signal.rule)}")
    return [
        Month(month.first, month.counts, tuple(alarms.get(position, ())))
        for position, month in enumerate(months)
    ]


def found_by_source(service: Service, today: date) -> dict[str, int]:
    """Fractures of the last twelve whole months that each kind of record told of; one can be told by several."""
    rows = (
        TellsOf.objects.filter(fracture__in=found(service, whole_year(today)), record__superseded=False)
        .values_list("record__kind", "fracture")
        .distinct()
    )
    return dict(Counter(kind for kind, _ in rows).most_common())


def expected(service: Service, today: date) -> list[Expected]:
    """What is to be expected in a year, by each method for which the service has figures.

    The model's room is imported late: it brings numpy, and whoever asks for silent feeds alone needs none of it.
    """
    from openfls.toolkit.caseload import METHODS, methods
    from openfls.toolkit.parameters import packaged
    from openfls.toolkit.scenario import Caseload

    hips = found(service, whole_year(today), "hip").count()
    given = Caseload(hips_per_year=hips or None, population_total=service.population or None)
    own = [Expected(_OWN, service.expected_caseload, {})] if service.expected_caseload else []
    if given.hips_per_year is None and given.population_total is None:
        return own
    made = methods(given, packaged())
    return own + [
        Expected(
            METHODS[name], strata.total, {_SITE_OF[site]: people for site, people in strata.by_site().items()}
        )
        for name, strata in made.items()
    ]


@dataclass(frozen=True, slots=True)
class Lead:
    """The one answer: found against what one method expects. ``is_own``: the service has said it itself."""

    found: int
    expected: Expected
    is_own: bool

    @property
    def share(self) -> float:
        """Found of a hundred expected."""
        return 100 * self.found / self.expected.total

    @property
    def missed(self) -> int:
        """How many of those expected were not found."""
        return max(0, round(self.expected.total) - self.found)


def lead_of(expectations: Sequence[Expected], found_in_all: int) -> Lead | None:
    """The answer by the service's own figure; without one, by the first method that has figures: a guess.

    A method that counts from the hips that were found cannot miss what is missing with them, so that the population
    comes before it.
    """
    from openfls.toolkit.caseload import METHODS

    order = [_OWN, *(METHODS[name] for name in _RANKED)]
    usable = [each for each in expectations if each.total]
    ranked = sorted(usable, key=lambda each: order.index(each.method))
    return Lead(found_in_all, ranked[0], ranked[0].method == _OWN) if ranked else None


def silent_feeds(service: Service) -> list[Silent]:
    """Feeds that have been away for more than twice their usual time (and at least two days)."""
    days: dict[str, list[date]] = {}
    for name, received in Delivery.objects.filter(service=service).values_list("name", "received_at"):
        days.setdefault(steady_name(name), []).append(clock.day_of(received))
    silent = []
    for feed, received in sorted(days.items()):
        came = sorted(set(received))
        if len(came) < 3:
            continue  # twice is no rhythm
        usual = round(median((after - before).days for before, after in pairwise(came)))
        away = (clock.today() - came[-1]).days
        if away > max(2, 2 * usual):
            silent.append(Silent(feed, came[-1], usual, away))
    return silent
