"""How often anybody may look a code up: counted in the cache by address and minute, for every process of the server.

The address itself is not kept, only its keyed hash, and that for two minutes.
"""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from openfls.service import clock

LOOKS_A_MINUTE = 30
"""Of one address; ours. An employer who checks a whole team by hand stays below it, a program that guesses does not."""
_MINUTE = 60


def seconds_to_wait(request: HttpRequest) -> int:
    """Count one look; in how many seconds the address may look again, 0 where it may now."""
    moment = int(clock.now().timestamp())
    address = get_adapter().get_client_ip(request)
    key = f"looks-{salted_hmac('openfls.certificates', address).hexdigest()}-{moment // _MINUTE}"
    cache.add(key, 0, 2 * _MINUTE)
    try:
        count = cache.incr(key)
    except ValueError:
        # It was dropped in this very moment: the cache was cleared or is full.
        count = 1
    return _MINUTE - moment % _MINUTE if count > LOOKS_A_MINUTE else 0
