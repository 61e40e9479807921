"""What one page costs: questions to the database, and milliseconds of the processor, in our process and in the
database's, beside one row fetched by its key in the same run. A busy machine does not change them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from load.sessions import sessions, world
from openfls.service.models import Episode

TURNS = 10


def cost() -> None:
    """Print the cost of each page of the mix, the mean of several turns on different records."""
    settings.ALLOWED_HOSTS = ["*"]
    seen = world()
    client = Client()
    client.cookies["sessionid"] = sessions(1)[0]
    print(f"{'processor ms':24} {'queries':>8} {'ours':>8} {'database':>9} {'in all':>8}")

    def get(path: str) -> None:
        answer = client.get(path)
        while answer.status_code == 202:  # figures that are being worked out: only before the first turn
            time.sleep(1)
            answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)

    pages: dict[str, Callable[[int], object]] = {
        "one row by its key": lambda n: Episode.objects.get(pk=seen.to_assess[n % len(seen.to_assess)]),
        "today": lambda n: get("/"),
        "worklist to-confirm": lambda n: get("/worklist/to-confirm/"),
        "worklist to-assess": lambda n: get("/worklist/to-assess/"),
        "worklist reviews-due": lambda n: get("/worklist/reviews-due/"),
        "worklist overdue": lambda n: get("/worklist/overdue/"),
        "worklist closed": lambda n: get("/worklist/closed/"),
        "person": lambda n: get(f"/people/{seen.people[n]}/"),
        "queue": lambda n: get(f"/episodes/{seen.to_confirm[n % len(seen.to_confirm)]}/found/"),
        "assessment": lambda n: get(f"/episodes/{seen.to_assess[n % len(seen.to_assess)]}/assessment/"),
        "search by name": lambda n: client.post("/people/", {"q": seen.names[n]}),
        "search by number": lambda n: client.post("/people/", {"q": seen.numbers[n]}),
        "dashboard": lambda n: get("/measures/"),
    }
    for name, page in pages.items():
        own, of_database, queries = _timed(page)
        print(f"{name:24} {queries:8} {own:8.1f} {of_database:9.1f} {own + of_database:8.1f}", flush=True)


def _timed(page: Callable[[int], object]) -> tuple[float, float, float]:
    """Milliseconds of the processor in this process and in the database's, of one turn; and queries of one turn."""
    page(TURNS)  # the first one makes what is kept
    with CaptureQueriesContext(connection) as asked:
        page(0)
    queries = len(asked)
    there = backend()
    own, of_database = time.process_time(), _seconds_of(there)
    for turn in range(TURNS):
        page(turn)
    own, of_database = time.process_time() - own, _seconds_of(there) - of_database
    return 1000 * own / TURNS, 1000 * of_database / TURNS, queries


def backend() -> int:
    """The process in which the database answers us."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def _seconds_of(process: int) -> float:
    """Of a process of the database, and of the helpers that the database started for it and that have ended."""
    own = _stat(process)
    return (sum(map(int, own[11:13])) + sum(map(int, _stat(int(own[1]))[13:15]))) / os.sysconf("SC_CLK_TCK")


def _stat(process: int) -> list[str]:
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
