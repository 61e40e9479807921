"""`openfls export everything` and `openfls import`: all of an installation, from one kind of database to another."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from openfls.commands.app import app
from openfls.commands.export import export


@export.command()
def everything(
    output: Annotated[
        Path,
        typer.Option("-o", "--output", help="Folder to make: a JSON lines file a table, and a manifest."),
    ],
) -> None:
    """Write all of an installation, the audit log with it, for `openfls import`. It is not encrypted: whoever has the
    folder has every record."""
    from openfls.commands.database import prepare_database

    prepare_database()
    from rich.console import Console

    from openfls.service.safekeeping.moving import export_everything

    with Console(stderr=True).status("Reading") as status:
        manifest = export_everything(output, status.update)
    rows = manifest.state.rows
    typer.echo(f"{sum(rows.values()):,} rows of {len(rows)} tables in {output}", err=True)


@app.command("import")
def import_(folder: Annotated[Path, typer.Argument(help="A folder of `openfls export everything`.")]) -> None:
    """Put an export into an empty installation of the same version: everything, or nothing. The rows are counted, and
    the audit log is proven before any of it stands. Set OPENFLS_SECRET_KEY as it was: the words of searches in the log
    are read with it."""
    from openfls.commands.database import prepare_database

    prepare_database(begin=True)
    from rich.console import Console

    from openfls.service.safekeeping.moving import import_everything

    with Console(stderr=True).status("Checking") as status:
        manifest = import_everything(folder, status.update)
    rows = sum(manifest.state.rows.values())
    typer.echo(f"{rows:,} rows are in. The audit log holds, {len(manifest.state.heads)} chains.")
    from openfls.service.access.other_key import warning

    if words := warning():
        typer.echo(f"openfls: warning: {words}", err=True)
