"""A correction that a record contradicts, and what must be known before contact: on the pages."""

from __future__ import annotations

import pytest

import world
from openfls.service.models import PersonFlag
from service import waiting_world as ww
from web.page import Page

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("press", "telephone"), [("ours", "01632 960999"), ("theirs", "01632 960777")])
def test_the_two_values_stand_side_by_side_and_one_is_chosen(press, telephone, nurse, client) -> None:
    row = ww.contradicted(nurse)
    words = Page(client.get(f"/people/{row.person_id}/").content).words
    assert "here “01632 960999”, corrected" in words
    assert "a record since says “01632 960777”" in words
    answer = client.post(f"/corrections/{row.pk}/", {press: "1"}, follow=True)
    assert "A record says otherwise." not in Page(answer.content).words
    row.person.refresh_from_db()
    assert row.person.telephone == telephone


def test_a_flag_stands_in_the_banner_and_in_lists_until_it_ends(nurse, client) -> None:
    episode = world.confirmed(nurse)
    person, where = episode.person, f"/people/{episode.person_id}/flags/"
    refused = client.post(where, {"kind": "no_contact", "words": ""})
    assert (refused.status_code, "Say who told so, and how" in Page(refused.content).words) == (422, True)
    client.post(where, {"kind": "no_contact", "words": "Told the nurse"})
    page = client.get(f"/people/{person.pk}/").content.decode()
    assert "Does not want to be contacted." in page
    assert "tel:" not in page
    assert "does not want contact" in client.get("/worklist/to-assess/").content.decode()
    flag = PersonFlag.objects.get()
    assert (
        "Say why it ends" in Page(client.post(where, {"ends": flag.pk, "why": ""}, follow=True).content).words
    )
    client.post(where, {"ends": flag.pk, "why": "Asked for a call"})
    assert "does not want contact" not in client.get("/worklist/to-assess/").content.decode()
    assert "Asked for a call" in client.get(where).content.decode()
