"""Whether somebody waits at the door after wrong passwords, and until when."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from allauth.core.internal.ratelimit import get_cache_key, get_rates
from django.core.cache import cache

from openfls.service.access.door import OF_AN_ACCOUNT
from openfls.service.models import User

_COUNTED = {"app": "allauth.account", "action": "login_failed"}


def locked_until(user: User) -> datetime | None:
    """The moment from which the next try of this account is looked at again; None while none is refused.

    Tries that come from one address, whichever accounts they are for, are counted apart and are not in it.
    """
    now = time.time()  # the tries are counted by the clock of the machine
    ends = []
    for rate in get_rates(
        app=_COUNTED["app"], action=_COUNTED["action"], config={"login_failed": OF_AN_ACCOUNT}
    ):
        key = get_cache_key(None, **_COUNTED, rate=rate, key=f"account:{user.pk}")
        tries = sorted((at for at in cache.get(key, []) if at > now - rate.duration), reverse=True)
        if len(tries) >= rate.amount:
            ends.append(tries[rate.amount - 1] + rate.duration)
    return datetime.fromtimestamp(max(ends), UTC) if ends else None
