"""How often anybody may look a code up."""

from __future__ import annotations

from django.http import HttpRequest

from openfls.web.pace import Pace

LOOKS_A_MINUTE = 30
"""Of one address; ours. An employer who checks a whole team by hand stays below it, a program that guesses does not."""
_LOOKS = Pace("certificates", LOOKS_A_MINUTE)


def seconds_to_wait(request: HttpRequest) -> int:
    """Count one look; in how many seconds the address may look again, 0 where it may now."""
    return _LOOKS.seconds_to_wait(request)
