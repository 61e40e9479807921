"""`openfls run` on an empty database: fictional people on one's own laptop, and never among a team's records."""

from __future__ import annotations

import threading
from contextlib import contextmanager

import pytest
from typer.testing import CliRunner

import world
from openfls.commands import database, run
from openfls.commands.app import app
from openfls.service.fictional import filling as fictional
from openfls.service.models import Membership, Service, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def filled(monkeypatch) -> list[int]:
    """The sizes that were asked for; nothing is made and nothing is served."""
    asked: list[int] = []
    monkeypatch.setattr(run, "_fill", asked.append)
    monkeypatch.setattr("waitress.serve", lambda *_, **__: None)
    monkeypatch.setattr("openfls.commands.database.prepare_database", lambda **_: None)
    return asked


def start(*given: str) -> str:
    """What the command says."""
    answer = CliRunner().invoke(app, ["run", *given])
    assert answer.exit_code == 0, answer.output
    return answer.output


def test_the_embedded_database_is_filled_at_the_first_start(filled, monkeypatch) -> None:
    monkeypatch.delenv("OPENFLS_DATABASE", raising=False)
    start()
    assert filled == [600]


def test_a_team_database_is_left_empty_and_the_next_steps_are_said(filled, monkeypatch) -> None:
    monkeypatch.setenv("OPENFLS_DATABASE", "postgres://team@db.example/openfls")
    said = start()
    assert filled == []
    assert "openfls service-add" in said
    assert "openfls user-add" in said


def test_a_team_database_is_filled_where_that_is_asked_for(filled, monkeypatch) -> None:
    monkeypatch.setenv("OPENFLS_DATABASE", "postgres://team@db.example/openfls")
    assert "service-add" not in start("--fictional", "--size", "50")
    assert filled == [50]


@pytest.mark.parametrize("proxy", [True, False])
def test_the_server_believes_a_proxy_where_there_is_one_and_nobody_else(
    filled, monkeypatch, settings, proxy: bool
) -> None:
    settings.PROXY = proxy
    given: dict[str, object] = {}
    monkeypatch.setattr("waitress.serve", lambda *_, **options: given.update(options))
    start()
    assert ("trusted_proxy" in given) is proxy
    assert given.get("trusted_proxy_headers", set()) == (
        {"x-forwarded-proto", "x-forwarded-for"} if proxy else set()
    )


def test_a_database_with_a_service_is_never_filled(filled, monkeypatch) -> None:
    monkeypatch.delenv("OPENFLS_DATABASE", raising=False)
    Service.objects.create(code="north", name="North")
    assert "service-add" not in start("--fictional")
    assert filled == []


def test_a_password_is_told_of_those_alone_who_still_have_it(filled, settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    made = world.service("north", is_fictional=True)
    for name, password in (("ann", fictional.PASSWORD), ("bea", "a sentence of her own")):
        world.member(made, username=name)
        user = User.objects.get(username=name)
        user.set_password(password)
        user.save()
    said = start()
    assert "bea (FLS co-ordinator, North Fracture Liaison Service, with a password of their own)" in said
    assert f"password of the others: {fictional.PASSWORD}" in said
    Membership.objects.exclude(user__username="bea").delete()
    assert fictional.PASSWORD not in start()


def test_a_second_start_says_that_it_waits_and_comes_behind_the_first(tmp_path, monkeypatch) -> None:
    """Two threads stand for two processes: what is locked is the open file, not the process."""
    happened: list[str] = []
    waits = threading.Event()
    monkeypatch.setattr(database, "_say_that_it_waits", waits.set)

    def second() -> None:
        with database._turn_beside(tmp_path / "openfls.sqlite3"):
            happened.append("second")

    start = threading.Thread(target=second)
    with database._turn_beside(tmp_path / "openfls.sqlite3"):
        start.start()
        assert waits.wait(20)
        happened.append("first")
    start.join()
    assert happened == ["first", "second"]


def test_what_another_first_start_has_filled_is_not_filled_again(filled, monkeypatch) -> None:
    monkeypatch.delenv("OPENFLS_DATABASE", raising=False)

    @contextmanager
    def behind_another():
        Service.objects.create(code="north", name="North")
        yield

    monkeypatch.setattr(database, "alone", behind_another)
    start()
    assert filled == []
