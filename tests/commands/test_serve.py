"""Starting a team's server: what is looked at, what it refuses to start with, and the examples for its machine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from unittest import mock

import pytest
import yaml
from django.db.utils import OperationalError
from typer.testing import CliRunner

from openfls import options
from openfls.commands.all import app
from openfls.commands.operation import gunicorn_app, production
from openfls.commands.operation import serve as serving
from openfls.record.errors import BadInput
from openfls.service.operation import checking
from openfls.service.quality.warming import WARMER
from openfls.service.secret import given_key

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted(path for path in (DEPLOY / "systemd").iterdir() if path.suffix in (".service", ".target"))
A_TEAMS = {
    "OPENFLS_SECRET_KEY": "kTq8vXz2mWc5rLp9nJh4bGf7dSa1yEu6" * 2,
    "OPENFLS_HOSTS": "fls.hospital.example",
    "OPENFLS_HTTPS": "1",
    "OPENFLS_PROXY": "1",
}


@pytest.fixture
def a_teams(settings, monkeypatch, tmp_path):
    """Settings as a team's server has them; the database stays the one of the tests."""
    for name, value in A_TEAMS.items():
        monkeypatch.setenv(name, value)
    settings.SECRET_KEY = A_TEAMS["OPENFLS_SECRET_KEY"]
    settings.ALLOWED_HOSTS = ["fls.hospital.example"]
    settings.HTTPS = settings.PROXY = True
    settings.DATA = tmp_path
    tmp_path.chmod(0o700)
    return settings


def found(about: str | None = None) -> list[str]:
    """What is not in order: of one thing, or the names of all."""
    rows = [row for row in checking.check() if row.about not in ("sqlite", "database", "migrations")]
    return [row.words for row in rows if row.about == about] if about else [row.about for row in rows]


@pytest.mark.django_db
def test_a_teams_server_that_is_set_up_well_has_no_fault(a_teams) -> None:
    assert found() == []


def _weak_key(settings, monkeypatch) -> None:
    monkeypatch.setenv("OPENFLS_SECRET_KEY", "password")
    settings.SECRET_KEY = "password"


def _full_disk(settings, monkeypatch) -> None:
    monkeypatch.setattr(checking, "free_megabytes", lambda: 3)


def _broken_cache(settings, monkeypatch) -> None:
    monkeypatch.setattr(checking, "cache", mock.Mock(set=mock.Mock(side_effect=OSError("gone"))))


def _no_mail(settings, monkeypatch) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    refused = ConnectionRefusedError("mail.hospital.example")
    monkeypatch.setattr("smtplib.SMTP.connect", mock.Mock(side_effect=refused))


FAULTS = {
    "key of the data folder": ("key", lambda s, m: m.delenv("OPENFLS_SECRET_KEY"), "OPENFLS_SECRET_KEY_FILE"),
    "weak key": ("key", _weak_key, "weak"),
    "any host": ("hosts", lambda s, m: setattr(s, "ALLOWED_HOSTS", ["*"]), "any name"),
    "no host": ("hosts", lambda s, m: setattr(s, "ALLOWED_HOSTS", ["localhost"]), "this machine alone"),
    "links elsewhere": ("hosts", lambda s, m: setattr(s, "OWN_URL", "https://other.example"), "leads to other.example"),
    "no HTTPS": ("https", lambda s, m: (setattr(s, "HTTPS", False), setattr(s, "PROXY", False)), "in the open"),
    "nothing ends HTTPS": ("https", lambda s, m: setattr(s, "PROXY", False), "every page would redirect"),
    "open folder": ("files", lambda s, m: s.DATA.chmod(0o755), "every user of the machine"),
    "full disk": ("disk", _full_disk, "3 MB are free"),
    "debug": ("debug", lambda s, m: setattr(s, "DEBUG", True), "would show records"),
    "a value of the wrong kind": ("settings", lambda s, m: m.setenv("OPENFLS_UPLOAD_MB", "many"), "OPENFLS_UPLOAD_MB"),
    "a name that is none": ("settings", lambda s, m: m.setenv("OPENFLS_HOST", "x"), "OPENFLS_HOST is no setting"),
    "cache": ("cache", _broken_cache, "does not answer (OSError)"),
    "mail server": ("mail", _no_mail, "does not answer (ConnectionRefusedError)"),
    "time zone": ("time zone", lambda s, m: setattr(s, "TIME_ZONE", "Europe/Saltby"), "Europe/Saltby"),
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_one_line(name: str, a_teams, monkeypatch) -> None:
    about, spoil, words = FAULTS[name]
    spoil(a_teams, monkeypatch)
    (line,) = found(about)
    assert words in line
    assert "\n" not in line
    assert A_TEAMS["OPENFLS_SECRET_KEY"] not in line


@pytest.mark.django_db
def test_a_database_that_is_away_is_told_without_its_password(a_teams, monkeypatch) -> None:
    a_teams.DATABASES["default"]["PASSWORD"] = "of-the-database"

    def away() -> None:
        raise OperationalError("no route\nto user openfls with of-the-database")

    monkeypatch.setattr(checking.connection, "ensure_connection", away)
    (line,) = [row.words for row in checking.check() if row.about == "database"]
    assert line == "the database cannot be reached (no route)"
    assert checking.first_line(OperationalError("as of-the-database")) == "as …"
    a_teams.DATABASES["default"]["PASSWORD"] = ""


@pytest.mark.django_db
def test_a_server_refuses_to_start_and_says_why(a_teams, monkeypatch, capsys) -> None:
    monkeypatch.setattr(
        "openfls.commands.database.prepare_database", lambda **_: pytest.fail("tables were touched")
    )
    a_teams.HTTPS = a_teams.PROXY = False
    for name in production._OWN_WAY:
        monkeypatch.setenv(name, production._OWN_WAY[name])
    with pytest.raises(BadInput, match="not started"):
        production.set_up(allowed=("sqlite",))
    assert "openfls: fault: https: OPENFLS_HTTPS is off" in capsys.readouterr().err
    with pytest.raises(BadInput, match="--allow takes sqlite, key, hosts, https"):
        production.set_up(allowed=("everything",))
    looked = CliRunner().invoke(app, ["check", "--allow", "sqlite"])
    assert (looked.exit_code, "fault" in looked.output) == (1, True)


def test_what_a_process_set_apart_it_lets_go_when_it_ends(monkeypatch) -> None:
    done: list[str] = []
    for of, name in (
        (gunicorn_app.gc, "freeze"),
        (gunicorn_app.gc, "unfreeze"),
        (WARMER, "wake"),
        (WARMER, "stop"),
    ):
        monkeypatch.setattr(of, name, lambda name=name: done.append(name))
    monkeypatch.setattr(gunicorn_app.sys, "setswitchinterval", lambda _: None)
    hooks = gunicorn_app.Server({}).cfg
    hooks.post_fork(None, None)
    hooks.worker_exit(None, None)
    assert done == ["freeze", "wake", "stop", "unfreeze"]


def test_the_server_keeps_to_this_machine_and_believes_nobody_without_a_proxy(monkeypatch) -> None:
    monkeypatch.delenv("OPENFLS_PROXY", raising=False)
    alone = serving.options("127.0.0.1", 8000, 2, 4)
    assert (alone["bind"], alone["forwarded_allow_ips"]) == ("127.0.0.1:8000", "")
    assert (alone["worker_class"], alone["preload_app"], alone["graceful_timeout"]) == ("gthread", True, 30)
    assert alone["max_requests"] > alone["max_requests_jitter"] > 0
    monkeypatch.setenv("OPENFLS_PROXY", "1")
    assert serving.options("::1", 8000, 2, 4)["forwarded_allow_ips"] == "127.0.0.1"
    assert serving.options("::1", 8000, 2, 4)["bind"] == "[::1]:8000"
    # A browser could send these through a proxy that does not know them.
    assert alone["forwarder_headers"] == ""


@pytest.mark.parametrize(
    ("kind", "given", "value"),
    [
        ("yes or no", "1", True),
        ("yes or no", "off", False),
        ("list of names", " a.example, .b,[::1],*,", ["a.example", ".b", "[::1]", "*"]),
        ("list of addresses", "172.30.0.2", ["172.30.0.2"]),
        ("database address", "postgres://o@/o?host=/run/postgresql", "postgres://o@/o?host=/run/postgresql"),
        ("mail server", "consolemail://", "consolemail://"),
        ("whole number", "7", 7),
        ("whole number", "", 5),
    ],
)
def test_a_setting_is_read_in_its_kind(kind: str, given: str, value: object) -> None:
    assert options.Option("X", "G", "w", kind=kind, default="5").read({"X": given}) == value


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        *[
            ("yes or no", "perhaps"),
            ("whole number", "-1"),
            ("whole number", "9" * 30),
            ("time of day", "25"),
        ],
        *[("list of names", "https://a.example"), ("list of names", "a.example:443")],
        *[("list of addresses", "proxy"), ("web address", "a.example"), ("mail address", "nobody")],
    ],
)
def test_a_setting_of_the_wrong_kind_is_named(kind: str, given: str) -> None:
    with pytest.raises(BadInput, match=r"X (is|cannot be) “"):
        options.Option("X", "G", "w", kind=kind).read({"X": given})


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        *[("database address", f"{scheme}://openfls:lurks@db/fls") for scheme in ("oracle", "mysql")],
        *[
            ("database address", each)
            for each in ("lurks", "postgres://o:lurks@db:x/fls", "postgres://lurks")
        ],
        *[("mail server", each) for each in ("lurks.example", "pop3://u:lurks@m", "smtp://u:lurks@m:x")],
    ],
)
def test_an_address_with_a_password_is_refused_without_telling_it(kind: str, given: str) -> None:
    with pytest.raises(BadInput, match="X cannot be what it is; ") as refused:
        options.Option("X", "G", "w", kind=kind, secret=True).read({"X": given})
    assert "lurks" not in str(refused.value)


def test_every_setting_that_the_program_reads_has_its_words() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "src/openfls").rglob("*.py")]
    named = {name for text in texts for name in re.findall(r"\bOPENFLS_[A-Z_]+\b", text)}
    assert named - set(checking._FOR_TESTS) == set(options.OPTIONS)
    for option in options.OPTIONS.values():
        option.read({})


def test_a_key_comes_from_its_file(tmp_path) -> None:
    path = tmp_path / "key"
    path.write_text("of-the-file\n")
    assert given_key("", str(path)) == "of-the-file"
    assert given_key("given", str(path)) == "given"
    assert given_key("", "") == ""
    path.write_text(" \n")
    for wrong in (path, tmp_path / "none"):
        with pytest.raises(BadInput, match="OPENFLS_SECRET_KEY_FILE"):
            given_key("", str(wrong))


def unit(path: Path) -> dict[str, dict[str, list[str]]]:
    """The sections of a unit file with every value of each name."""
    sections: dict[str, dict[str, list[str]]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            here = sections.setdefault(line.strip("[]"), {})
        elif "=" in line and not line.startswith("#"):
            name, _, value = line.partition("=")
            here.setdefault(name, []).append(value)
    return sections


SERVICES = [path for path in UNITS if path.suffix == ".service"]
HARDENED = {
    "NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes",
    "PrivateDevices": "yes", "ProtectKernelTunables": "yes", "RestrictSUIDSGID": "yes", "LockPersonality": "yes",
    "CapabilityBoundingSet": "", "UMask": "0077", "User": "openfls",
}  # fmt: skip


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_a_unit_runs_a_command_that_exists_with_no_more_rights_than_it_needs(path: Path) -> None:
    service = unit(path)["Service"]
    assert {name: service[name][0] for name in HARDENED} == HARDENED
    (command,) = service["ExecStart"]
    program, name, *arguments = command.split()
    assert program == "/opt/openfls/bin/openfls"
    given = [part for part in arguments if not part.startswith("$")]
    helped = CliRunner().invoke(app, [name, *given, "--help"])
    assert helped.exit_code == 0, helped.output
    for option in (part for part in given if part.startswith("--")):
        assert option in helped.output


def test_the_target_wants_every_service_that_a_server_needs() -> None:
    wanted = set(unit(DEPLOY / "systemd/openfls.target")["Unit"]["Wants"][0].split())
    templates = {re.sub(r"@\w+", "@", name) for name in wanted}
    assert templates == {path.name for path in SERVICES} - {"openfls-listen.service"}
    if shutil.which("systemd-analyze"):
        said = subprocess.run(
            ["systemd-analyze", "verify", *map(str, UNITS)], capture_output=True, text=True, check=False
        ).stderr
        # Here nothing is installed; whatever else it says is a fault of the file.
        rest = [line for line in said.splitlines() if "is not executable" not in line and "openfls" in line]
        assert rest == []


def _settings_in(path: Path) -> set[str]:
    return set(re.findall(r"^\s*(OPENFLS_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE))


def test_the_examples_set_nothing_that_is_no_setting_and_name_no_registry() -> None:
    for path in sorted(path for path in DEPLOY.rglob("*") if path.is_file()):
        text = path.read_text(encoding="utf-8")
        assert _settings_in(path) <= set(options.OPTIONS), path
        assert not re.search(r"(FROM|image:)\s+\S+\.\S+/", text), f"{path} names a registry"
    example = _settings_in(DEPLOY / "systemd/openfls.env")
    assert {"OPENFLS_DATABASE", "OPENFLS_HOSTS", "OPENFLS_HTTPS", "OPENFLS_PROXY"} <= example


def test_the_container_runs_as_nobody_special_and_each_of_its_services_has_a_command() -> None:
    lines = (DEPLOY / "container/Containerfile").read_text(encoding="utf-8").splitlines()
    last = [line.split()[0] for line in lines if re.match(r"[A-Z]+ ", line)]
    stages = [line for line in lines if line.startswith("FROM")]
    assert len(stages) == 3
    assert "USER" in last
    assert "npm" not in "\n".join(lines[lines.index(stages[2]) :]), "no Node in what runs"
    services = yaml.safe_load((DEPLOY / "container/compose.yaml").read_text(encoding="utf-8"))["services"]
    for name in ("serve", "worker", "worker-quick", "schedule"):
        assert services[name]["read_only"] is True
        assert services[name]["cap_drop"] == ["ALL"]
        assert CliRunner().invoke(app, [*services[name]["command"], "--help"]).exit_code == 0
    assert "ports" not in services["serve"], "reached through the proxy alone"


def test_the_proxies_set_what_the_server_believes_and_keep_the_numbers_inside() -> None:
    nginx = (DEPLOY / "proxy/nginx.conf").read_text(encoding="utf-8")
    assert "proxy_set_header X-Forwarded-Proto https;" in nginx
    assert re.search(r"location = /metrics \{ return 404; \}", nginx)
    for path in (DEPLOY / "proxy/Caddyfile", DEPLOY / "container/Caddyfile"):
        caddy = path.read_text(encoding="utf-8")
        assert "respond /metrics 404" in caddy
        assert all(words in caddy for words in ("request_buffers 45MB", "read_body 60s", "read_header 15s"))
    assert all(
        words in nginx
        for words in ("server_tokens off;", "ssl_reject_handshake on;", "client_body_timeout 30s;")
    )


def test_a_probe_of_this_machine_is_answered_whatever_names_the_server_has() -> None:
    asked = "from openfls import settings as s; print(s.ALLOWED_HOSTS, s.CSRF_TRUSTED_ORIGINS)"
    said = subprocess.run(
        [sys.executable, "-c", asked],
        env={**os.environ, **A_TEAMS},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert said.strip() == (
        "['fls.hospital.example', '127.0.0.1', 'localhost', '[::1]'] ['https://fls.hospital.example']"
    )
