"""`openfls check` and `openfls migrate`: before a server starts."""

from __future__ import annotations

from typing import Annotated

import typer

from openfls.commands.app import app
from openfls.commands.operation.production import ALLOWABLE, set_django_up, tell


@app.command("check")
def check_installation(
    allow: Annotated[list[str] | None, typer.Option(help=f"Let pass: {', '.join(ALLOWABLE)}.")] = None,
) -> None:
    """Look whether this installation is fit for a team: settings, key, hosts, HTTPS, files, disk, database, clock,
    cache, mail, time zone. One line for each fault; exit code 1 where there is one. Changes nothing."""
    set_django_up()
    from openfls.service.operation.checking import check

    found = [each for each in check() if each.about not in (allow or ())]
    tell(found)
    faults = sum(each.weight == "fault" for each in found)
    typer.echo(f"{faults} faults, {len(found) - faults} warnings" if found else "Everything is in order.")
    raise typer.Exit(1 if faults else 0)


@app.command()
def migrate() -> None:
    """Bring the tables to this version, and end; an empty database gets them. Every other command brings them to this
    version when it starts; here it is seen."""
    from openfls.commands.database import prepare_database

    prepare_database(quiet=False, begin=True)
    typer.echo("The tables are those of this version.")
