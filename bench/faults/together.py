"""Two at once: two workers who both believe that a job is theirs, and two people who press the same button."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta

import behind
from django.db import connection
from ground import Act, Ground, Report, Tally, how_long, in_child, look
from works import WORKS


def two_at_once(ground: Ground, tries: int) -> Iterator[tuple[str, Tally]]:
    """Each work that goes on behind the pages, by two workers whose leases are worth nothing."""
    for work in WORKS:
        if "by a worker" not in work.name and not work.name.startswith("file loaded"):
            continue
        how_long(work.act, ground)
        reference, tally = work.figures(), Tally()
        for _ in range(tries):
            ground.fresh()
            first, _ended = in_child(_only_asked(work.act))
            told, ended = _both(_worker)
            again, finished = in_child(work.act)
            tally.one([*first, *told, *again], False)
            if not (ended and finished):
                tally.faults.append("it does not come to its end")
            tally.faults += work.kept([*first, *again])
            look(tally)
            tally.compare(work.figures(), reference)
        yield f"two workers at once: {work.name}", tally


def _only_asked(act: Act) -> Act:
    """The work up to the job, which nobody does yet."""

    def asked(report: Report) -> None:
        behind.work_off = lambda *_: os._exit(0)
        act(report)

    return asked


def _worker(_: Report) -> None:
    behind.work_off(timedelta(0))


def _both(act: Act) -> tuple[list[str], bool]:
    """Two processes at the same time; whether both came to their end."""
    connection.close()
    pid = os.fork()
    if pid == 0:
        _, ended = in_child(act)
        os._exit(0 if ended else 1)
    told, ended = in_child(act)
    return told, os.waitpid(pid, 0)[1] == 0 and ended
