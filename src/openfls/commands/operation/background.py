"""`openfls worker` and `openfls schedule`: what goes on behind the pages of a team's server."""

from __future__ import annotations

from typing import Annotated

import typer

from openfls.commands.app import app
from openfls.commands.operation.production import run_process, set_up

Allow = Annotated[
    list[str] | None,
    typer.Option(help="Start although: sqlite, key, hosts, https. For trying it out, never for real people."),
]


@app.command()
def worker(
    allow: Allow = None,
    kinds: Annotated[
        list[str] | None, typer.Option(help="Do jobs of these kinds alone; every kind where none is named.")
    ] = None,
    until_idle: Annotated[
        bool, typer.Option("--until-idle", help="End when there is nothing left to do now.")
    ] = False,
) -> None:
    """Do what waits: files to load, changes to count, the outbox, the night, old rows. Several may run; each job is
    taken by one. One of them for the quick kinds alone keeps a long night from holding up who waits for a file.
    Stop with Ctrl+C or SIGTERM: what is in hand is put back where it stands."""
    set_up(allowed=allow or ())
    from openfls.record.errors import BadInput
    from openfls.service.models import Service
    from openfls.service.operation import jobs
    from openfls.service.operation.kinds import KINDS, look_for_work
    from openfls.service.operation.working import Process
    from openfls.service.quality.rebuilding import pending

    unknown = sorted(set(kinds or ()) - set(KINDS))
    if unknown:
        raise BadInput(f"--kinds takes {', '.join(KINDS)}; not {', '.join(unknown)}")
    look_for_work()
    for service in Service.real.order_by("pk"):
        if pending(service).exists():
            jobs.post("rebuilding", str(service.pk))
    process = Process("worker", kinds=kinds or ())
    if until_idle:
        run_process(process, lambda: process.work() or process.stop() or False)
    else:
        run_process(process, process.work)


@app.command()
def schedule(
    allow: Allow = None,
    once: Annotated[bool, typer.Option("--once", help="Post what is due now, and end.")] = False,
) -> None:
    """Post what is due by the clock for the workers: the outbox each minute, the night once a day for each service
    (OPENFLS_NIGHT_AT), tidying each hour. Several may run; nothing is posted twice. A night that was missed while it
    was down is posted when it is back."""
    set_up(allowed=allow or ())
    from openfls import options
    from openfls.service.operation.timetable import LOOK, tick
    from openfls.service.operation.working import Process

    at = options.read("OPENFLS_NIGHT_AT")
    if once:
        tick(at)
        return

    def look() -> bool:
        tick(at)
        return False

    run_process(Process("schedule", pause=LOOK), look)
