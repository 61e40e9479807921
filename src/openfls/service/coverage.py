"""Whom do we miss? What was found against what is to be expected, and feeds that have gone silent."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import median

from openfls.identification.feeds.options import steady_name
from openfls.quality.runs import Rule, signals
from openfls.record.pathway import State
from openfls.service import clock
from openfls.service.models import Delivery, Episode, Fracture, Service, SourceRecord
from openfls.toolkit.caseload import METHODS, methods
from openfls.toolkit.parameters import packaged
from openfls.toolkit.scenario import Caseload

MONTHS = 13
GROUPS = {"hip": "Hip", "vertebra": "Spine", "other": "Other sites"}
_SITE_OF = {"hip": "hip", "vertebral": "vertebra", "other": "other"}
_OWN = "the service's own figure"


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


def found_by_month(service: Service, today: date) -> list[Month]:
    """Fractures found (not those that were refuted or left out) by month of the fracture, the oldest first."""
    firsts = _firsts(today)
    rows = (
        Fracture.objects.filter(service=service, on__gte=firsts[0], on__lte=today)
        .exclude(episode__state=State.NOT_FOR_US)
        .values_list("on", "site")
    )
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
    """Fractures of the last twelve months that each kind of record told of; one fracture can be told by several."""
    rows = (
        SourceRecord.objects.filter(
            service=service, fracture__on__gt=today - timedelta(days=365), superseded=False
        )
        .exclude(fracture__episode__state=State.NOT_FOR_US)
        .values_list("kind", "fracture_id")
        .distinct()
    )
    return dict(Counter(kind for kind, _ in rows).most_common())


def expected(service: Service, today: date) -> list[Expected]:
    """What is to be expected in a year, by each method for which the service has figures."""
    hips = Episode.objects.filter(
        service=service, fractures__site="hip", index_date__gt=today - timedelta(days=365)
    ).exclude(state=State.NOT_FOR_US)
    given = Caseload(
        hips_per_year=hips.distinct().count() or None, population_total=service.population or None
    )
    own = [Expected(_OWN, service.expected_caseload, {})] if service.expected_caseload else []
    if given.hips_per_year is None and given.population_total is None:
        return own
    found = methods(given, packaged(), Path())
    return own + [
        Expected(
            METHODS[name], strata.total, {_SITE_OF[site]: people for site, people in strata.by_site().items()}
        )
        for name, strata in found.items()
    ]


def silent_feeds(service: Service) -> list[Silent]:
    """Feeds that have been away for more than twice their usual time (and at least two days)."""
    days: dict[str, list[date]] = {}
    for name, received in Delivery.objects.filter(service=service).values_list("name", "received_at"):
        days.setdefault(steady_name(name), []).append(clock.day_of(received))
    found = []
    for feed, received in sorted(days.items()):
        came = sorted(set(received))
        if len(came) < 3:
            continue  # twice is no rhythm
        usual = round(median((after - before).days for before, after in pairwise(came)))
        away = (clock.today() - came[-1]).days
        if away > max(2, 2 * usual):
            found.append(Silent(feed, came[-1], usual, away))
    return found
