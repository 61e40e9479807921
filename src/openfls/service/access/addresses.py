"""The e-mail address of an account, and whether it is confirmed: whether somebody who reads what is mailed to it has
shown so, by a link that was mailed to it, or because the organisation vouches for it.

The library keeps a row for an address that is confirmed, and one for an address that waits for its link. One that a
manager wrote down and nobody has confirmed stands in the account alone: it signs in, and no link to a new password
goes there.
"""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db.models import QuerySet

from openfls.service.models import User


def is_confirmed(user: User) -> bool:
    """Whether the address that the account has now is confirmed."""
    return bool(user.email) and _rows(user).filter(email__iexact=user.email, verified=True).exists()


def waiting(user: User) -> str:
    """The address that waits to be confirmed; empty where none does."""
    row = _rows(user).filter(verified=False).order_by("-pk").first()
    return row.email if row else ""


def is_anothers(email: str, user: User) -> bool:
    """Whether another account has this address already."""
    theirs = EmailAddress.objects.filter(email__iexact=email, verified=True).exclude(user=user)
    return theirs.exists() or User.objects.filter(email__iexact=email).exclude(pk=user.pk).exists()


def awaited(user: User, email: str) -> EmailAddress:
    """The row of an address that is to be confirmed; any other that was waiting is dropped, and its link with it.
    Within a transaction."""
    User.objects.select_for_update().get(pk=user.pk)  # of two at once, one waits and finds the other's row
    row = _rows(user).filter(email=email, verified=False).first()
    if row is None:
        drop_waiting(user)
        row = EmailAddress.objects.create(user=user, email=email)
    return row


def drop_waiting(user: User) -> None:
    """No link that was mailed before confirms anything any more."""
    _rows(user).filter(verified=False).delete()


def came_by_mail(user: User, email: str) -> None:
    """``user`` has used what was mailed to ``email``: it is confirmed where it is her address, or becomes it where she
    had none. One of another account stays theirs."""
    if not email or (user.email and user.email.lower() != email) or is_anothers(email, user):
        return
    if user.email != email:
        User.objects.filter(pk=user.pk).update(email=email)
        user.email = email
    _rows(user).exclude(email=email).delete()
    EmailAddress.objects.update_or_create(
        user=user, email=email, defaults={"verified": True, "primary": True}
    )


def _rows(user: User) -> QuerySet[EmailAddress]:
    return EmailAddress.objects.filter(user=user)
