"""The key of encrypted backups: 32 random bytes in a file of its own, which never lies beside the backups."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import secrets
from pathlib import Path

from openfls.record.errors import BadInput

LENGTH = 32


def make_key(path: Path) -> str:
    """Write a new key to ``path``, for its owner alone; its name, by which a backup knows its key.

    Raises:
        BadInput: there is a file already, or it cannot be written.
    """
    key = secrets.token_bytes(LENGTH)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(base64.b64encode(key).decode() + "\n")
    except FileExistsError as error:
        raise BadInput("is there already; a key is never overwritten", where=str(path)) from error
    except OSError as error:
        raise BadInput(f"cannot be written ({error.strerror})", where=str(path)) from error
    return name_of(key)


def read_key(path: Path) -> bytes:
    """The key in a file.

    Raises:
        BadInput: it cannot be read, or is none.
    """
    try:
        key = base64.b64decode(path.read_text(encoding="ascii").strip(), validate=True)
    except OSError as error:
        raise BadInput(f"cannot be read ({error.strerror})", where=str(path)) from error
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise BadInput("is no key of a backup", where=str(path)) from error
    if len(key) != LENGTH:
        raise BadInput("is no key of a backup", where=str(path))
    return key


def name_of(key: bytes) -> str:
    """What tells one key from another and tells nothing of it."""
    return hashlib.sha256(b"openfls backup key" + key).hexdigest()[:16]
