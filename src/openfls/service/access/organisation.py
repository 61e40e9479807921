"""Who is meant by an e-mail address for which the organisation vouches."""

from __future__ import annotations

from collections.abc import Iterable

from allauth.account.models import EmailAddress
from django.db import transaction

from openfls.service.access import inviting
from openfls.service.actor import system_actor
from openfls.service.models import User


def known_as(addresses: Iterable[str]) -> User | None:
    """The account whose address is one of these, which a manager wrote down; one is made for who is invited.

    None for everybody else: nobody signs up. An address that two accounts share is nobody's.
    """
    for address in addresses:
        users = {row.user for row in _addresses(address)} or set(User.objects.filter(email__iexact=address))
        if len(users) == 1:
            return users.pop()
        if users:
            return None
        with transaction.atomic():
            invitation = inviting.waiting(address)
            if invitation is not None:
                by = system_actor(invitation.service)
                name = _free_name(address)
                return inviting.join(invitation=invitation, username=name, password=None, by=by)
    return None


def _addresses(address: str) -> list[EmailAddress]:
    return list(EmailAddress.objects.filter(email__iexact=address, verified=True).select_related("user"))


def _free_name(address: str) -> str:
    """A user name made of the address that nobody has."""
    wish = address.partition("@")[0].lower()[:100] or "user"
    name, number = wish, 1
    while User.objects.filter(username__iexact=name).exists():
        number += 1
        name = f"{wish}{number}"
    return name
