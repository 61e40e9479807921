"""The pages of a practice: who acts where, on which day, and that nothing of it is taken for real, nor real for it."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, StreamingHttpResponse
from django.test import Client
from django.urls import reverse

import world
from openfls.service import clock
from openfls.service.actor import Actor
from openfls.service.models import AuditEvent, Episode, Membership, Practice
from openfls.service.roles import Role
from openfls.web.practising import OUTSIDE, simulated, whole
from openfls.web.urls import ROUTES
from web.conftest import signed_in
from web.page import Page

pytestmark = pytest.mark.django_db
CASE = "/training/practice/cases/chest-ct/"
BAND = "Practice: fictional person."


@pytest.fixture
def inside(client: Client, nurse: Actor) -> Practice:
    """The nurse's client has begun a case and is in it."""
    client.post(CASE, {"begin": "1"})
    return Practice.objects.select_related("room").get(user=nurse.user)


def words_of(client: Client, path: str) -> str:
    """What a page says."""
    return Page(client.get(path).content).words


def patient(practice: Practice) -> Episode:
    """The episode of the virtual patient."""
    return Episode.objects.select_related("person").get(service=practice.room)


def test_a_practice_is_worked_on_the_ordinary_pages_on_its_own_day(client: Client, inside: Practice) -> None:
    episode = patient(inside)
    for path in ("/", "/worklist/", f"/people/{episode.person.pk}/", f"/episodes/{episode.pk}/found/"):
        said = words_of(client, path)
        assert f"{BAND} Day 0 of the case, 7 September 2026 (simulated)." in said
    assert b"90" in b"".join(client.get("/worklist/to-confirm.csv")).splitlines()[1], (
        "days left, of its own day"
    )
    client.post(f"/episodes/{episode.pk}/found/", {"confirm": "1"})
    assert "You ring her" in words_of(client, f"/training/practice/{inside.pk}/")
    client.post(f"/training/practice/{inside.pk}/", {"go_on": "1"})
    assert "11 September 2026 (simulated)" in words_of(client, "/")


def test_the_rows_of_a_download_are_of_the_simulated_day_too(inside: Practice) -> None:
    request = HttpRequest()
    request.practice = inside
    rows = (str(clock.today()) for _ in range(1))
    with simulated(request, real_time=False):
        answer = whole(request, StreamingHttpResponse(rows))
    assert b"".join(answer) == b"2026-09-07"


def test_in_a_practice_nobody_real_is_to_be_found(client: Client, inside: Practice, nurse: Actor) -> None:
    real = world.found(nurse.service, person=world.demographics(family_name="Reallife"))
    for path in (
        f"/people/{real.person.pk}/",
        f"/episodes/{real.pk}/found/",
        f"/episodes/{real.pk}/assessment/",
    ):
        assert client.get(path).status_code == 404
    assert client.post(f"/episodes/{real.pk}/found/", {"confirm": "1"}).status_code == 404
    for path in ("/", "/worklist/"):
        assert "REALLIFE" not in words_of(client, path)
    assert "Nobody in this service matches." in Page(client.post("/people/", {"q": "Reallife"}).content).words
    real.refresh_from_db()
    assert real.state == "found"


def test_outside_it_nobody_of_a_practice_is_to_be_found(
    client: Client, inside: Practice, nurse: Actor
) -> None:
    episode = patient(inside)
    client.post(f"/training/practice/{inside.pk}/", {"leave": "1"})
    colleague = signed_in(world.member(nurse.service, Role.CLINICIAN, "colleague"))
    for each in (client, colleague):
        assert BAND not in words_of(each, "/")
        assert "FENWICK" not in words_of(each, "/worklist/")
        assert each.get(f"/people/{episode.person.pk}/").status_code == 404
        assert each.post(f"/episodes/{episode.pk}/found/", {"confirm": "1"}).status_code == 404
        assert "Saltmarsh" not in words_of(each, "/services/")
    assert colleague.get(f"/training/practice/{inside.pk}/").status_code == 404


def test_the_way_in_is_only_for_whom_it_was_made(inside: Practice, nurse: Actor) -> None:
    colleague = signed_in(world.member(nurse.service, Role.CLINICIAN, "colleague"))
    session = colleague.session
    session["practice"] = str(inside.pk)
    session.save()
    assert BAND not in words_of(colleague, "/")
    assert "practice" not in colleague.session


def test_who_has_no_role_at_home_any_more_is_nowhere(client: Client, inside: Practice, nurse: Actor) -> None:
    Membership.objects.filter(user=nurse.user).delete()
    assert client.get("/").headers["Location"] == "/no-service/"
    world.member(world.service("south"), Role.VIEWER, "nurse")
    assert BAND not in words_of(client, "/")


def test_what_reaches_out_and_what_is_no_work_on_people_stays_closed(
    client: Client, inside: Practice
) -> None:
    episode = patient(inside)
    client.post(f"/episodes/{episode.pk}/found/", {"confirm": "1"})
    for path in (
        "/measures/",
        "/feeds/",
        "/training/",
        "/services/",
        "/whom-do-we-miss/",
        "/questionnaires/",
    ):
        answer = client.get(path)
        assert answer.status_code == 403, path
        assert "not part of a practice" in Page(answer.content).words
    assert client.get(f"/episodes/{episode.pk}/questionnaire/").status_code == 403
    assert client.get("/clinic/calendar/").status_code == 403
    assert {route.name for route in ROUTES} >= OUTSIDE


def test_signing_out_in_a_practice_is_logged_at_home_on_the_real_day(
    client: Client, inside: Practice, nurse: Actor
) -> None:
    client.post(reverse("sign-out"))
    event = AuditEvent.objects.filter(service=nurse.service).latest("number")
    assert (event.action, clock.day_of(event.at)) == ("account.sign_out", world.TODAY)
    assert not AuditEvent.objects.filter(service=inside.room, action__startswith="account.").exists()


def test_a_practice_ends_with_what_the_expert_did(client: Client, inside: Practice, nurse: Actor) -> None:
    answer = client.post(f"/training/practice/{inside.pk}/", {"finish": "1"}, follow=True)
    said = Page(answer.content).words
    assert BAND not in said
    for words in (
        "0 %",
        "Try again",
        "The expert",
        "Confirmed it as a fragility fracture",
        "still to be verified",
    ):
        assert words in said
    assert "0 of 13 done well" in words_of(client, "/training/portfolio/")
    assert "0 %" in words_of(client, "/training/practice/")
    assert client.get(f"/training/practice/{inside.pk}/").status_code == 302
    event = AuditEvent.objects.filter(service=nurse.service).latest("number")
    assert (event.action, event.detail["percent"]) == ("practice.finish", 0)


def test_a_trainee_clears_her_tries_and_begins_anew(client: Client, inside: Practice) -> None:
    assert inside.touched_at is None
    client.get("/")
    inside.refresh_from_db()
    assert inside.touched_at == clock.now(), "working in the room keeps it from being cleared"
    assert "Clear my earlier tries of this case" in words_of(client, CASE)
    client.post(CASE, {"clear": "1"})
    inside.refresh_from_db()
    assert inside.cleared_at is not None
    assert not Episode.objects.filter(service=inside.room).exists()
    fresh = Practice.objects.get(cleared_at=None)
    assert f"{BAND} Day 0 of the case" in words_of(client, f"/people/{patient(fresh).person.pk}/")
