"""The page of what waits asks the database as often for many rows and pairs as for few."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import world
from openfls.service.feeds.deciding import this_person
from service import waiting_world as ww
from web.page import Page

pytestmark = pytest.mark.django_db


def _more(by, number: int) -> None:
    for _ in range(number):
        ww.doubtful(by)
        row = ww.doubtful(by)
        this_person(row=row, person=ww.owner_of(row), by=by)


def test_more_rows_pairs_and_decisions_need_no_more_queries(nurse, client) -> None:
    _more(nurse, 1)
    ww.contradicted(nurse)
    with CaptureQueriesContext(connection) as few:
        client.get("/feeds/waiting/")
    _more(nurse, 4)
    for _ in range(4):
        world.found(nurse.service, person=world.demographics(given_name="Twin"))
    with CaptureQueriesContext(connection) as many:
        page = Page(client.get("/feeds/waiting/").content)
    assert "more come when these are decided" in page.words or "Twin" in page.words
    assert "Corrections that a record contradicts" in page.words
    assert len(many) == len(few)
