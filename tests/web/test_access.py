"""Who may open what: every address of the app, for another service, for every role, and without signing in."""

from __future__ import annotations

import pytest
from django.http import Http404
from django.test import Client

import world
from openfls.service import letters
from openfls.service.actor import Actor
from openfls.service.models import AuditEvent, Episode, FeedSource, Letter, User
from openfls.service.roles import ALLOWED, Role
from openfls.web.guard import Route, scoped
from openfls.web.urls import ROUTES
from web.answers import check_page
from web.conftest import signed_in
from web.page import without_token
from web.places import (
    NEVER_MADE,
    ONES_OWN,
    WITH_RECORD,
    WITHOUT_RECORD,
    parameter,
    path_of,
    place_of,
    route_id,
)

pytestmark = pytest.mark.django_db
CASES = [
    pytest.param(route, method, id=f"{method} {route_id(route)}")
    for route in ROUTES
    for method in route.methods
]
RECORD_CASES = [case for case in CASES if case.values[0] in WITH_RECORD]


@pytest.fixture
def nurse(standing) -> Actor:
    """The co-ordinator of the service that has every record."""
    return standing.nurse


@pytest.fixture
def neighbour(standing) -> Actor:
    """The co-ordinator of the other service."""
    return standing.neighbour


def ask(client: Client, method: str, path: str, **data: str):
    """One request."""
    return client.generic(method, path) if not data else getattr(client, method.lower())(path, data)


@pytest.mark.parametrize(("route", "method"), RECORD_CASES)
def test_a_record_of_another_service_is_as_absent_as_one_never_made(
    route: Route, method: str, standing
) -> None:
    place, service = standing.place(route), standing.nurse.service
    before = AuditEvent.objects.filter(service=service).count()
    states = list(Episode.objects.values_list("state", flat=True))
    approved = Letter.objects.exclude(approved_at=None).count()
    client = standing.stranger(route.needs_for(method))

    answer = ask(client, method, place.path)
    never = ask(client, method, path_of(route, NEVER_MADE[parameter(route)[0]]))

    assert (answer.status_code, never.status_code) == (404, 404)
    assert without_token(answer.content) == without_token(never.content)
    assert AuditEvent.objects.filter(service=service).count() == before
    told = AuditEvent.objects.filter(service=standing.neighbour.service, action="page.refused").order_by("pk")
    assert [(row.subject, row.person) for row in told] == [(route.name, "")] * 2
    assert list(Episode.objects.values_list("state", flat=True)) == states
    assert Letter.objects.exclude(approved_at=None).count() == approved


@pytest.mark.parametrize("route", WITHOUT_RECORD, ids=route_id)
def test_a_page_without_a_record_shows_nothing_of_another_service(route: Route, standing) -> None:
    nurse, place, person = standing.nurse, standing.place(route), standing.somebody
    client = standing.stranger(route.needs)
    number = person.identifiers.get().value
    for method in route.methods:
        answer = client.post(place.path, {"q": number, "service": nurse.service.code})
        answer = ask(client, method, place.path) if method == "GET" else answer
        shown = b"".join(answer) if answer.streaming else answer.content
        for secret in (person.name, number, str(person.pk), "OVERTHERE", "North Fracture"):
            assert secret.encode() not in shown.replace(f'value="{number}"'.encode(), b"")
        # A case of the calculator belongs to no service: whoever has its address may go on with it.
        onwards = f"{place.path.removesuffix('from-our-measures/')}figures/current/"
        # A quality page keeps something of the neighbour's own and comes back to itself.
        own = ("/", onwards, "/quality/standards/", place.path)
        assert answer.status_code in (200, 422) or answer.headers["Location"].split("?")[0] in own


@pytest.mark.parametrize(("route", "method"), CASES)
def test_a_role_opens_what_the_tables_allow_and_nothing_else(route: Route, method: str, standing) -> None:
    """What opens is private too, without inline script and with addresses that tell nothing of a person."""
    place, checked = standing.place(route), False
    # Those who may not come first: what the others do changes what there is to refuse.
    for role in sorted(Role, key=lambda role: route.needs_for(method) in ALLOWED[role]):
        before = AuditEvent.objects.count()

        answer = ask(standing.client(role), method, place.path)

        if route.needs_for(method) in ALLOWED[role] and route.name in ONES_OWN:
            assert answer.status_code == 404, role
        elif route.needs_for(method) in ALLOWED[role]:
            assert answer.status_code in ((200,) if method == "GET" else (200, 302, 422)), role
            if method == "GET" and not checked:
                check_page(answer, place)
                checked = True
        else:
            # The plain address leads a trainee to her own first page; every other page is closed to her.
            led = (302, "/training/") if route.name == "today" else (403, None)
            assert (answer.status_code, answer.headers.get("Location")) == led, role
            refused = AuditEvent.objects.filter(
                user=standing.staff[role][0].name, action="page.refused", subject=route.name
            )
            assert AuditEvent.objects.count() == before + refused.count()
            assert refused.count() == (led[0] == 403)
            assert place.person is None or place.person.name.encode() not in answer.content


@pytest.mark.parametrize(("route", "method"), CASES)
def test_without_a_way_in_every_page_leads_to_the_door(route: Route, method: str, standing) -> None:
    place = standing.place(route)
    newcomer = Client()
    newcomer.force_login(User.objects.create_user("newcomer", password=world.PASSWORD))
    before = AuditEvent.objects.count()

    signed_out = ask(Client(), method, place.path)
    without_service = ask(newcomer, method, place.path)

    door = f"/sign-in/?next={place.path if method == 'GET' else '/'}"
    assert (signed_out.status_code, signed_out.headers["Location"]) == (302, door)
    assert (without_service.status_code, without_service.headers["Location"]) == (302, "/no-service/")
    assert AuditEvent.objects.count() == before


def test_a_user_without_a_service_is_told_so(db) -> None:
    client = Client()
    client.force_login(User.objects.create_user("newcomer", password=world.PASSWORD))
    told = client.get("/no-service/")
    assert (told.status_code, b"You have no role in a service yet" in told.content) == (403, True)


@pytest.mark.parametrize("route", [route for route in ROUTES if "POST" in route.methods], ids=route_id)
def test_a_form_without_its_token_is_refused(route: Route, standing) -> None:
    place = standing.place(route)
    before = AuditEvent.objects.count()
    answer = signed_in(standing.nurse, enforce_csrf_checks=True).post(
        place.path, {"confirm": "1", "reason": "x"}
    )
    assert (answer.status_code, b"Please try again" in answer.content) == (403, True)
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize("route", ROUTES, ids=route_id)
def test_a_method_that_a_page_does_not_answer_is_refused(route: Route, standing) -> None:
    place = standing.place(route)
    client = signed_in(standing.nurse)
    for method in {"GET", "POST", "PUT", "DELETE", "PATCH"} - set(route.methods):
        assert ask(client, method, place.path).status_code == 405


def test_the_service_of_a_user_with_two_is_the_one_chosen(nurse, neighbour) -> None:
    here = world.found(nurse.service, person=world.demographics(family_name="Here"))
    world.member(neighbour.service, Role.VIEWER, nurse.user.username)
    client = signed_in(nurse)
    assert client.get(f"/people/{here.person_id}/").status_code == 200

    client.post("/services/", {"service": neighbour.service.code})

    assert client.get(f"/people/{here.person_id}/").status_code == 404
    assert client.get("/feeds/").status_code == 403, "the role is the one in the chosen service"


def test_a_letter_is_approved_only_with_the_right_to_sign(nurse) -> None:
    route = next(route for route in ROUTES if route.name == "letter")
    viewer = world.member(nurse.service, Role.VIEWER, "viewer")
    place = place_of(route, by=nurse)
    letter = Letter.objects.get(pk=place.path.split("/")[2])
    assert signed_in(viewer).post(place.path).status_code == 403
    letter.refresh_from_db()
    assert letter.approved_at is None
    seen = letters.fingerprint(letters.value_of(letter))
    assert signed_in(nurse).post(place.path, {"seen": seen}).status_code == 302
    letter.refresh_from_db()
    assert letter.approved_at is not None


@pytest.mark.parametrize("key", ["²", "9" * 40, "-1", ""])
def test_a_key_that_is_none_is_absent(key: str, nurse) -> None:
    with pytest.raises(Http404):
        scoped(FeedSource.objects.all(), nurse, pk=key)
