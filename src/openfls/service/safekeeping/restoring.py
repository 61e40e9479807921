"""Putting a backup back: refused unless it is whole and fits, and never over something without being told to."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from openfls import __version__
from openfls.record.errors import BadInput
from openfls.service import clock
from openfls.service.safekeeping import embedded, private, server
from openfls.service.safekeeping.backing_up import own_file
from openfls.service.safekeeping.embedded import Damaged
from openfls.service.safekeeping.in_use import nobody_else
from openfls.service.safekeeping.manifest import Manifest, State, unlike
from openfls.service.safekeeping.opening import Opened, opened

_WORKING = ".openfls-restore-"
_ASIDE = "before-restore-%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, and the file in which what was there before is kept."""

    manifest: Manifest
    aside: Path | None
    secret: str
    """What became of the signing key, in words."""


def restore(path: Path, key: bytes | None = None, *, replace: bool = False) -> Restored:
    """Make this installation what the backup is. The caller brings the tables to this version afterwards.

    Raises:
        BadInput: the backup is not whole, is of another database or a newer version, openfls works on the database
            that is here, or there is something in it and ``replace`` was not said. Nothing has changed then.
    """
    private.make_folder(settings.DATA)
    for left in settings.DATA.glob(f"{_WORKING}*"):
        shutil.rmtree(left, ignore_errors=True)  # of a restore that was killed: a copy in the clear
    with tempfile.TemporaryDirectory(prefix=_WORKING, dir=settings.DATA) as folder, ExitStack() as stack:
        found = opened(path, Path(folder), key)
        check_fits(found.manifest, path.name)
        stack.enter_context(nobody_else())
        aside = _make_room(replace=replace)
        _put_back(found)
        now = _here()
        if now is None or (other := unlike(found.manifest.state, now)):
            raise BadInput(
                f"what was restored is not what was backed up ({other[0] if now else 'nothing is there'})"
            )
        return Restored(found.manifest, aside, _keep_secret(found))


def check_fits(manifest: Manifest, where: str) -> None:
    """Raise `BadInput` where the backup is of another kind of database, or of a version newer than this one."""
    ours = embedded.ENGINE if connection.vendor == "sqlite" else server.ENGINE
    if manifest.engine != ours:
        raise BadInput(
            f"is of a {manifest.engine} database and this installation has {ours}; "
            "move between them with `openfls export everything` and `openfls import`",
            where=where,
        )
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    # What a squashed migration stands for is recorded under its old names too.
    newer = [name for name in manifest.state.migrations if name.startswith("service.") and name not in known]
    if newer or number_of(manifest.version) > number_of(__version__):
        said = ", ".join([manifest.version, *newer[-1:]])
        raise BadInput(
            f"was made by a newer version of openfls ({said}); install that version first", where=where
        )


def number_of(version: str) -> tuple[int, ...]:
    """A version to compare: its leading numbers."""
    return tuple(map(int, re.findall(r"\d+", re.match(r"[\d.]*", version)[0])))  # type: ignore[index]


def _here() -> State | None:
    if connection.vendor == "sqlite":
        return embedded.state(own_file()) if own_file().exists() else None
    return server.state(connection.settings_dict)


def _make_room(*, replace: bool) -> Path | None:
    """Keep what is there, so that a restore can itself be taken back; where it is kept."""
    try:
        here = _here()
        if here is None or not here.rows:
            return None
        if not replace:
            raise BadInput(
                f"there is a database here already, with {sum(here.rows.values()):,} rows; "
                "say --replace to put the backup in its place"
            )
        return _set_aside()
    except Damaged as error:
        if not replace:
            raise BadInput(f"{error}; say --replace to put the backup in its place") from error
        return _move_aside()


def _move_aside() -> Path:
    """A file that SQLite cannot read is kept as it is, with what lies beside it: somebody may save something of it."""
    target = _free(clock.now().strftime(_ASIDE), ".sqlite3")
    for ending in ("-wal", "-shm", ""):
        part = own_file().with_name(own_file().name + ending)
        if part.exists():
            part.rename(target.with_name(target.name + ending))
    return target


def _set_aside() -> Path:
    stem = clock.now().strftime(_ASIDE)
    if connection.vendor == "sqlite":
        target = _free(stem, ".sqlite3")
        try:
            embedded.copy(own_file(), target)
        except Damaged:
            target.unlink(missing_ok=True)
            raise
    else:
        target = _free(stem, ".pgdump")
        server.dump(connection.settings_dict, target)
    return target


def _free(stem: str, ending: str) -> Path:
    names = (f"{stem}{number}{ending}" for number in ("", *(f"-{n}" for n in range(2, 1000))))
    paths = (Path(settings.DATA) / name for name in names)
    return next(path for path in paths if not path.exists())


def _put_back(found: Opened) -> None:
    connection.close()
    if connection.vendor == "sqlite":
        private.make_folder(own_file().parent)
        embedded.put_back(found.database, own_file())
    else:
        server.put_back(found.database, connection.settings_dict)


def _keep_secret(found: Opened) -> str:
    """The signing key of the backup becomes the installation's, so that what it signed or enciphered is read again."""
    if found.secret is None:
        return "the backup holds no signing key: set OPENFLS_SECRET_KEY as it was"
    if os.environ.get("OPENFLS_SECRET_KEY") or os.environ.get("OPENFLS_SECRET_KEY_FILE"):
        same = found.secret.read_text() == settings.SECRET_KEY
        return "unchanged" if same else "this installation is given another signing key than the backup holds"
    own = settings.DATA / "secret-key"
    if own.exists() and own.read_text() != found.secret.read_text():
        own.rename(_free(clock.now().strftime(_ASIDE), ".secret-key"))
    fresh = own.with_name(".secret-key-restored")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(found.secret.read_text())
    fresh.rename(own)
    return "restored; start openfls anew"
