"""Whether an installation is set up so that a hospital can rely on it. Each fault is one line, with what to do.

Nothing here changes anything, and no line holds a secret.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core.cache import cache
from django.core.mail import get_connection
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import DatabaseError, InterfaceError, OperationalError, ProgrammingError
from django.http.request import validate_host
from django.utils import timezone

from openfls import options
from openfls.record.errors import BadInput
from openfls.service.access import other_key

Weight = Literal["fault", "warning"]
OLDEST_POSTGRES = 14
CLOCK_SECONDS = 5.0
MAIL_SECONDS = 5
SHORTEST_KEY = 50
MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that is not as it should be. ``about`` can be let pass by name: `openfls serve --allow …`."""

    about: str
    words: str
    weight: Weight = "fault"


def check(environment: Mapping[str, str] | None = None) -> list[Found]:
    """Everything that is not as it should be for a team's server."""
    given = os.environ if environment is None else environment
    checks: tuple[Callable[[], Iterator[Found]], ...] = (
        lambda: _settings(given),
        lambda: _key(given),
        _hosts,
        _transport,
        _files,
        _disk,
        _database,
        _cache,
        _factors,
        _mail,
        _zone,
    )
    return [found for one in checks for found in one()]


def _settings(given: Mapping[str, str]) -> Iterator[Found]:
    for option in options.OPTIONS.values():
        try:
            option.read(given)
        except BadInput as error:
            yield Found("settings", str(error))
    for name in sorted(given):
        if name.startswith("OPENFLS_") and name not in options.OPTIONS and name not in _FOR_TESTS:
            yield Found("settings", f"{name} is no setting; look for the right name", "warning")
    if settings.DEBUG:
        yield Found("debug", "DEBUG is on: pages of faults would show records")


_FOR_TESTS = ("OPENFLS_TEST_POSTGRES", "OPENFLS_SCREENSHOTS")


def _key(given: Mapping[str, str]) -> Iterator[Found]:
    if not (given.get("OPENFLS_SECRET_KEY") or given.get("OPENFLS_SECRET_KEY_FILE")):
        yield Found(
            "key",
            "no secret key is given, so the one in the data folder is used; set OPENFLS_SECRET_KEY_FILE",
        )
    elif len(settings.SECRET_KEY) < SHORTEST_KEY or len(set(settings.SECRET_KEY)) < 10:
        yield Found("key", f"the secret key is weak; give at least {SHORTEST_KEY} random characters")


def _hosts() -> Iterator[Found]:
    if "*" in settings.ALLOWED_HOSTS:
        yield Found("hosts", "OPENFLS_HOSTS is *: the server would answer to any name; list its own")
    elif not set(settings.ALLOWED_HOSTS) - {"127.0.0.1", "localhost", "[::1]"}:
        yield Found("hosts", "OPENFLS_HOSTS names this machine alone; add the name that browsers use")


def _transport() -> Iterator[Found]:
    if not settings.HTTPS:
        yield Found("https", "OPENFLS_HTTPS is off: sign-ins and records would cross the network in the open")
    elif not settings.PROXY:
        yield Found(
            "https",
            "OPENFLS_HTTPS is on and OPENFLS_PROXY off: nothing ends the HTTPS, every page would redirect",
        )
    if settings.PROXY and not settings.HTTPS:
        yield Found("https", "OPENFLS_PROXY is on and OPENFLS_HTTPS off: cookies would be sent in the open")
    if settings.OWN_URL and not settings.OWN_URL.startswith("https://"):
        yield Found("https", "OPENFLS_URL does not begin with https://", "warning")
    named = urlsplit(settings.OWN_URL).hostname or ""
    if named and not validate_host(named, settings.ALLOWED_HOSTS):
        yield Found("hosts", f"OPENFLS_URL leads to {named}, a name that OPENFLS_HOSTS does not have")
    if settings.MAILS and not settings.OWN_URL:
        words = (
            "OPENFLS_MAIL is set and OPENFLS_URL is not: who forgets a password is sent no link to a new one"
        )
        yield Found("hosts", words, "warning")


def _files() -> Iterator[Found]:
    folder: Path = settings.DATA
    if not os.access(folder, os.W_OK | os.X_OK):
        yield Found("files", f"{folder} cannot be written to by this user; set OPENFLS_DATA or its rights")
        return
    key_file = os.environ.get("OPENFLS_SECRET_KEY_FILE", "")
    for path in (folder, folder / "secret-key", *([Path(key_file)] if key_file else [])):
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & stat.S_IRWXO:
            yield Found(
                "files", f"{path} is open to every user of the machine; take the rights of others away"
            )


def _disk() -> Iterator[Found]:
    free = free_megabytes()
    if free is not None and free < options.read("OPENFLS_DISK_MB"):
        yield Found(
            "disk", f"{free} MB are free beside {settings.DATA}; at least {options.read('OPENFLS_DISK_MB')}"
        )


def free_megabytes() -> int | None:
    """Free megabytes beside the data folder; None where nobody can tell."""
    try:
        return shutil.disk_usage(settings.DATA).free // MEBIBYTE
    except OSError:
        return None


def _database() -> Iterator[Found]:
    if connection.vendor != "postgresql":
        yield Found("sqlite", "the database is SQLite, for one laptop; set OPENFLS_DATABASE to PostgreSQL")
    if not _is_there():
        file = connection.settings_dict["NAME"]
        words = f"there is no database at {file}: set OPENFLS_DATA, or `openfls run` begins one"
        yield Found("migrations", words)
        return
    try:
        connection.ensure_connection()
    except (DatabaseError, InterfaceError) as error:
        yield Found("database", f"the database cannot be reached ({first_line(error)})")
        return
    if connection.vendor == "postgresql":
        yield from _postgres()
    pending = migrations_pending()
    if pending:
        lacking = "1 migration is" if pending == 1 else f"{pending} migrations are"
        yield Found("migrations", f"{lacking} not applied; run `openfls migrate`")


def _is_there() -> bool:
    """Whether there is a database to be asked: to open the embedded one would make it."""
    if connection.vendor != "sqlite" or connection.is_in_memory_db():
        return True
    return Path(connection.settings_dict["NAME"]).exists()


def _postgres() -> Iterator[Found]:
    if connection.pg_version // 10000 < OLDEST_POSTGRES:
        version = connection.pg_version // 10000
        yield Found("database", f"PostgreSQL {version} is too old; at least {OLDEST_POSTGRES}")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT clock_timestamp(), current_setting('server_encoding'), current_setting('fsync')"
        )
        moment, encoding, fsync = cursor.fetchone()
    apart = abs((moment - timezone.now()).total_seconds())
    if apart > CLOCK_SECONDS:
        yield Found("clock", f"the clocks of this machine and the database are {apart:.0f} seconds apart")
    if encoding != "UTF8":
        yield Found("database", f"the database holds {encoding}; make one with UTF8")
    if fsync != "on":
        yield Found("database", "fsync is off: what was saved is lost when the machine stops")


def migrations_pending() -> int:
    """How many migrations the database lacks. Raises Django's DatabaseError where it is away."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def first_line(error: BaseException) -> str:
    """The first line of what a database said, without a password."""
    words = str(error).splitlines()
    password = str(settings.DATABASES["default"].get("PASSWORD") or "")
    line = words[0] if words else type(error).__name__
    return line.replace(password, "…") if password else line


def _cache() -> Iterator[Found]:
    if not _is_there():
        return  # it lies in the database, of which that is told
    try:
        cache.set("openfls-check", "1", 10)
        held = cache.get("openfls-check")
    except (OperationalError, InterfaceError):
        return  # it lies in the database, of which that is told
    except Exception as error:
        if isinstance(error, ProgrammingError) and migrations_pending():
            return  # its table comes with the others
        yield Found("cache", f"the cache does not answer ({type(error).__name__})")
        return
    if held != "1":
        yield Found("cache", "the cache does not keep what it is given", "warning")


def _factors() -> Iterator[Found]:
    try:
        if _is_there() and (words := other_key.warning()):
            yield Found("key", words, "warning")
    except (DatabaseError, InterfaceError):
        return  # away, or without its tables: of that it is told


def _mail() -> Iterator[Found]:
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        return
    server = get_connection(timeout=MAIL_SECONDS)
    try:
        server.open()
        server.close()
    except Exception as error:  # the network's, the certificate's, or the server's own no
        yield Found("mail", f"the mail server of OPENFLS_MAIL does not answer ({type(error).__name__})")


def _zone() -> Iterator[Found]:
    try:
        ZoneInfo(settings.TIME_ZONE)
    except ZoneInfoNotFoundError:
        yield Found(
            "time zone", f"this machine does not know {settings.TIME_ZONE}; install its time zone data"
        )
