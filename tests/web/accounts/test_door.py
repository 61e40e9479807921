"""At the door: names, waits, second factors, sessions, and what a sensitive act asks for."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from unittest import mock

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client

import world
from openfls.service import clock
from openfls.service.access import other_key
from openfls.service.models import AuditEvent, User
from openfls.service.roles import Role
from openfls.web.accounts.adapters import TOO_MANY, WRONG
from openfls.web.accounts.urls import DOOR, OWN
from openfls.web.middleware import SERVICE_KEY
from service import access_world as aw
from web.conftest import signed_in
from web.page import Page

pytestmark = pytest.mark.django_db
OTHER = "four quite other words"


def enter(client: Client, username: str = "nurse", password: str = world.PASSWORD):
    """Try to sign in."""
    return client.post("/sign-in/", {"username": username, "password": password})


def told(answer) -> str:
    """What the page says is wrong."""
    return " ".join(words for _, words in Page(answer.content).summary)


def code_of(secret: str) -> str:
    """What an authenticator app shows now: of the three that are good the middle one, good for half a minute yet."""
    _, now, _ = yield_hotp_counters_from_time()
    return format_hotp_value(hotp_value(secret, now))


def events(action: str) -> int:
    """How many lines the log has of this."""
    return AuditEvent.objects.filter(action=action).count()


def later(seconds: float) -> mock._patch:
    """Within this block the door's clock is ahead."""
    real = time.time
    return mock.patch("time.time", side_effect=lambda: real() + seconds)


@pytest.mark.parametrize("name", ["nurse", "NURSE", "nurse@trust.example", "Nurse@Trust.example"])
def test_either_name_opens(name: str, nurse) -> None:
    User.objects.filter(pk=nurse.user.pk).update(email="nurse@trust.example")
    assert enter(Client(), name).headers["Location"] == "/"


def test_each_round_of_wrong_tries_makes_the_wait_longer(nurse) -> None:
    world.member(nurse.service, username="colleague")
    said = {name: [told(enter(Client(), name, "wrong")) for _ in range(6)] for name in ("nurse", "nobody")}
    assert said["nurse"] == said["nobody"] == [*[WRONG] * 5, TOO_MANY], "the same for a name that nobody has"
    assert told(enter(Client())) == TOO_MANY, "the right password must wait too"
    assert enter(Client(), "colleague").status_code == 302, "a colleague at the same address need not"
    assert (events("account.sign_in_failed"), events("account.locked_out")) == (5, 1)
    with later(5 * 60 + 1):
        assert [told(enter(Client(), "nurse", "wrong")) for _ in range(6)] == [*[WRONG] * 5, TOO_MANY]
    with later(11 * 60):
        assert told(enter(Client())) == TOO_MANY, "the second wait is an hour"
    with later(66 * 60):
        assert enter(Client()).status_code == 302


def test_one_address_that_tries_many_names_must_wait(nurse, settings) -> None:
    assert "30/5m/ip" in settings.ACCOUNT_RATE_LIMITS["login_failed"]
    fewer = settings.ACCOUNT_RATE_LIMITS["login_failed"].replace("30/5m/ip", "6/5m/ip")
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login_failed": fewer}
    for number in range(6):
        enter(Client(), f"name{number}", "wrong")
    assert told(enter(Client())) == TOO_MANY
    client = Client(REMOTE_ADDR="192.0.2.7")
    assert told(enter(client, "name0", "wrong")) == WRONG
    assert told(enter(Client(HTTP_X_FORWARDED_FOR="192.0.2.8"))) == TOO_MANY, (
        "no header makes another address"
    )


def test_a_second_factor_is_asked_for_and_a_recovery_code_is_good_once(nurse) -> None:
    secret = aw.with_app(nurse.user)
    (first, *_) = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    for code in (code_of(secret), first):
        client = Client()
        assert enter(client).headers["Location"] == "/sign-in/code/"
        assert client.get("/").status_code == 302, "half way in is outside"
        wrong = client.post("/sign-in/code/", {"code": "000000"})
        assert "The code is not right" in told(wrong)
        assert client.post("/sign-in/code/", {"code": code}).headers["Location"] == "/"
        assert client.get("/account/").status_code == 200
    again = Client()
    enter(again)
    assert again.post("/sign-in/code/", {"code": first}).status_code == 200
    assert (events("account.wrong_code"), events("account.recovery_code_used")) == (3, 1)


def test_a_factor_of_another_key_leads_to_a_page_that_says_what_to_do(nurse, settings, caplog) -> None:
    code = code_of(aw.with_app(nurse.user))
    assert other_key.warning() == ""
    settings.SECRET_KEY = "the key of another installation"
    assert other_key.warning().startswith("1 person has a second factor of another secret key")
    client = Client()
    enter(client)
    answer = client.post("/sign-in/code/", {"code": code})
    assert (answer.status_code, other_key.TITLE in Page(answer.content).words) == (403, True)
    assert client.get("/").status_code == 302, "half way in is outside"
    assert [row.getMessage() for row in caplog.records if row.name == "openfls.web"] == [
        "a second factor was set up under another secret key"
    ]
    inside = signed_in(nurse)  # with a passkey, or by the organisation
    assert "no longer opens anything" in Page(inside.get("/account/").content).words
    assert inside.get("/account/codes/").status_code in (302, 403)


def test_a_code_of_an_app_counts_once_for_as_long_as_it_is_good(nurse) -> None:
    code = code_of(aw.with_app(nurse.user))
    for allowed in (True, False):
        client = Client()
        enter(client)
        answer = client.post("/sign-in/code/", {"code": code})
        assert (answer.status_code == 302) is allowed
        # The library forgets a code after half a minute; it is good for three halves.
        cache.delete(f"allauth.mfa.totp.used?user={nurse.user.pk}&code={code}")
    assert events("account.wrong_code") == 1


def test_setting_an_app_up_shows_its_recovery_codes_once(nurse, django_capture_on_commit_callbacks) -> None:
    client = Client()
    enter(client)
    page = client.get("/account/app/")
    assert b"data:image/svg+xml;base64," in page.content
    secret = page.context["form"].secret if page.context else client.session["mfa.totp.secret"]
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/account/app/", {"code": code_of(secret)})
    assert answer.headers["Location"] == "/account/codes/"
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    assert codes[0] in Page(client.get("/account/codes/").content).words
    assert codes[0] not in Page(client.get("/account/codes/").content).words
    assert events("account.factor_added") == 2
    other = Client()
    enter(other)
    cache.delete(f"allauth.mfa.totp.used?user={nurse.user.pk}&code={code_of(secret)}")
    refused = other.post("/sign-in/code/", {"code": code_of(secret)})
    assert refused.status_code == 200, "the code that set the app up opens nothing"
    assert "Error: " in refused.content.decode()
    assert "10 left" in Page(client.get("/account/").content).words


def test_where_one_is_asked_nothing_opens_without_it_when_the_days_are_over(nurse, settings) -> None:
    settings.SECOND_FACTOR = "all"
    client = signed_in(nurse)
    assert "Set one up by 8 June 2026" in Page(client.get("/reviews/").content).words
    with clock.at(clock.now() + timedelta(days=7)):
        assert client.get("/reviews/").headers["Location"] == "/account/"
        assert client.post("/people/", {"q": "Example"}).headers["Location"] == "/account/"
        assert "Set up a second factor first" in Page(client.get("/account/").content).words
        aw.with_app(nurse.user)
        assert client.get("/reviews/").status_code == 200


def test_a_session_ends_idle_and_after_the_hard_limit(nurse, settings) -> None:
    client = Client()
    enter(client)
    row = Session.objects.get(session_key=client.session.session_key)
    assert timedelta(minutes=29) < row.expire_date - clock.timezone.now() <= timedelta(minutes=30)
    assert client.get("/account/stay/").status_code == 204
    with later(12 * 3600 - 60):
        assert client.get("/account/").status_code == 200
    with later(12 * 3600 + 1):
        ended = client.get("/account/")
    assert ended.headers["Location"] == "/sign-in/?ended=limit&next=%2Faccount%2F"
    assert "a whole day's work" in Page(client.get(ended.headers["Location"]).content).words
    assert client.get("/account/").status_code == 302, "it does not come back"
    assert 'data-idle="30"' in signed_in(nurse).get("/account/").content.decode()


OURS = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate"}


@pytest.mark.parametrize("how", ["idle", "hard limit", "signed in again"])
def test_a_form_sent_after_the_end_of_its_session_comes_back_to_who_filled_it_in(how: str, nurse) -> None:
    place, typed = "/fractures/add/", {"family_name": 'O\'Neill "Nell"', "own_password": world.PASSWORD}
    client = Client(enforce_csrf_checks=True)

    def enter_as(name: str) -> dict[str, str]:
        client.get("/sign-in/")
        token = {"csrfmiddlewaretoken": client.cookies["csrftoken"].value}
        client.post("/sign-in/", {"username": name, "password": world.PASSWORD} | token)
        return {"csrfmiddlewaretoken": client.cookies["csrftoken"].value}

    def sent(fields: dict[str, str]) -> Page:
        return Page(client.post(place, fields, headers=OURS).content)

    with later(-13 * 3600 if how == "hard limit" else 0):
        token = enter_as("nurse")
        typed["filled_by"] = Page(client.get(place).content).fields["filled_by"]
    if how != "hard limit":
        client.cookies.pop("sessionid")
    if how == "idle":
        for stranger in ({}, OURS | {"Sec-Fetch-Site": "cross-site"}, OURS | {"Sec-Fetch-Mode": "cors"}):
            assert "held" not in Page(client.post(place, typed | token, headers=stranger).content).fields
        assert "held" not in sent(typed | token | {"filled_by": "1:forged"}).fields
    if how == "signed in again":
        enter_as("nurse")

    back = sent(typed | token)

    assert "Not saved yet, and not lost" in back.words
    if how != "signed in again":
        assert "Nell" not in str(back.fields), "locked: this server alone opens it"
        world.member(nurse.service, username="neighbour")
        for name, own in (("neighbour", False), ("nurse", True)):
            token = enter_as(name)
            back = sent({"held": back.fields["held"]} | token)
            assert ("Somebody else typed this" in back.words) is not own
            assert (back.fields.get("family_name") == typed["family_name"]) is own
            if not own:
                client.post("/sign-out/", token)
    assert back.fields["family_name"] == typed["family_name"]
    assert "own_password" not in back.fields
    again = client.post(place, {**back.fields}, headers=OURS)
    assert again.status_code == 422, "it has reached its page"
    with later(13 * 3600):
        assert "held" not in sent({"held": "old"}).fields


def test_a_form_waits_for_a_second_factor_and_one_that_nobody_sent_is_not_done(nurse, settings) -> None:
    settings.SECOND_FACTOR = "all"
    client, place = signed_in(nurse), "/fractures/add/"
    typed = {"family_name": "O'Neill", "filled_by": Page(client.get(place).content).fields["filled_by"]}
    with clock.at(clock.now() + timedelta(days=7)):
        back = Page(client.post(place, typed, headers=OURS).content)
        assert "your service asks for a second factor first" in back.words
        aw.with_app(nurse.user)
        assert client.post(place, back.fields, headers=OURS).status_code == 422
        way = {"held_unsent": "1", "held_way": [json.dumps(["Put forward", "do", "x"]), "[1]", "{", '["a"]']}
        page = client.post(place, typed | way, headers=OURS)
        assert (page.status_code, page.content.count(b'name="do" value="x">Put forward')) == (403, 1)
        assert client.post(place, typed | way).headers["Location"] == "/", "nothing is done with it"


def test_signing_out_everywhere_and_a_new_password_end_the_other_sessions(nurse) -> None:
    here, there = Client(), Client()
    enter(here)
    enter(there)
    assert Page(here.get("/account/").content).words.count("127.0.0.1") == 2
    short = here.post("/account/password/", {"oldpassword": world.PASSWORD, "password1": "short"})
    common = here.post("/account/password/", {"oldpassword": world.PASSWORD, "password1": "qwerty123456"})
    assert (short.status_code, common.status_code) == (422, 422)
    assert "at least 12 characters" in told(short)
    assert "too common" in told(common)
    changed = here.post("/account/password/", {"oldpassword": world.PASSWORD, "password1": OTHER})
    assert changed.headers["Location"] == "/account/"
    assert (here.get("/account/").status_code, there.get("/account/").status_code) == (200, 302)
    enter(there, password=OTHER)
    here.post("/account/sign-out-everywhere/")
    assert (here.get("/account/").status_code, there.get("/account/").status_code) == (302, 302)
    assert (events("account.password"), events("account.sign_out_everywhere")) == (1, 1)


@pytest.mark.parametrize("path", ["/account/app/", "/account/passkeys/add/"])
def test_changing_how_one_signs_in_asks_who_sits_here(path: str, nurse) -> None:
    client = Client()
    enter(client)
    assert client.get(path).status_code == 200, "she has just come in"
    with later(16 * 60):
        asked = client.get(path).headers["Location"]
        assert asked.startswith("/account/again/")
        assert client.get(asked).status_code == 200
        assert client.post(asked, {"password": "wrong"}).status_code == 200
        assert client.get(path).status_code == 302
        assert client.post(asked, {"password": world.PASSWORD}).headers["Location"] == path
        assert client.get(path).status_code == 200


def test_giving_access_asks_who_sits_here_and_loses_nothing(nurse) -> None:
    client = signed_in(aw.manager(nurse.service))
    member = aw.colleague(nurse.service)
    given = {"do": "role", "role": "viewer"}
    path = f"/access/{member.pk}/"
    asked = client.post(path, given)
    page = Page(asked.content)
    assert (page.fields["do"], page.fields["role"]) == ("role", "viewer")
    wrong = client.post(path, given | {"own_password": "wrong"})
    assert (wrong.status_code, told(wrong)) == (422, "The password is not right")
    member.refresh_from_db()
    assert member.role == Role.CO_ORDINATOR
    assert client.post(path, given | {"own_password": world.PASSWORD}).status_code == 302
    member.refresh_from_db()
    assert member.role == Role.VIEWER
    assert client.post(path, {"do": "keep"}).status_code == 302, "and is believed for a while"


def test_ones_own_account_is_for_who_is_signed_in_and_needs_no_role(db) -> None:
    User.objects.create_user("newcomer", password=world.PASSWORD)
    client = Client()
    enter(client, "newcomer")
    for path in {"/" + str(route.pattern).replace("<int:pk>", "1") for route in OWN}:
        outside = Client().get(path)
        assert outside.status_code in (302, 405), path
        assert outside.status_code == 405 or outside.headers["Location"].startswith("/sign-in/"), path
        assert client.get(path).status_code in (200, 204, 302, 404, 405), path


def test_every_page_of_the_door_is_ours(db) -> None:
    for route in DOOR:
        path = "/" + str(route.pattern).replace("<str:secret>", "x").replace("<slug:provider_id>", "other")
        answer = Client().get(path)
        assert answer.status_code in (200, 302, 403, 404, 405, 503), path
        assert answer.status_code != 200 or b"openfls.css" in answer.content, path


def test_a_trainee_comes_to_the_training_and_no_further(nurse) -> None:
    world.member(nurse.service, Role.TRAINEE, "trainee")
    client = Client()
    enter(client, "trainee")
    page = client.get("/", follow=True)
    assert (page.status_code, page.redirect_chain) == (200, [("/training/", 302)])
    assert b'id="search"' not in page.content
    assert client.get("/worklist/to-confirm/").status_code == 403
    assert SERVICE_KEY not in client.session
