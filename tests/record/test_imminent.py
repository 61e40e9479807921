"""Which fracture makes the risk imminent, as a table."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from openfls.record.findings import FractureAge
from openfls.record.imminent import RECENT_DAYS, Broken, imminent
from openfls.record.sites import Site

TODAY = date(2026, 6, 1)


def broken(site: Site, days: int, age: FractureAge = FractureAge.NEW) -> Broken:
    return Broken(site, TODAY - timedelta(days=days), age)


TABLE = [
    ([], ""),
    ([broken(Site.VERTEBRA, 12)], "spine, 12 days ago"),
    ([broken(Site.HIP, 0)], "hip, today"),
    ([broken(Site.HIP, 1)], "hip, yesterday"),
    ([broken(Site.HIP, RECENT_DAYS)], "hip, 730 days ago"),
    ([broken(Site.HIP, RECENT_DAYS + 1)], ""),
    ([broken(Site.HIP, -1)], ""),
    ([broken(Site.WRIST, 3)], ""),
    ([broken(Site.VERTEBRA, 3, FractureAge.OLD)], ""),
    ([broken(Site.WRIST, 3), broken(Site.HIP, 40), broken(Site.VERTEBRA, 9)], "spine, 9 days ago"),
    ([broken(Site.VERTEBRA, 9), broken(Site.HIP, 9)], "hip, 9 days ago"),
]


@pytest.mark.parametrize(("bones", "words"), TABLE)
def test_imminent(bones: list[Broken], words: str) -> None:
    found = imminent(bones, TODAY)
    assert (found.words if found else "") == words
