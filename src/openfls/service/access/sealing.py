"""Texts that only this installation can open: secrets of second factors, so that whoever has the database alone cannot
make a code, and forms that wait in a browser for who filled them in.

Each purpose has a key of its own, derived from the installation's secret key. With another secret key nothing can be
opened any more: managers then take factors away, and everybody sets a new one up (`other_key` tells whose).
"""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

FACTORS = "second factors"


def _box(purpose: str) -> Fernet:
    key = HKDF(SHA256(), length=32, salt=None, info=f"openfls {purpose}".encode()).derive(
        settings.SECRET_KEY.encode()
    )
    return Fernet(base64.urlsafe_b64encode(key))


def seal(text: str, purpose: str = FACTORS) -> str:
    """The text, for the key of this installation and purpose alone."""
    return _box(purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, purpose: str = FACTORS, *, lasts: int | None = None) -> str:
    """The text again. Raises `cryptography.fernet.InvalidToken` where it was sealed with another key, or more than
    ``lasts`` seconds ago."""
    return _box(purpose).decrypt(sealed.encode(), ttl=lasts).decode()
