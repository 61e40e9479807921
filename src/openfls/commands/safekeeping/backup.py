"""`openfls backup`, `openfls backup-verify`, `openfls backup-key`: backups that can be trusted."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from openfls.commands.app import app
from openfls.commands.database import require_database

MOST_NAMED = 3
KeyFile = Annotated[
    Path | None, typer.Option("--key-file", help="File with the key, made by `openfls backup-key`.")
]


def set_up() -> None:
    """Django alone: the tables stay as they are, so that an upgrade can be preceded by a backup."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openfls.settings")
    import django

    django.setup()


@app.command()
def backup(
    folder: Annotated[Path, typer.Argument(help="Folder for the backups.")],
    key_file: KeyFile = None,
    keep_days: Annotated[int, typer.Option(help="Keep the newest of so many days.", min=0)] = 0,
    keep_weeks: Annotated[int, typer.Option(help="And the newest of so many weeks.", min=0)] = 0,
    keep_months: Annotated[int, typer.Option(help="And the newest of so many months.", min=0)] = 0,
) -> None:
    """Back up the database and the signing key into one file, while openfls runs. The file is read back to its end
    before it gets its name. Where a number of days, weeks or months is named, older backups of this installation are
    removed; of what is left alone all the same, the reason is said."""
    require_database()
    set_up()
    require_database()
    from openfls.service.safekeeping.backing_up import make_backup
    from openfls.service.safekeeping.keys import read_key
    from openfls.service.safekeeping.rotation import Keep, rotate

    key = read_key(key_file) if key_file else None
    made = make_backup(folder, key)
    rows = sum(made.manifest.state.rows.values())
    sealed = "encrypted" if made.encrypted else "NOT encrypted: whoever has the file has every record"
    typer.echo(f"{made.path}: {rows:,} rows, {made.path.stat().st_size:,} bytes, {sealed}")
    done = rotate(folder, Keep(keep_days, keep_weeks, keep_months), made.manifest, key)
    for path in done.removed:
        typer.echo(f"removed {path.name}")
    for why, left in done.left.items():
        names = [path.name for path in left]
        shown = ", ".join(names) if len(names) <= MOST_NAMED else f"{names[0]} … {names[-1]}"
        typer.echo(f"left alone: {len(names)}, {why} ({shown})")


@app.command("backup-verify")
def backup_verify(file: Annotated[Path, typer.Argument(help="A backup.")], key_file: KeyFile = None) -> None:
    """Read a backup to its end as a restore would, and say what it holds. Exit code 2 where it is not whole."""
    from openfls.service.safekeeping.backing_up import verify_backup
    from openfls.service.safekeeping.keys import read_key

    found = verify_backup(file, read_key(key_file) if key_file else None).manifest
    typer.echo(
        f"{file.name} is whole: openfls {found.version}, {found.engine} {found.engine_version}, made {found.made_at}, "
        f"{sum(found.state.rows.values()):,} rows in {len(found.state.rows)} tables"
    )
    for head in found.state.heads:
        typer.echo(f"  audit log: {head}")


@app.command("backup-key")
def backup_key(file: Annotated[Path, typer.Argument(help="File to write; never overwritten.")]) -> None:
    """Make a key for encrypted backups. Keep it where the backups are not, and keep it twice: without it they are
    lost."""
    from openfls.service.safekeeping.keys import make_key

    typer.echo(f"key {make_key(file)} in {file}")
