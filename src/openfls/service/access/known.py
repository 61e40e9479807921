"""Whose account is meant by what somebody typed at the door."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from openfls.service.models import User


def user_called(credentials: Mapping[str, object]) -> User | None:
    """The account with this user name or e-mail address, None where nobody has it or several do."""
    name = str(credentials.get("username") or credentials.get("email") or "").strip()
    if not name:
        return None
    found = list(User.objects.filter(username__iexact=name)[:2])
    if not found and "@" in name:
        found = list(User.objects.filter(email__iexact=name)[:2])
    return found[0] if len(found) == 1 else None


def typed(credentials: Mapping[str, object]) -> str:
    """What was typed as a key: people type their password there by mistake, so it is not kept in clear."""
    name = str(credentials.get("username") or credentials.get("email") or "").strip().lower()
    return hashlib.sha256(name.encode()).hexdigest()
