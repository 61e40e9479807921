"""Odd requests: methods, spellings of an address, headers of a stranger; and what goes out with each answer."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.urls import Resolver404, resolve

from openfls.web.middleware import CLOSED
from openfls.web.urls import ROUTES
from web.answers import policy
from web.conftest import signed_in

READ = [route for route in ROUTES if "GET" in route.methods]
STYLES = "/static/openfls/vendor/openfls.css"


@pytest.mark.django_db
def test_only_the_exact_address_opens_and_no_odd_method_does(standing) -> None:
    for route in READ:
        path = standing.place(route).path
        for spelled in (f"{path}x", f"{path}/", f"{path.rstrip('/')}.json", f"{path}\x00", path.upper()):
            if path != "/":
                with pytest.raises(Resolver404):
                    resolve(spelled)
    client = signed_in(standing.nurse)
    for number, route in enumerate(ROUTES):
        method = ("OPTIONS", "TRACE", "PROPFIND")[number % 3]
        assert client.generic(method, standing.place(route).path).status_code == 405, route.name


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["person", "worklist-csv", "letter-pdf", "post"])
def test_a_head_has_no_body(name: str, standing) -> None:
    """A proxy that keeps its connection would take the body for the answer to somebody else."""
    place = standing.place(next(route for route in ROUTES if route.name == name))
    client = signed_in(standing.nurse)
    asked, head = client.get(place.path), client.head(place.path)
    assert (asked.status_code, head.status_code) == (200, 200)
    assert b"".join(asked) if asked.streaming else asked.content
    assert (b"".join(head) if head.streaming else head.content) == b""
    assert asked.streaming or head.headers["Content-Length"] != "0"
    assert Client().head(place.path).status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/sign-in/", "/about/", "/no/such/page/", "/fhir/R4/metadata", STYLES])
def test_every_answer_tells_the_browser_what_it_may_do(path: str) -> None:
    answer = Client().get(path)
    rules = policy(answer)
    assert rules["object-src"] == rules["default-src"] == rules["frame-ancestors"] == "'none'"
    assert set(CLOSED) == {
        part.strip().removesuffix("=()") for part in answer.headers["Permissions-Policy"].split(",")
    }
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert b"".join(answer) if answer.streaming else answer.content


@pytest.mark.django_db
def test_signing_out_tells_the_browser_to_forget(standing) -> None:
    client = signed_in(standing.nurse)
    assert "Clear-Site-Data" not in client.get("/people/").headers
    assert client.post("/sign-out/").headers["Clear-Site-Data"] == '"cache", "storage"'


@pytest.mark.django_db
@pytest.mark.parametrize(
    "next_one", ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:x"]
)
def test_a_sign_in_leads_nowhere_but_here(next_one: str, standing) -> None:
    import world

    sent = {"username": standing.nurse.user.username, "password": world.PASSWORD, "next": next_one}
    assert Client().post("/sign-in/", sent).headers["Location"] == "/"


@pytest.mark.django_db
def test_a_session_id_that_a_stranger_planted_is_not_the_one_behind_the_door(standing) -> None:
    import world

    client = Client()
    client.cookies["sessionid"] = "a" * 32
    client.post("/sign-in/", {"username": standing.nurse.user.username, "password": world.PASSWORD})
    kept = client.cookies["sessionid"].value
    assert kept != "a" * 32
    assert client.get("/people/").status_code == 200
    client.post("/sign-out/")
    client.cookies["sessionid"] = kept
    assert client.get("/people/").status_code == 302, (
        "a cookie that was copied is worth nothing after the sign-out"
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 400),
        ({"X-Forwarded-Host": "evil.example"}, 200),
        ({"X-Original-URL": "/people/"}, 200),
        ({"X-HTTP-Method-Override": "DELETE"}, 200),
    ],
)
def test_headers_of_a_stranger_change_nothing(headers: dict[str, str], status: int) -> None:
    answer = Client().get("/certificates/issuer.json", headers=headers)
    assert answer.status_code == status
    assert b"evil" not in answer.content


def test_over_https_cookies_belong_to_this_host_alone(monkeypatch) -> None:
    from web.test_settings import settings_with

    made = settings_with(monkeypatch, OPENFLS_HTTPS="1", OPENFLS_HOSTS="fls.example")
    for which in ("SESSION", "CSRF"):
        assert made[f"{which}_COOKIE_NAME"].startswith("__Host-")
        assert made[f"{which}_COOKIE_SECURE"] is made[f"{which}_COOKIE_HTTPONLY"] is True
        assert made.get(f"{which}_COOKIE_SAMESITE", "Lax") == "Lax"
    assert (made["SECURE_HSTS_SECONDS"], made["SECURE_HSTS_INCLUDE_SUBDOMAINS"]) == (31_536_000, True)
    assert made["DEBUG"] is False


@pytest.mark.django_db
def test_the_calculator_makes_a_stranger_wait_and_nobody_who_is_signed_in(standing, monkeypatch) -> None:
    from openfls.web import pace

    for address in ("/toolkit/", "/toolkit/rerun/"):
        stranger = Client(REMOTE_ADDR="192.0.2.9")
        assert stranger.get(address).status_code == 200
        with monkeypatch.context() as patch:
            patch.setattr(pace.Pace, "seconds_to_wait", lambda *_: 17)
            answer = stranger.get(address)
            assert (answer.status_code, answer.headers["Retry-After"]) == (429, "17")
            assert signed_in(standing.nurse).get(address).status_code == 200
    few = pace.Pace("test", 2)
    request = stranger.get("/toolkit/").wsgi_request
    assert [few.seconds_to_wait(request) > 0 for _ in range(4)] == [False, False, True, True]


@pytest.mark.django_db
def test_two_who_ask_at_once_count_as_two() -> None:
    from openfls.web.pace import Pace

    pace, others = Pace("test", 1), []

    def between(execute, sql, *given):
        """Another request that comes before this one's count is written."""
        if sql.startswith("UPDATE") and not others:
            others.append("under way")
            others.append(pace.count("somebody"))
        return execute(sql, *given)

    with connection.execute_wrapper(between):
        assert pace.count("somebody") > 0
    assert others == ["under way", 0]
