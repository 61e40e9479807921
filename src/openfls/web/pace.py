"""How often somebody may ask: a network address for what is open to anybody, another system for what it may read.

Counted in the database, for every process, by one statement that the database does not run twice at once: Django's own
increment of its cache reads first and writes then, and of two at once one is lost. Who asks is not kept, only the keyed
hash, in a row of the cache's table that goes when its minutes are over.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps

from allauth.account.adapter import get_adapter
from django.db import OperationalError, transaction
from django.db.models import F, IntegerField, TextField
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac

from openfls.service import clock
from openfls.service.models.access import Counted

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
        row, left = self._place(who)
        try:
            with transaction.atomic():
                Counted.objects.bulk_create([row], ignore_conflicts=True)
                Counted.objects.filter(pk=row.pk).update(value=_ONE_MORE)
                count = _counted(row)
            if count == 1:  # the first of a minute takes away what is over, so that the rows do not pile up
                over = Counted.objects.filter(cache_key__startswith="pace-", expires__lt=clock.now())
                over.delete()
        except OperationalError:
            # The database is held by something long. Nobody is turned away for what cannot be counted.
            return 0
        return left if count > self.limit else 0

    def full(self, who: str) -> int:
        """Without counting: in how many seconds ``who`` may ask again, 0 where one more would be let through."""
        row, left = self._place(who)
        return left if _counted(row) >= self.limit else 0

    def _place(self, who: str) -> tuple[Counted, int]:
        """Where it is counted, and for how many seconds still."""
        moment = int(clock.now().timestamp())
        begun = moment // _MINUTE * _MINUTE
        hashed = salted_hmac(f"openfls.{self.name}", who).hexdigest()
        ends = datetime.fromtimestamp(begun + 2 * _MINUTE, UTC)
        key = f"pace-{self.name}-{hashed}-{begun // _MINUTE}"
        return Counted(cache_key=key, value="0", expires=ends), begun + _MINUTE - moment


_ONE_MORE = Cast(Cast(F("value"), IntegerField()) + 1, TextField())


def _counted(row: Counted) -> int:
    return int(Counted.objects.filter(pk=row.pk).values_list("value", flat=True).first() or 0)


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
