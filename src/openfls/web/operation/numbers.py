"""The numbers of the web server for a monitoring system: how many requests, how long each took, by page and method.

Labels are names of pages and methods out of closed lists: never an address, a key, a service, a user or a person.
With several processes each writes a file in `PROMETHEUS_MULTIPROC_DIR`, and whoever is asked adds them up.
"""

from __future__ import annotations

import os
from pathlib import Path

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    disable_created_metrics,
    generate_latest,
    multiprocess,
)
from prometheus_client.registry import Collector

SECONDS = (0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0, 15.0)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
disable_created_metrics()  # a second number for each, of no use here
_REQUESTS = Counter("openfls_requests", "Requests answered.", ("method", "page", "status"))
_TIMES = Histogram(
    "openfls_request_seconds", "Seconds until the answer.", ("method", "page"), buckets=SECONDS
)


def method_of(method: str) -> str:
    """The method; *other* for one that a caller made up."""
    return method if method in METHODS else "other"


def count(method: str, page: str, status: int, seconds: float) -> None:
    """Count one request."""
    _REQUESTS.labels(method_of(method), page, str(status)).inc()
    _TIMES.labels(method_of(method), page).observe(seconds)


def told(state: Collector) -> bytes:
    """Everything in Prometheus' text form: what the processes counted, and the ``state`` of the installation."""
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        multiprocess.MultiProcessCollector(registry)
    else:
        registry.register(_Counted())
    registry.register(state)
    return generate_latest(registry)


class _Counted(Collector):
    """What this one process counted, without what the library tells of the machine."""

    def collect(self) -> list[object]:  # type: ignore[override]
        """Our own families."""
        return [*_REQUESTS.collect(), *_TIMES.collect()]


def forget_dead(folder: Path) -> None:
    """Empty the folder of the processes' files before the first of them starts."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for path in folder.glob("*.db"):
        path.unlink(missing_ok=True)
