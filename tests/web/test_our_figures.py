"""Whom do we miss? leads with one answer, and says who can make it better."""

from __future__ import annotations

from datetime import timedelta

import pytest

import world
from openfls.service.roles import Role
from web.conftest import signed_in
from web.page import Page

pytestmark = pytest.mark.django_db
PATH = "/whom-do-we-miss/our-figures/"


def test_one_answer_first_and_the_way_to_the_own_figure(nurse, client) -> None:
    world.found(nurse.service, on=world.TODAY - timedelta(days=40))
    assert "Nothing can be expected yet" in Page(client.get("/whom-do-we-miss/").content).words
    assert client.post(PATH, {"caseload": "4", "population": "", "source": ""}).status_code == 422
    answer = client.post(PATH, {"caseload": "4", "population": "", "source": "Coded last year"}, follow=True)
    words = Page(answer.content).words
    assert "About 3 fractures a year missed 25 % found: 1 of 4 fractures expected" in words
    assert "own figure (Coded last year, entered 1 June 2026)" in words
    assert PATH in answer.content.decode()
    assert Page(client.get(PATH).content).fields["caseload"] == "4"


def test_who_may_not_is_told_who_may(nurse) -> None:
    viewer = world.member(nurse.service, Role.VIEWER, "looker")
    page = signed_in(viewer).get("/whom-do-we-miss/").content
    assert PATH not in page.decode()
    assert "Your own figure can be entered by Nurse Example (FLS co-ordinator)" in Page(page).words
