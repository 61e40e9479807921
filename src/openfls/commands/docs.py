"""`openfls docs`: the reference documents, made anew."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from openfls.commands.app import app


@app.command()
def docs(
    folder: Annotated[Path, typer.Option("--folder", help="Where the reference documents stand.")] = Path(
        "docs/reference"
    ),
) -> None:
    """Make the reference documents from the code they describe."""
    from openfls.commands.reference import write

    folder.mkdir(parents=True, exist_ok=True)
    changed = write(folder)
    typer.echo(f"{len(changed)} changed{': ' + ', '.join(changed) if changed else ''}")
