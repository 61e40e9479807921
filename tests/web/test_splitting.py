"""Taking two people apart, on its page."""

from __future__ import annotations

import pytest

import world
from openfls.record.pathway import State
from openfls.record.reasons import Channel, ContactOutcome
from openfls.service.actions import finding, reviewing
from openfls.service.models import Contact, MergedPerson, Person
from service import waiting_world as ww
from web.page import Page

pytestmark = pytest.mark.django_db


def test_the_page_asks_whose_each_thing_is_and_takes_them_apart(nurse, client) -> None:
    merged = ww.put_together(nurse)
    person = merged.into
    episode = finding.confirm(episode=person.episodes.get(state=State.FOUND), by=nurse)
    reviewing.contact(
        episode=episode,
        channel=Channel.TELEPHONE,
        outcome=ContactOutcome.REACHED,
        on=world.TODAY,
        by=nurse,
    )
    where = f"/people/{merged.pk}/take-apart/"
    assert where in client.get(f"/people/{person.pk}/").content.decode()
    words = Page(client.get(where).content).words
    assert "GONE, Ada" in words
    assert "Contact: Telephone: Spoke with the person" in words
    assert "Goes back by itself: 1 number, 1 " in words
    refused = client.post(where, {})
    assert (refused.status_code, "Say how you know" in Page(refused.content).words) == (422, True)
    contact = Contact.objects.get()
    answer = client.post(where, {f"contact {contact.pk}": "goes", "words": "Two passports"})
    assert answer.headers["Location"] == f"/people/{merged.pk}/"
    contact.refresh_from_db()
    assert contact.person_id == merged.pk
    assert Person.objects.count() == 2
    assert MergedPerson.objects.get().split_words == "Two passports"
    assert client.get(where).headers["Location"] == f"/people/{person.pk}/"
