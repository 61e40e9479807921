"""Commands that work on the service's database: bad input ends with 2 and one clear line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from typer.testing import CliRunner

import world
from openfls.cli import main
from openfls.commands.all import app
from openfls.service import clock
from openfls.service.models import AuditEvent, Membership, Service, User
from service.access_world import with_app
from service.safekeeping.elsewhere import fresh, led_to
from service.snapshot import tables

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough sentence"


def _run(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(sys, "argv", ["openfls", *arguments])
    with pytest.raises(SystemExit) as end:
        main()
    return int(end.value.code or 0)


def _bad(arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    before = tables()
    code = _run(arguments, monkeypatch)
    said = capsys.readouterr().err.strip()
    assert (code, said.count("\n")) == (2, 0), said
    assert said.startswith("openfls: ")
    assert tables() == before
    return said


SERVICES = [
    (["service-add", "north", "Twice"], "code or name"),
    (["service-add", "two words", "Spaces in the code"], "code or name"),
    (["service-add", "", "No code"], "code or name"),
    (["service-add", "long", "x" * 201], "code or name"),
]
USERS = [
    (["user-add", "ann", "--role", "boss", "--password", PASSWORD], "boss"),
    (["user-add", "ann", "--role", "viewer", "--password", "short"], "password"),
    (["user-add", "ann", "--role", "viewer", "--service", "nowhere", "--password", PASSWORD], "--service"),
    (["user-add", "", "--role", "viewer", "--password", PASSWORD], "username"),
    (["user-add", "x" * 200, "--role", "viewer", "--password", PASSWORD], "username"),
    (["user-add", "two words", "--role", "viewer", "--password", PASSWORD], "username"),
]


@pytest.mark.parametrize(("arguments", "named"), [*SERVICES, *USERS])
def test_bad_input_is_one_line_and_2(
    arguments: list[str], named: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    world.service()
    assert named in _bad(arguments, monkeypatch, capsys)


def test_who_and_what_is_looked_at_before_a_password_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    world.member(world.service(), username="ann")
    assert "there is no user 'nobody'" in _bad(["user-reset", "nobody"], monkeypatch, capsys)
    assert "'boss' is not one of" in _bad(["user-add", "new.nurse", "--role", "boss"], monkeypatch, capsys)
    answer = CliRunner().invoke(app, ["user-reset", "ann"], input=f"{PASSWORD}\n{PASSWORD}\n")
    assert (answer.exit_code, User.objects.get().check_password(PASSWORD)) == (0, True)


def test_a_command_in_a_wrong_folder_begins_nothing(tmp_path: Path) -> None:
    """In a process of its own: reading the settings alone makes the data folder."""
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("OPENFLS_", "DJANGO_"))
    }
    asked = [sys.executable, "-c", "from openfls.cli import main; main()", "backup", "kept"]
    done = subprocess.run(asked, cwd=tmp_path, env=clean, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, list(tmp_path.iterdir())) == (2, "", [])
    at = tmp_path.resolve() / "var" / "openfls.sqlite3"
    assert (
        done.stderr
        == f"openfls: there is no database at {at}: set OPENFLS_DATA, or `openfls run` begins one\n"
    )


def test_a_damaged_database_is_one_line_and_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the file of SQLite")
    with fresh(tmp_path) as hurt:
        file = Path(hurt["NAME"])
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 3])
        with led_to(hurt):
            code = _run(["audit", "verify"], monkeypatch)
    said = capsys.readouterr()
    assert (code, said.out, said.err.count("\n")) == (2, "", 1)
    assert said.err.startswith("openfls: the database is damaged (")


def test_several_services_must_be_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    world.service()
    world.service("south")
    feed = tmp_path / "feed.csv"
    feed.write_text("nothing\n")
    assert "north, south" in _bad(["load", str(feed)], monkeypatch, capsys)


def test_no_service_at_all(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert "service-add" in _bad(["load", str(tmp_path)], monkeypatch, capsys)


def test_a_feed_that_is_not_there(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    world.service()
    assert "missing.csv" in _bad(["load", str(tmp_path / "missing.csv")], monkeypatch, capsys)


def test_a_service_and_its_user(monkeypatch: pytest.MonkeyPatch, settings) -> None:
    assert _run(["service-add", "east", "East FLS"], monkeypatch) == 0
    arguments = ["user-add", "ann.example", "--role", "clinician", "--name", "Ann Mary Example"]
    assert _run([*arguments, "--password", PASSWORD], monkeypatch) == 0
    user = User.objects.get()
    assert (user.first_name, user.last_name, user.check_password(PASSWORD)) == ("Ann Mary", "Example", True)
    assert Membership.objects.get().service == Service.objects.get(code="east")
    again = ["user-add", "ann.example", "--role", "viewer", "--password", PASSWORD]
    assert _run(again, monkeypatch) == 0
    assert Membership.objects.get().role == "viewer"
    Membership.objects.update(ends_at=clock.now())
    assert _run(again, monkeypatch) == 0
    assert Membership.objects.get().role == "viewer", "who has left may come back"


def test_a_way_back_in_where_no_manager_can_give_one(monkeypatch: pytest.MonkeyPatch) -> None:
    member = world.member(world.service(), username="ann")
    with_app(member.user)
    Client().force_login(member.user)
    new = ["--password", "other unlikely words"]
    assert _run(["user-reset", "ann", "--factors", *new], monkeypatch) == 0
    user = User.objects.get()
    assert user.check_password("other unlikely words")
    assert not Authenticator.objects.exists()
    assert not Session.objects.exists(), "she is signed out everywhere"
    assert AuditEvent.objects.filter(action="account.reset", user="").count() == 1
    assert _run(["user-reset", "nobody", *new], monkeypatch) == 2
