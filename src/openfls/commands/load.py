"""`openfls load`: feeds into the service's own database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from openfls.commands.app import app
from openfls.record.errors import BadInput


@app.command()
def load(
    feeds: Annotated[list[Path], typer.Argument(help="Files, folders or archives: FHIR R4, HL7 v2 or CSV.")],
    service: Annotated[str | None, typer.Option(help="Code of the service, where there are several.")] = None,
    source: Annotated[
        str | None,
        typer.Option(help="Read them as files of this source; by default each as its name says."),
    ] = None,
) -> None:
    """Load feeds. The same feed loaded again changes nothing; every row is counted and none is lost.

    Ends with exit code 2 where nothing of a feed could be used; the other feeds are loaded all the same.
    """
    from rich.console import Console
    from rich.table import Column, Table

    from openfls.commands.database import prepare_database, service_called

    prepare_database()
    from openfls.service.actor import system_actor
    from openfls.service.feeds.loading import load_path
    from openfls.service.feeds.sources import options_from, source_called

    by = system_actor(service_called(service))
    options = options_from(by.service, source_called(by.service, source)) if source else None
    console = Console(stderr=True)
    counted = ("read", "new", "known", "left out", "not about bones", "new episodes")
    table = Table(Column("file", overflow="fold"), *counted)
    useless: list[str] = []
    with console.status("Reading") as status:
        for path in feeds:
            useful = False

            def tell(read: int, name: str = path.name) -> None:
                status.update(f"{name}: {read} records")

            for loaded in load_path(path, by=by, options=options, progress=tell):
                counts = (
                    loaded.read,
                    loaded.new,
                    loaded.known,
                    loaded.left_out,
                    loaded.other,
                    loaded.episodes,
                )
                table.add_row(loaded.name, *map(str, counts))
                useful = useful or bool(loaded.new or loaded.known or loaded.other)
            if not useful:
                useless.append(path.name)
    console.print(table)
    if useless:
        raise BadInput("nothing in it could be used; Feeds shows why, row by row", where=", ".join(useless))
