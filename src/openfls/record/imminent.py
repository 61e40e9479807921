"""Who is likely to break another bone soon: a hip or spine fracture that is recent.

Source: the risk of a further major fracture is highest in the first two years after one, then wanes (PMC7611752,
checked); NOGG 2024 calls a spine fracture within two years very high risk (tool A, checked). That a list is ordered by
hip and spine first is the service's own choice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from openfls.record.findings import FractureAge
from openfls.record.sites import Site

RECENT_DAYS = 730
"""Two years."""
SITES = (Site.HIP, Site.VERTEBRA)


@dataclass(frozen=True, slots=True)
class Broken:
    """A broken bone as far as it matters here. ``on`` is the day of the fracture, or of its diagnosis."""

    site: Site
    on: date
    age: FractureAge = FractureAge.NEW


@dataclass(frozen=True, slots=True)
class Imminent:
    """The fracture that makes the risk imminent, and how many days ago it was."""

    site: Site
    days: int

    @property
    def words(self) -> str:
        """For example ``spine, 12 days ago``."""
        when = {0: "today", 1: "yesterday"}.get(self.days, f"{self.days} days ago")
        return f"{self.site.label.lower()}, {when}"


def imminent(broken: Iterable[Broken], today: date) -> Imminent | None:
    """The latest new hip or spine fracture of the last two years; None where there is none.

    A fracture that the report calls old is not recent, however new the report; a day in the future is not one.
    """
    found = [
        Imminent(each.site, (today - each.on).days)
        for each in broken
        if each.site in SITES and each.age is FractureAge.NEW
    ]
    recent = [each for each in found if 0 <= each.days <= RECENT_DAYS]
    return min(recent, key=lambda each: (each.days, SITES.index(each.site)), default=None)
