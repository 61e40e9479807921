"""What the commands of a team's server share: how they are set up, and what they refuse to start with."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

import typer

from openfls.record.errors import BadInput

if TYPE_CHECKING:  # both need Django to be set up
    from openfls.service.operation.checking import Found
    from openfls.service.operation.working import Process

ALLOWABLE = ("sqlite", "key", "hosts", "https")
"""What a server can be told to start with, to be tried out."""
_AFTER_MIGRATING = ("migrations", "cache")
_OWN_WAY = {"OPENFLS_BACKGROUND": "worker", "OPENFLS_LOG_FORMAT": "json", "OPENFLS_LOG_LEVEL": "INFO"}
_OWN_WAY["OPENFLS_SECOND_FACTOR"] = "all"


def set_up(*, allowed: Collection[str] = ()) -> None:
    """Set Django up for a team's server, look at the installation, and bring the tables to this version.

    Raises:
        BadInput: something is not as it should be; each fault has had its line on standard error by then.
    """
    unknown = sorted(set(allowed) - set(ALLOWABLE))
    if unknown:
        raise BadInput(f"--allow takes {', '.join(ALLOWABLE)}; not {', '.join(unknown)}")
    for name, value in _OWN_WAY.items():
        os.environ.setdefault(name, value)
    set_django_up()
    from openfls.service.operation.checking import check

    # What the tables are needed for is looked at when they are there.
    _refuse([each for each in check() if each.about not in {*allowed, *_AFTER_MIGRATING}])
    from openfls.commands.database import prepare_database

    prepare_database(begin=True)
    _refuse([each for each in check() if each.about in _AFTER_MIGRATING])


def _refuse(found: Collection[Found]) -> None:
    tell(found)
    faults = sum(each.weight == "fault" for each in found)
    if faults:
        raise BadInput(f"not started: {faults} {'fault' if faults == 1 else 'faults'}, told above")


def tell(found: Collection[Found]) -> None:
    """One line each on standard error."""
    for each in found:
        print(f"openfls: {each.weight}: {each.about}: {each.words}", file=sys.stderr)


def set_django_up() -> None:
    """Set Django up, and nothing else."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openfls.settings")
    import django

    django.setup()


def run_process(process: Process, go_round: Callable[[], bool]) -> None:
    """Run a process until SIGTERM or SIGINT, which let it finish what is in hand."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: process.stop())
    from openfls.service.safekeeping.in_use import working

    typer.echo(f"openfls {process.role} runs as {process.name}.")
    with working():
        process.run(go_round)
    typer.echo("Stopped.")
