"""Today and Feeds count the rows of the deliveries that they show, however many were ever kept."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from openfls.service import clock
from openfls.service.models import Delivery, FeedRow
from web.page import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(nurse) -> list[Delivery]:
    """Sixty deliveries, the newest first, of a new and two rejected rows each."""
    deliveries = [
        Delivery.objects.create(
            service=nurse.service,
            name=f"file {number}",
            sha256="0" * 64,
            received_at=clock.now() - timedelta(hours=number),
            rows_read=3,
        )
        for number in range(60)
    ]
    FeedRow.objects.bulk_create(
        FeedRow(
            service=nurse.service,
            delivery=each,
            kind="radiology",
            record=f"{each.pk} {position}",
            content="x",
            outcome="rejected" if position else "new",
        )
        for each in deliveries
        for position in range(3)
    )
    return deliveries


@pytest.mark.parametrize(
    ("path", "first", "last"), [("/", 0, 1), ("/feeds/", 0, 50), ("/feeds/?page=2", 50, 60)]
)
def test_only_the_deliveries_on_the_page_are_counted(path: str, first: int, last: int, shown, client) -> None:
    with CaptureQueriesContext(connection) as queries:
        page = client.get(path).content.decode()
    (counting,) = [each["sql"] for each in queries if "feed_row" in each["sql"] and "GROUP BY" in each["sql"]]
    where = counting.split("WHERE")[-1].split("GROUP BY")[0]
    assert {int(key) for key in re.findall(r"\b\d+\b", where)} == {each.pk for each in shown[first:last]}
    assert ("3 rows, 2 left out" if path == "/" else "file 59" if first else "file 49") in page


def test_each_delivery_on_the_page_has_its_counts(shown, client) -> None:
    rows = Page(client.get("/feeds/").content).cells
    assert len(rows) == 50
    assert [row[1] for row in rows[:2]] == ["file 0", "file 1"]
    assert {tuple(row[2:]) for row in rows} == {("3", "1", "0", "2", "0")}
