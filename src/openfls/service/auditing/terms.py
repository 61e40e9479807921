"""The words of a search are somebody's name: in the log they stand enciphered, and only governance reads them.

The key comes from the installation's signing key. With another key the words cannot be read; that somebody searched,
when, and how many were found stands beside them in the clear.
"""

from __future__ import annotations

import base64
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_NONCE = 12
_MOST = 200
"""Characters of a search that are kept."""


def _cipher() -> AESGCM:
    derived = HKDF(SHA256(), 32, salt=None, info=b"openfls search terms")
    return AESGCM(derived.derive(settings.SECRET_KEY.encode()))


def enciphered(words: str) -> str:
    """The words for the log."""
    nonce = secrets.token_bytes(_NONCE)
    return base64.b64encode(nonce + _cipher().encrypt(nonce, words[:_MOST].encode(), None)).decode()


def deciphered(kept: str) -> str | None:
    """The words again; None where the key is another one now."""
    try:
        raw = base64.b64decode(kept, validate=True)
        return _cipher().decrypt(raw[:_NONCE], raw[_NONCE:], None).decode()
    except (ValueError, InvalidTag):
        return None
