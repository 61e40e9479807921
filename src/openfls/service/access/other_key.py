"""Second factors that were set up under another secret key: nobody can open them here, and no code of theirs counts.

Passkeys are not among them: of a passkey nothing is kept but what everybody may know.
"""

from __future__ import annotations

from collections.abc import Iterable

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken

from openfls.service.access.sealing import unseal

TITLE = "Your authenticator app cannot be checked here"
WORDS = (
    "It was set up under another key of this system, and so were your recovery codes: no code of theirs counts any "
    "more. Nothing is wrong with your account. The manager of your service takes your second factors away (Access, "
    "your name), and you set a new one up when you sign in. A passkey, if you have one, works as before."
)


def opens(factor: Authenticator) -> bool:
    """Whether the key of this installation opens what is kept of a factor."""
    kept = factor.data.get("secret") or factor.data.get("seed")
    if factor.type == Authenticator.Type.WEBAUTHN or not kept:
        return True
    try:
        unseal(kept)
    except InvalidToken:
        return False
    return True


def people_shut_out(factors: Iterable[Authenticator] | None = None) -> int:
    """How many people have a factor that cannot be opened."""
    every = Authenticator.objects.iterator() if factors is None else factors
    return len({one.user_id for one in every if not opens(one)})


def warning() -> str:
    """What whoever runs the installation is told, empty where every factor opens. It names nobody."""
    count = people_shut_out()
    if not count:
        return ""
    who = "1 person has a second factor" if count == 1 else f"{count} people have second factors"
    return (
        f"{who} of another secret key, which this one cannot open; give the key as it was, or have them taken away "
        "(Access, or `openfls user-reset NAME --factors`)"
    )
