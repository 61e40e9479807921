"""The key that signs badges: made once, kept in the data folder, readable by its owner alone."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.conf import settings


def badge_key(folder: Path | None = None) -> Ed25519PrivateKey:
    """The installation's Ed25519 key, made at the first call.

    Raises:
        TypeError: the file holds a key of another kind.
    """
    folder = folder or settings.DATA
    path = folder / "badge-key.pem"
    folder.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        # O_EXCL: of two processes that start together one makes the key, the other reads it.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            made = Ed25519PrivateKey.generate()
            file.write(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{path} holds no Ed25519 key")
    return key
