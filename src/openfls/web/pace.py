"""How often somebody may ask: a network address for what is open to anybody, another system for what it may read.

Counted in the cache, for every process. Who asks is not kept, only the keyed hash, and that for two minutes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac

from openfls.service import clock

_MINUTE = 60


def address_of(request: HttpRequest) -> str:
    """Where a request comes from: as the proxy says where one is set, and no other header is believed."""
    return str(get_adapter().get_client_ip(request))


@dataclass(frozen=True, slots=True)
class Pace:
    """At most ``limit`` a minute of whoever it is, for what ``name`` names."""

    name: str
    limit: int

    def seconds_to_wait(self, request: HttpRequest) -> int:
        """Count one of the request's address; in how many seconds it may ask again, 0 where it may now."""
        return self.count(address_of(request))

    def count(self, who: str) -> int:
        """Count one of ``who``; in how many seconds to ask again, 0 where it may go on."""
        key, left = self._place(who)
        cache.add(key, 0, 2 * _MINUTE)
        try:
            count = cache.incr(key)
        except ValueError:
            # It was dropped in this very moment: the cache was cleared or is full.
            count = 1
        return left if count > self.limit else 0

    def full(self, who: str) -> int:
        """Without counting: in how many seconds ``who`` may ask again, 0 where one more would be let through."""
        key, left = self._place(who)
        return left if cache.get(key, 0) >= self.limit else 0

    def _place(self, who: str) -> tuple[str, int]:
        """Where it is counted, and for how many seconds still."""
        moment = int(clock.now().timestamp())
        hashed = salted_hmac(f"openfls.{self.name}", who).hexdigest()
        return f"pace-{self.name}-{hashed}-{moment // _MINUTE}", _MINUTE - moment % _MINUTE


def paced(view: Callable[..., HttpResponse], pace: Pace) -> Callable[..., HttpResponse]:
    """The view for who is not signed in at this pace; whoever asks more often is told to wait."""

    @wraps(view)
    def run(request: HttpRequest, *args: object, **keywords: object) -> HttpResponse:
        wait = 0 if request.user.is_authenticated else pace.seconds_to_wait(request)
        if not wait:
            return view(request, *args, **keywords)
        said = {"title": "Please wait a minute", "words": _TOO_MANY}
        answer = render(request, "error.jinja", said, status=429)
        answer.headers["Retry-After"] = str(wait)
        return answer

    return run


_TOO_MANY = (
    "More was asked from your network than this page answers in a minute. Nothing is lost: try again then."
)
