"""What every answer says to the browser, and what a failing request does not say to anybody."""

from __future__ import annotations

import logging

import pytest
from django.test import Client

import world
from openfls.service.actor import Actor
from openfls.web.guard import Route
from openfls.web.pages import person as person_page
from openfls.web.urls import ROUTES
from web.answers import check_headers, check_page
from web.conftest import one_who_may, signed_in
from web.places import NEVER_MADE, ONES_OWN, place_of, route_id

pytestmark = pytest.mark.django_db
READ = [route for route in ROUTES if "GET" in route.methods]
ALL_OTHERS = (
    "/sign-in/",
    "/about/",
    "/no-service/",
    "/leaflets/",
    "/leaflets/food/",
    "/certificates/",
    "/certificates/ABCD-EFGH-2345/",
    "/no/such/page/",
    f"/people/{NEVER_MADE['uuid']}/",
)


@pytest.fixture
def nurse(standing) -> Actor:
    """The co-ordinator of the service that has every record."""
    return standing.nurse


@pytest.mark.parametrize("route", [route for route in READ if route.name in ONES_OWN], ids=route_id)
def test_a_page_that_is_ones_own_is_private_too(route: Route, standing) -> None:
    """Of every other page the test of roles asks it, which opens them all: test_access.py."""
    place = standing.place(route)
    answer = signed_in(one_who_may(standing.nurse, route.needs)).get(place.path)
    assert answer.status_code == 200
    check_page(answer, place)


@pytest.mark.parametrize("path", ALL_OTHERS)
def test_headers_without_a_record(path: str, nurse) -> None:
    check_headers(Client().get(path))
    check_headers(signed_in(nurse).get(path))


def test_a_search_leaves_no_trace_in_the_address(client, nurse) -> None:
    place = place_of(next(route for route in ROUTES if route.name == "person"), nurse)
    number = place.person.identifiers.get().value
    answer = client.post("/people/", {"q": number})
    assert (answer.status_code, answer.headers["Location"]) == (302, place.path)
    assert client.get("/people/", {"q": number}).content.count(number.encode()) == 0


def test_a_failing_page_says_nothing_of_the_person(nurse, monkeypatch, caplog) -> None:
    route = next(route for route in ROUTES if route.name == "person")
    place = place_of(route, nurse, person=world.demographics(family_name="Quillfeather"))
    secrets = (
        place.person.family_name,
        place.person.identifiers.get().value,
        str(place.person.pk),
        place.path,
    )

    def fail(person):
        raise ValueError(f"{person.name} {person.identifiers.get().value} {place.path}")

    monkeypatch.setattr(person_page, "timeline_of", fail)
    caplog.set_level(logging.DEBUG)
    client = signed_in(nurse, raise_request_exception=False)

    answer = client.get(place.path, {"site": secrets[1]})

    assert answer.status_code == 500
    check_headers(answer)
    assert b"Something went wrong" in answer.content
    formatter = logging.Formatter()
    written = [formatter.format(record) for record in caplog.records]
    assert any("person" in line and "ValueError" in line for line in written), (
        "a fault is told to the operator"
    )
    for secret in secrets:
        assert secret.lower().encode() not in answer.content.lower()
        assert not [line for line in written if secret.lower() in line.lower()]
