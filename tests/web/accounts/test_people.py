"""A manager's pages, the invitation from both ends, and a record of another service in an emergency."""

from __future__ import annotations

import re
from datetime import timedelta
from unittest import mock

import pytest
from django.core import mail
from django.test import Client

import world
from openfls.service import clock
from openfls.service.access import inviting
from openfls.service.access.emergency_reading import answers_of, results_of
from openfls.service.actor import Actor
from openfls.service.models import AuditEvent, EmergencyAccess, Invitation, Letter, Membership, User
from openfls.service.roles import Role
from service import access_world as aw
from service import results_world as rw
from service.sharing import connected
from web.conftest import signed_in
from web.page import Page

pytestmark = pytest.mark.django_db
IVY = {"given_name": "Ivy", "family_name": "Newcomer", "email": "ivy@trust.example", "role": "clinician"}


@pytest.fixture
def manager(nurse) -> Client:
    """The manager's browser, who has just come in."""
    client = Client()
    name = aw.manager(nurse.service).user.username
    client.post("/sign-in/", {"username": name, "password": world.PASSWORD})
    return client


def link_of(page: bytes) -> str:
    """The path of the link on a page."""
    return re.search(r"(/invitation/[\w-]+/)", page.decode()).group(1)


def test_from_the_invitation_to_the_first_page(manager: Client, nurse: Actor) -> None:
    assert Page(manager.post("/access/invite/", {"email": "no"}).content).summary
    link = link_of(manager.post("/access/invite/", IVY).content)
    client = Client()
    page = Page(client.get(link).content)
    assert "Lead clinician" in page.words
    assert page.fields["username"] == "ivy.newcomer"
    for name in ("nurse", "ivy newcomer", "ivy/newcomer", "ivy!"):
        weak = client.post(link, {"username": name, "password": "short"})
        assert [field for field, _ in Page(weak.content).summary] == ["id_username", "id_password"], name
    again = Page(manager.post("/access/invite/", IVY).content)
    assert "was invited already" in again.words
    done = client.post(link, {"username": "ivy.newcomer", "password": aw.PASSWORD})
    assert done.headers["Location"] == "/"
    assert client.get("/").status_code == 200
    assert Membership.objects.get(user__username="ivy.newcomer").role == Role.CLINICIAN
    used = Client().get(link)
    assert (used.status_code, b"not good any more" in used.content) == (404, True)


def test_where_there_is_a_mail_server_the_link_stands_in_the_mail_alone(manager: Client, settings) -> None:
    settings.MAILS = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    page = manager.post("/access/invite/", IVY, follow=True).content
    assert b"/invitation/" not in page
    (sent,) = mail.outbox
    assert sent.to == ["ivy@trust.example"]
    assert Client().get(link_of(sent.body.encode())).status_code == 200
    with mock.patch("openfls.web.accounts.people.EmailMessage.send", side_effect=OSError):
        page = manager.post("/access/invite/", IVY | {"email": "bo@trust.example"}).content
    assert b"The mail could not be sent." in page
    assert inviting.found(link_of(page).split("/")[2]).mailed is False


def test_somebody_with_an_account_joins_with_it(manager: Client, nurse: Actor, neighbour: Actor) -> None:
    User.objects.filter(pk=neighbour.user.pk).update(email="ivy@trust.example")
    link = link_of(manager.post("/access/invite/", IVY).content)
    page = Client().get(link)
    assert b"You have an account here already" in page.content
    assert b'name="password"' not in page.content
    client = signed_in(neighbour)
    client.post(link)
    assert {row.service for row in Membership.objects.filter(user=neighbour.user)} == {
        nurse.service,
        neighbour.service,
    }


def test_a_new_password_by_a_link_ends_the_wait(manager: Client, nurse: Actor) -> None:
    member = aw.colleague(nurse.service)
    name = member.user.username
    for _ in range(6):
        Client().post("/sign-in/", {"username": name, "password": "wrong"})
    link = link_of(manager.post(f"/access/{member.pk}/", {"do": "password"}).content)
    client = Client()
    assert b'name="username"' not in client.get(link).content
    assert client.post(link, {"password": aw.PASSWORD}).headers["Location"] == "/sign-in/"
    answer = client.post("/sign-in/", {"username": name, "password": aw.PASSWORD})
    assert answer.headers["Location"] == "/"


def test_the_manager_withdraws_ends_and_reviews(manager: Client, nurse: Actor) -> None:
    invitation, secret = aw.invited(nurse.service)
    member = aw.colleague(nurse.service)
    assert "Ivy Newcomer" in Page(manager.get("/access/").content).words
    manager.post(f"/access/invitations/{invitation.pk}/withdraw/")
    assert inviting.found(secret) is None
    with clock.at(world.at_noon(world.TODAY + timedelta(days=90))):
        assert "roles must be looked at" in Page(manager.get("/").content).words
        manager.post("/access/review/", {"keep": [member.pk]})
        assert member.user.full_name not in Page(manager.get("/access/review/").content).words
    ended = manager.post(f"/access/{member.pk}/", {"do": "end", "last_day": "", "hand_to": ""}, follow=True)
    assert f"{member.user.full_name} has no access any more." in Page(ended.content).words
    assert "Who has left" in Page(ended.content).words
    assert manager.get(f"/access/{member.pk}/").status_code == 404
    own = Membership.objects.get(user__username=aw.manager(nurse.service).user.username)
    kept = manager.post(f"/access/{own.pk}/", {"do": "end"}, follow=True)
    assert "Nobody would be left" in Page(kept.content).words


def test_what_a_sign_in_must_show_is_the_services_own_choice(manager: Client, nurse: Actor) -> None:
    manager.post("/access/rules/", {"second_factor": "some"})
    assert "Set one up by" in Page(manager.get("/reviews/").content).words
    assert "Set one up by" not in Page(signed_in(nurse).get("/reviews/").content).words


def test_an_emergency_from_the_reason_to_the_judgement(nurse: Actor) -> None:
    person = aw.elsewhere(person=world.demographics(family_name="Quillfeather"))
    client = Client()
    client.post("/sign-in/", {"username": "nurse", "password": world.PASSWORD})
    given = {"number": person.identifiers.get().value, "born": "1 3 1950", "kind": "in_front"}
    assert Page(client.post("/emergency/", given).content).summary == [("id_words", "Say what has happened")]
    none = client.post("/emergency/", given | {"words": "She is with me now.", "number": "1234567890"})
    assert (none.status_code, EmergencyAccess.objects.count()) == (422, 0)
    answer = client.post("/emergency/", given | {"words": "She is with me now."})
    path = answer.headers["Location"]
    page = client.get(path).content.decode()
    assert "QUILLFEATHER" in page
    assert "To read only, until" in page
    assert str(person.pk) not in page, "nothing on it leads to a page of the other service"
    assert client.get(f"/people/{person.pk}/").status_code == 404
    assert "QUILLFEATHER" in Page(client.get("/emergency/").content).words
    assert "open in an emergency, until" in Page(client.get("/").content).words
    again = client.post("/emergency/", given | {"words": "Her daughter rang."}, follow=True)
    assert "open already" in Page(again.content).words
    client.post(path)
    closed = client.get(path)
    assert (closed.status_code, "This record is closed" in Page(closed.content).words) == (410, True)
    assert "QUILLFEATHER" not in closed.content.decode() + client.get("/emergency/").content.decode()

    row = EmergencyAccess.objects.get()
    theirs = signed_in(aw.manager(person.service))
    assert "1 record was opened in an emergency" in Page(theirs.get("/").content).words
    judging = Page(theirs.get(f"/access/emergencies/{row.pk}/").content).words
    assert "She is with me now." in judging
    assert "Her daughter rang." in judging
    bare = theirs.post(
        f"/access/emergencies/{row.pk}/", {"outcome": "reported", "own_password": world.PASSWORD}
    )
    assert Page(bare.content).summary == [("id_words", "Say what came of it")]
    assert b"<title>Error: " in bare.content
    sent = {"outcome": "in_order", "own_password": world.PASSWORD}
    theirs.post(f"/access/emergencies/{row.pk}/", sent)
    stale = Page(
        theirs.post(f"/access/emergencies/{row.pk}/", sent | {"outcome": "asked", "words": "x"}).content
    )
    assert "Somebody has judged it since" in stale.words
    row.refresh_from_db()
    assert row.outcome == "in_order"
    for path in ("/access/emergencies/", "/audit/stands-out/"):
        shown = Page(theirs.get(path).content).words
        assert (
            f"In order: there was a need{'' if 'access' in path else ','} {aw.manager(person.service).user.full_name}"
            in shown
        )
        assert "QUILLFEATHER" in shown
    seen = theirs.get(f"/people/{person.pk}/who-saw.csv").getvalue().decode()
    assert {line.rstrip().rpartition(",")[2] for line in seen.splitlines() if "nurse" in line} == {
        nurse.service.name
    }
    assert "opened in an emergency" not in Page(theirs.get("/").content).words


def test_in_an_emergency_results_and_approved_letters_are_read_and_the_log_says_so(nurse: Actor) -> None:
    there = world.member(world.service("elsewhere"), username="theirs")
    episode = connected.everything(there)
    letter = episode.letters.get()
    rw.bring(episode, vitamin_d_nmol_l=31)
    row = aw.opened(nurse, episode.person)
    page = Page(signed_in(nurse).get(f"/emergency/{row.pk}/").content).words
    known = results_of(episode.person)
    assert [(one.label, one.words) for one in known] == [("25-hydroxyvitamin D", "31 nmol/L")]
    assert all(f"{one.label} {one.words}" in page.replace("What ", "").replace("Value ", "") for one in known)
    assert letter.content["subject"] in page
    event = AuditEvent.objects.get(action="emergency.view")
    assert (event.service, event.user, event.person) == (there.service, "nurse", str(episode.person.pk))
    figures, _ = answers_of(episode.person)
    assert figures
    assert all(
        f"{one.label} {one.words}" in page.replace("What ", "").replace("Value ", "") for one in figures
    )
    assert event.detail == {"results": len(known) + len(figures), "letters": [str(letter.pk)]}
    assert "does not count any more" not in page
    newer = Letter.objects.get(pk=letter.pk)
    newer.pk, newer.replaces, newer.approved_at = None, letter, clock.now()
    newer.save()
    page = Page(signed_in(nurse).get(f"/emergency/{row.pk}/").content).words
    assert page.count("does not count any more") == 1
    Letter.objects.update(approved_at=None)
    page = Page(signed_in(nurse).get(f"/emergency/{row.pk}/").content).words
    assert "No letter has been approved." in page, "a draft is nobody's word yet"


def test_an_open_record_stays_with_who_opened_it_at_work_where_she_opened_it(nurse: Actor) -> None:
    row = aw.opened(nurse)
    third = world.service("third")
    world.member(third, Role.CO_ORDINATOR, "nurse")
    client = signed_in(nurse)
    path = f"/emergency/{row.pk}/"
    assert client.get(path).status_code == 200
    client.post("/services/", {"service": third.code})
    assert client.get(path).status_code == 404
    with clock.at(clock.now() + timedelta(hours=2)):
        assert signed_in(nurse).get(path).status_code == 410


def test_invitations_hold_no_secret(manager: Client) -> None:
    link = link_of(manager.post("/access/invite/", IVY).content)
    assert link.split("/")[2] not in str(list(Invitation.objects.values()))


def test_a_manager_sees_who_is_locked_out_and_a_leaver_reads_whom_to_ask(
    manager: Client, nurse: Actor
) -> None:
    ivy = aw.colleague(nurse.service)
    page = f"/access/{ivy.pk}/"
    assert "Locked out" not in Page(manager.get(page).content).words
    for _ in range(5):
        Client().post("/sign-in/", {"username": ivy.user.username, "password": "wrong"})
    assert "Locked out until" in Page(manager.get(page).content).words
    client = signed_in(Actor(nurse.service, Role.CO_ORDINATOR, ivy.user))
    manager.post(page, {"do": "end"})
    client.force_login(ivy.user)
    told = Page(client.get("/no-service/").content).words
    assert "You no longer have a role in a service" in told
    assert f"Ask {aw.manager(nurse.service).user.full_name}, who gives access there" in told
