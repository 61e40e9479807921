"""The signing key of an installation: made once, kept in the data folder, readable by its owner alone."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from openfls.record.errors import BadInput
from openfls.service.safekeeping.private import make_folder


def secret_key(folder: Path) -> str:
    """The key kept in ``folder``, made at the first call.

    Raises:
        BadInput: the folder cannot be made, read or written to.
    """
    try:
        return _made_once(folder)
    except OSError as error:
        raise BadInput(f"cannot be used ({error.strerror}); set OPENFLS_DATA", where=str(folder)) from error


def _made_once(folder: Path) -> str:
    path = folder / "secret-key"
    make_folder(folder)
    if not path.exists():
        fresh = folder / f".secret-key-{secrets.token_hex(8)}"  # two containers may have the same process id
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
        # Of two processes that start together one makes the key and the other reads it, whole.
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        except OSError:  # a file system without links: nobody's key is replaced there either
            _copy_unless_there(fresh, path)
        fresh.unlink(missing_ok=True)
    return path.read_text()


def _copy_unless_there(fresh: Path, path: Path) -> None:
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(fresh.read_text())
    except FileExistsError:
        pass


def given_key(key: str, file: str) -> str:
    """The key that an installation is given: ``key`` itself, or what the ``file`` holds; empty where there is neither.

    Raises:
        BadInput: the file cannot be read, or is empty.
    """
    if key or not file:
        return key
    try:
        held = Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"OPENFLS_SECRET_KEY_FILE cannot be read ({type(error).__name__})") from error
    if not held:
        raise BadInput("OPENFLS_SECRET_KEY_FILE is empty")
    return held
