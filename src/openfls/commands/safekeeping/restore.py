"""`openfls restore`: this installation made what a backup is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from openfls.commands.app import app
from openfls.commands.safekeeping.backup import KeyFile, set_up
from openfls.record.errors import BadInput


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A backup.")],
    key_file: KeyFile = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put it in the place of the database that is here.")
    ] = False,
) -> None:
    """Put a backup back, bring its tables to this version, and prove the audit log. Stop openfls first. What was
    there before is kept beside it. Refused, with nothing changed, where the backup is damaged, cut off, of another kind
    of database, or made by a newer version."""
    set_up()
    from openfls.commands.database import database_file
    from openfls.service.safekeeping.keys import read_key
    from openfls.service.safekeeping.restoring import restore as put_back

    done = put_back(file, read_key(key_file) if key_file else None, replace=replace)
    rows = sum(done.manifest.state.rows.values())
    into = database_file() or "the database of OPENFLS_DATABASE"
    typer.echo(f"Restored {rows:,} rows of {done.manifest.made_at} into {into}. Signing key: {done.secret}.")
    if done.aside:
        typer.echo(f"What was here before is in {done.aside}")
    prove(done.manifest.state.heads)
    from openfls.service.access.other_key import warning

    # A key that was put back is read at the next start.
    if not done.secret.startswith("restored") and (words := warning()):
        typer.echo(f"openfls: warning: {words}", err=True)


def prove(heads: tuple[str, ...]) -> None:
    """Bring the tables to this version and check the audit log against the heads that were kept with it.

    Raises:
        BadInput: it does not hold.
    """
    from openfls.commands.database import prepare_database

    prepare_database()
    from openfls.service.auditing.anchors import read_lines
    from openfls.service.auditing.verifying import Fault, verify
    from openfls.service.models import Service

    held = read_lines(heads)
    events = 0
    faults: list[Fault] = []
    for service in Service.objects.order_by("code"):
        count, found = verify(service, held.get(service.code, ()))
        events, faults = events + count, faults + found
    if faults:
        raise BadInput(f"the audit log does not hold: {faults[0].service}, {faults[0].words}")
    typer.echo(f"The audit log holds: {events:,} events.")
