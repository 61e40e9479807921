"""The pages of a laboratory's own codes: look, try, take in, end."""

from __future__ import annotations

import pytest
from django.test import Client

import world
from openfls.service.actor import Actor
from openfls.service.known import values_of
from openfls.service.roles import Role
from service import results_world as rw
from web.page import Page

LIST = "/feeds/own-codes/"


@pytest.fixture
def lead(nurse: Actor, client: Client) -> Actor:
    lead = world.member(nurse.service, Role.MANAGER, "lead")
    assert lead.user is not None
    client.force_login(lead.user)
    return lead


def test_a_code_gets_its_meaning_and_loses_it(client: Client, nurse: Actor, lead: Actor) -> None:
    episode = world.confirmed(nurse)
    world.deliver(episode.service, rw.unread(episode.person.demographics()))
    shown = client.get(LIST)
    assert "1 of 1 person" in Page(shown.content).words
    path = shown.content.decode().split(f'href="{LIST}')[1].split('"')[0]
    asked = Page(client.get(f"{LIST}{path}?field=creatinine_umol_l").content)
    assert "It is not guessed" in asked.words, "their unit is not one of ours"
    assert "could be taken in" not in asked.words
    assert "µmol/L" in asked.words
    assert "umol" not in asked.words.replace("umol/l serum", "")
    neither = Page(client.get(f"{LIST}{path}?field=creatinine_umol_l&unit=none").content)
    assert "Nothing can be taken in" in neither.words
    tried = Page(client.get(f"{LIST}{path}?field=creatinine_umol_l&unit=umol/l").content)
    assert "1 of 1 could be taken in as Creatinine" in tried.words
    odd = Page(client.get(f"{LIST}{path}?field=creatinine_umol_l&unit=mg/dl").content)
    assert "Most of the values cannot be this test" in odd.words
    answer = client.post(LIST + path, {"field": "creatinine_umol_l", "unit": "umol/l"}, follow=True)
    assert "1 of 1 results are taken in" in Page(answer.content).words
    assert values_of(episode) == {"creatinine_umol_l": 82.0}
    assert client.get(LIST + path, follow=True).status_code == 200, "nothing waits any more"
    ended = client.post(LIST, {"end": lead.service.lab_codes.get().pk}, follow=True)
    assert "its results wait again" in Page(ended.content).words
    assert values_of(episode) == {}


def test_a_co_ordinator_is_not_shown_the_page(client: Client, nurse: Actor) -> None:
    assert nurse.user is not None
    client.force_login(nurse.user)
    assert client.get(LIST).status_code == 403
    assert LIST not in client.get("/feeds/").content.decode()
