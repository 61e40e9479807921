"""`openfls docs`: the reference documents, made anew."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from openfls.commands.app import app
from openfls.record.errors import BadInput


@app.command()
def docs(root: Annotated[Path, typer.Option(help="The root of the repository.")] = Path(".")) -> None:
    """Make the documents under docs that are made from the code and data that they describe."""
    import os

    import django

    # The tables and the addresses are described by the app itself, which needs no database for that.
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openfls.settings")
    django.setup()
    from openfls.commands.reference import write

    if not (root / "docs/reference").is_dir():
        raise BadInput("this is not the root of the repository: no docs/reference in it", where=str(root))
    changed = write(root)
    typer.echo(f"{len(changed)} changed{': ' + ', '.join(changed) if changed else ''}")
