"""Secrets of second factors are kept sealed: whoever has the database alone cannot make a code.

The key is derived from the installation's secret key. With another secret key the factors cannot be opened any more:
managers then take them away, and everybody sets a new one up.
"""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def _box() -> Fernet:
    key = HKDF(SHA256(), length=32, salt=None, info=b"openfls second factors").derive(
        settings.SECRET_KEY.encode()
    )
    return Fernet(base64.urlsafe_b64encode(key))


def seal(text: str) -> str:
    """The text, for the key of this installation alone."""
    return _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """The text again. Raises `cryptography.fernet.InvalidToken` where it was sealed with another key."""
    return _box().decrypt(sealed.encode()).decode()
