"""`/health/live`, `/health/ready` and `/metrics`: for probes and monitoring, not for people.

None of them says anything about a person, a user or a service. Probes need no sign-in; the numbers are for this
machine, or for whoever has the token.
"""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Iterator
from dataclasses import asdict

from django.conf import settings
from django.db import connection
from django.db.models import Max
from django.db.utils import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse
from django.urls import path
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from openfls.service import clock
from openfls.service.models import Delivery, InboxMessage
from openfls.service.operation import jobs, life
from openfls.service.operation.checking import free_megabytes
from openfls.service.operation.readiness import ready
from openfls.web.operation import numbers

_BY_A_PROXY = ("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "Forwarded", "X-Real-IP", "Via")


@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """The process answers. It asks nothing of the database: one that is away is no reason to kill the server."""
    return JsonResponse({"status": "alive"})


@require_safe
def is_ready(request: HttpRequest) -> JsonResponse:
    """Whether to send people here: 200, or 503 with what is not in order."""
    found = ready()
    words = "ready" if found.is_ready else "not ready"
    return JsonResponse({"status": words, **asdict(found)}, status=200 if found.is_ready else 503)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The numbers in Prometheus' text form."""
    if not (_from_this_machine(request) or _has_token(request)):
        return HttpResponseForbidden("The numbers are for this machine, or for whoever has the token.\n")
    return HttpResponse(numbers.told(State()), content_type=CONTENT_TYPE_LATEST)


def _from_this_machine(request: HttpRequest) -> bool:
    """Asked from here, and not on behalf of another by a proxy of this machine."""
    if any(name in request.headers for name in _BY_A_PROXY):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _has_token(request: HttpRequest) -> bool:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    wanted = settings.METRICS_TOKEN
    return bool(wanted) and scheme == "Bearer" and hmac.compare_digest(given.encode(), wanted.encode())


class State(Collector):
    """How the installation stands, asked of the database at this moment."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The families; of a database that is away only that."""
        free = free_megabytes()
        if free is not None:
            yield _one("openfls_disk_free_bytes", "Free bytes beside the data folder.", free * 1024 * 1024)
        try:
            families = [*_jobs(), *_lives(), *_feeds()]
        except (DatabaseError, InterfaceError):
            if not connection.in_atomic_block:
                connection.close()
            yield _one("openfls_database_up", "Whether the database answers.", 0)
            return
        yield _one("openfls_database_up", "Whether the database answers.", 1)
        yield from families


def _one(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, words, value=value)


def _jobs() -> Iterator[GaugeMetricFamily]:
    counted = GaugeMetricFamily("openfls_jobs", "Jobs by kind and state.", labels=["kind", "state"])
    longest = GaugeMetricFamily(
        "openfls_job_wait_seconds", "How long the job that is due longest has waited.", labels=["kind"]
    )
    for each in jobs.standing():
        counted.add_metric([each.kind, "waiting"], each.waiting)
        counted.add_metric([each.kind, "running"], each.running)
        counted.add_metric([each.kind, "given up"], each.given_up)
        longest.add_metric([each.kind], each.longest)
    yield counted
    yield longest


def _lives() -> Iterator[GaugeMetricFamily]:
    silent = GaugeMetricFamily(
        "openfls_silent_seconds", "Seconds since a process of a role gave a sign of life.", labels=["role"]
    )
    for role in ("worker", "schedule", "listen"):
        seconds = life.seconds_since(role)
        if seconds is not None:
            silent.add_metric([role], seconds)
    yield silent


def _feeds() -> Iterator[GaugeMetricFamily]:
    last = Delivery.objects.filter(service__practice_of=None).aggregate(at=Max("received_at"))["at"]
    if last is not None:
        seconds = max(0.0, (clock.now() - last).total_seconds())
        yield _one("openfls_feed_silent_seconds", "Seconds since the last delivery of any feed.", seconds)
    waiting = InboxMessage.objects.filter(state=InboxMessage.State.RECEIVED).count()
    yield _one("openfls_inbox_waiting", "Messages kept and not read yet.", waiting)


OPERATION = (
    path("health/live", live, name="health-live"),
    path("health/ready", is_ready, name="health-ready"),
    path("metrics", metrics, name="metrics"),
)
"""The addresses. They are public as sign-in is: what they say is for anybody, or they ask for a token."""
