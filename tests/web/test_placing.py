"""Day and place put right on the page, before confirming: what the records tell stays beside it."""

from __future__ import annotations

from dataclasses import replace

import pytest

import world
from openfls.service.models import Fracture
from web.page import Page

pytestmark = pytest.mark.django_db
GIVEN = {
    "on": "14 3 2026",
    "site": "vertebra",
    "side": "",
    "levels": "T12-L1, L3",
    "reason": "She told the day",
}


def _undated(nurse) -> Fracture:
    report = world.report()
    world.deliver(nurse.service, replace(report, on=None))
    return Fracture.objects.select_related("episode").get()


def test_an_undated_fracture_is_placed_confirmed_and_taken_back(nurse, client) -> None:
    fracture = _undated(nurse)
    found = f"/episodes/{fracture.episode_id}/found/"
    where = f"/fractures/{fracture.pk}/place/"
    page = client.get(found).content
    assert "Left wrist, day not known" in Page(page).words
    assert where in page.decode()
    assert Page(client.get(where).content).fields["on"] == ""
    answer = client.post(where, GIVEN)
    assert answer.headers["Location"] == found
    words = Page(client.get(found).content).words
    assert "Spine T12, L1, L3, 14 March 2026" in words
    assert "Nurse Example: She told the day. The records tell: Left wrist, day not known." in words
    client.post(found, {"confirm": "1"})
    assert "Put right by hand" in Page(client.get(f"/people/{fracture.person_id}/").content).words
    client.post(where, {"as_told": "1"})
    fracture.refresh_from_db()
    assert (fracture.site, fracture.on) == ("wrist", world.TODAY)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"reason": ""}, "Say why it is put right"),
        ({"levels": "T13"}, "Enter levels such as T12, L1 or T11-L1"),
        ({"levels": "L1-T12"}, "Enter levels such as T12, L1 or T11-L1"),
        ({"site": "hand"}, "Choose the bone"),
        ({"site": "wrist"}, "Levels are named for a fracture of the spine alone."),
        ({"on": "1 3 1949"}, "The fracture is before the birth."),
        ({"on": "yesterday-ish"}, "Enter a date, for example 27 3 2026"),
    ],
)
def test_what_cannot_be_is_named_and_nothing_typed_is_lost(given, said, nurse, client) -> None:
    fracture = _undated(nurse)
    answer = client.post(f"/fractures/{fracture.pk}/place/", GIVEN | given)
    page = Page(answer.content)
    assert (answer.status_code, said in page.words) == (422, True)
    assert page.fields["levels"] == (GIVEN | given)["levels"]
    fracture.refresh_from_db()
    assert fracture.site == "wrist"
