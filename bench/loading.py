"""CPU time of taking feeds in, a row: a hospital's CSV as it is uploaded, and messages as the listener's inbox is read.

    python bench/loading.py [ROWS]

CPU time, not the clock's, so that a busy machine says the same. The peer is the reading of the same rows alone, without
a database, in the same run.
"""

from __future__ import annotations

import cProfile
import os
import pstats
import sys
import tempfile
import time
from collections.abc import Callable

os.environ.setdefault("OPENFLS_DATA", tempfile.mkdtemp(prefix="openfls-bench-"))
NAMES = ("Archer", "Baker", "Cooper", "Dyer", "Fisher", "Glover", "Harper", "Joiner", "Mason", "Potter")
CODES = ("S52.5", "S72.0", "S42.2", "S32.0", "J18.9", "I10X", "S82.8", "E11.9")


def table(rows: int) -> bytes:
    """A file of an emergency department: two rows a person, five of eight codes a fracture."""
    lines = ["Hospital Number,Family Name,Given Name,Date of Birth,Sex,Attendance Date,Diagnosis,Postcode"]
    for number in range(rows):
        person = number // 2
        lines.append(
            f"H{person:07d},{NAMES[person % 10]}{person},Ada,{1 + person % 28:02d}/03/19{30 + person % 40},F,"
            f"{1 + number % 28:02d}/{1 + number % 5:02d}/2026,{CODES[number % 8]},LS1 {person % 10}AA"
        )
    return "\n".join(lines).encode() + b"\n"


def message(number: int) -> bytes:
    """A message as bench/listen.py sends it: every second one a report, the others ward movements."""
    from listen import message as made

    return made(number)


def main(rows: int, profile: bool) -> None:
    from openfls.commands.database import prepare_database

    prepare_database()
    from django.utils import timezone

    from openfls.identification.feeds import FeedOptions, read_bytes
    from openfls.service.actor import system_actor
    from openfls.service.feeds.loading import load_bytes
    from openfls.service.inbox.processing import process_next
    from openfls.service.models import InboxMessage, Service

    service = Service.objects.create(code="bench", name="Bench")
    by = system_actor(service)
    data = table(rows)
    peer = _took(lambda: list(read_bytes("ed.csv", data, FeedOptions(measured=True)))) / rows
    print(f"{'reading a row of the CSV alone':44} {1000 * peer:8.3f} ms")
    _say("taking a new row in", _took(lambda: load_bytes("ed.csv", data, by=by), profile), rows, peer)
    _say("the same file once more, a row", _took(lambda: load_bytes("ed2.csv", data, by=by)), rows, peer)
    InboxMessage.objects.bulk_create(
        InboxMessage(
            service=service,
            received_at=timezone.now(),
            control_id=f"B{n}",
            size=len(raw),
            sha256=f"{n}",
            raw=raw,
        )
        for n in range(rows)
        for raw in [message(n)]
    )

    def process() -> None:
        while process_next(service):
            pass

    _say("processing a message of the inbox", _took(process, profile), rows, peer)


def _took(act: Callable[[], object], profile: bool = False) -> float:
    profiler = cProfile.Profile() if profile else None
    began = time.process_time()
    if profiler:
        profiler.runcall(act)
    else:
        act()
    took = time.process_time() - began
    if profiler:
        pstats.Stats(profiler).sort_stats("cumulative").print_stats(60)
    return took


def _say(what: str, seconds: float, rows: int, peer: float) -> None:
    each = seconds / rows
    print(f"{what:44} {1000 * each:8.3f} ms, {1 / each:7.0f} a CPU second, {each / peer:6.1f} times reading")


if __name__ == "__main__":
    numbers = [each for each in sys.argv[1:] if each.isdigit()]
    main(int(numbers[0]) if numbers else 2000, "--profile" in sys.argv)
