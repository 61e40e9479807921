"""What a line in the audit log costs a page, alone and while many look and one works; and what proving it costs.

    python bench/audit.py [LOOKS]

On a PostgreSQL of its own. The peer in the same run is the chain as it was before there were lanes: one lock a service,
which a change keeps until it is committed. Times are of the clock on the wall; the ratio is what counts.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
USERS, AT_WORK = 16, 0.05
"""Users who look at once; seconds for which a change holds its lock."""


def main(looks: int) -> None:
    from openfls.commands.database import prepare_database

    prepare_database()
    from django.contrib.auth.hashers import make_password

    from openfls.service.actor import Actor
    from openfls.service.auditing import chain
    from openfls.service.auditing.verifying import verify
    from openfls.service.models import AuditEvent, Person, Service, User
    from openfls.service.roles import Role

    service = Service.objects.create(code="bench", name="Bench")
    people = Person.objects.bulk_create(Person(service=service, family_name=f"P{n}") for n in range(25))
    users = User.objects.bulk_create(
        User(username=f"user{n}", password=make_password(None)) for n in range(USERS)
    )
    actors = [Actor(service, Role.CO_ORDINATOR, user) for user in users]
    keys = [person.pk for person in people]
    list_row = chain.shown(keys)

    def one(actor: Actor) -> None:
        chain.record(actor, "person.view", person=people[0])

    def listed(actor: Actor) -> None:
        chain.record(actor, "worklist.view", subject="overdue", **list_row)

    alone = statistics.median(_times(lambda: one(actors[0]), 200))
    print(f"a person looked at, alone            {1000 * alone:8.2f} ms")
    of_list = statistics.median(_times(lambda: listed(actors[0]), 200))
    print(f"a list of 25, alone                  {1000 * of_list:8.2f} ms")
    of_lanes = chain.lane_of
    results = {}
    for name, lane in (("one chain", lambda *_: 0), ("lanes", of_lanes)):
        chain.lane_of = lane
        for working in (False, True):
            results[name, working] = _together(actors, one, looks // USERS, service if working else None)
            p50, p95 = (1000 * statistics.quantiles(results[name, working], n=20)[at] for at in (9, 18))
            said = "and one works" if working else "at once"
            print(
                f"{USERS} users look {said:14} {name:10} median {p50:8.2f} ms, 95th percentile {p95:8.2f} ms"
            )
    chain.lane_of = of_lanes
    for working in (False, True):
        before, now = (
            statistics.quantiles(results[name, working], n=20)[18] for name in ("one chain", "lanes")
        )
        print(
            f"95th percentile, lanes to one chain, {'one works' if working else 'nobody works'}: {now / before:.2f}"
        )
    began = time.perf_counter()
    count, faults = verify(service)
    took = time.perf_counter() - began
    print(
        f"proving {count} of {AuditEvent.objects.count()} events: {count / took:.0f} a second, {len(faults)} faults"
    )


def _times(act: Callable[[], object], times: int) -> list[float]:
    found = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        found.append(time.perf_counter() - began)
    return found


def _together(actors: list, act: Callable, each: int, service: object) -> list[float]:
    """How long every look took while all look at once, and somebody works where a ``service`` is given."""
    from django.db import connection, transaction

    from openfls.service.auditing.lanes import CHANGES, hold

    found: list[float] = []
    over = threading.Event()

    def look(actor: object) -> None:
        found.extend(_times(lambda: act(actor), each))
        connection.close()

    def work() -> None:
        while not over.is_set():
            with transaction.atomic():
                hold(service, CHANGES)
                time.sleep(AT_WORK)
        connection.close()

    threads = [threading.Thread(target=look, args=(actor,)) for actor in actors]
    worker = threading.Thread(target=work) if service else None
    for thread in [*threads, *([worker] if worker else [])]:
        thread.start()
    for thread in threads:
        thread.join()
    over.set()
    if worker:
        worker.join()
    return found


if __name__ == "__main__":
    if "OPENFLS_DATABASE" not in os.environ:
        sys.path.insert(0, str(ROOT / "tools"))
        from run_tests import postgres

        with postgres() as address, tempfile.TemporaryDirectory() as folder:
            own = {"OPENFLS_DATABASE": address, "OPENFLS_DATA": folder, "OPENFLS_SECRET_KEY": "of a bench"}
            sys.exit(
                subprocess.run([sys.executable, *sys.argv], env={**os.environ, **own}, check=False).returncode
            )
    main(next((int(each) for each in sys.argv[1:] if each.isdigit()), 640))
