"""`openfls audit`: does the audit log hold, and the anchor by which a cut end is found."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Annotated

import typer

from openfls.commands.app import app
from openfls.record.errors import BadInput

audit = typer.Typer(no_args_is_help=True, help="The audit log: prove that it holds, and anchor it.")
app.add_typer(audit, name="audit")


@audit.command()
def verify(
    anchor: Annotated[
        list[Path] | None,
        typer.Option(
            "--anchor", help="A file of `openfls audit anchor`, kept elsewhere; several may be given."
        ),
    ] = None,
) -> None:
    """Check every service's audit log for events that were altered, put in, removed or moved, against the anchors
    too, and that the database itself refuses changes. Without an anchor a cut end is not found, unless the whole log
    is gone. Exit code 1 where something does not hold."""
    from openfls.commands.database import prepare_database

    prepare_database()
    from django.db import connection

    from openfls.service.auditing import guarding
    from openfls.service.auditing.anchors import read_lines
    from openfls.service.auditing.verifying import Heads
    from openfls.service.auditing.verifying import verify as verify_service
    from openfls.service.models import Service

    held: dict[str, list[Heads]] = defaultdict(list)
    for path in anchor or []:
        told = read_lines(_lines(path))
        count = sum(map(len, told.values()))
        if not count:
            raise BadInput(
                "holds no line of an anchor: the log would be compared with nothing", where=str(path)
            )
        typer.echo(f"{path}: the log is compared with {count} {'head' if count == 1 else 'heads'}")
        for code, heads in told.items():
            held[code] += heads
    services = {each.code: each for each in Service.objects.order_by("code")}
    faults = 0
    for code in held:
        if code not in services:
            typer.echo(f"{code}: was anchored, and there is no such service")
            faults += 1
    for code, service in services.items():
        count, found = verify_service(service, held.get(code, ()))
        typer.echo(f"{code}: {count} events, {len(found)} faults")
        for fault in found:
            typer.echo(f"  {fault.words}")
        faults += len(found)
    for name in guarding.missing(connection):
        typer.echo(f"the database does not refuse changes: trigger {name} is missing")
        faults += 1
    raise typer.Exit(1 if faults else 0)


@audit.command()
def anchor(
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="File to write; on the screen where none is named.")
    ] = None,
) -> None:
    """Chain what was seen into what was changed, and write the newest number and hash of every chain. Keep it where
    whoever can write to the database cannot: on paper, or on another machine."""
    from openfls.commands.database import prepare_database

    prepare_database()
    from openfls.service import clock
    from openfls.service.auditing import anchors
    from openfls.service.models import Service

    lines = [f"# Anchor of the audit log, {clock.now():%Y-%m-%d %H:%M} UTC. Service, lane, number, hash."]
    for service in Service.objects.order_by("code"):
        anchors.anchor(service)
        lines += anchors.lines(service)
    text = "".join(f"{line}\n" for line in lines)
    if output is None:
        typer.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"cannot be written ({error.strerror})", where=str(output)) from error
    typer.echo(f"{len(lines) - 1} lines in {output}", err=True)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"cannot be read ({type(error).__name__})", where=str(path)) from error
