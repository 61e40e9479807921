"""`openfls rebuild`: the rows of the national audit made anew from the record."""

from __future__ import annotations

from typing import Annotated

import typer

from openfls.commands.app import app


@app.command("rebuild")
def rebuild(
    service: Annotated[
        str | None, typer.Option(help="Code of one service; every service where none is named.")
    ] = None,
    everything: Annotated[
        bool,
        typer.Option("--all", help="Every row, not only those that are missing or of an older version."),
    ] = False,
) -> None:
    """Make the rows that the measures read anew from the record.

    It may be stopped and started again: it goes on where it stopped. Done twice, it changes nothing.
    """
    from rich.progress import Progress

    from openfls.commands.database import prepare_database, service_called

    prepare_database()
    from openfls.service.models import Service
    from openfls.service.quality import rebuilding

    chosen = [service_called(service)] if service else list(Service.real.order_by("code"))
    with Progress() as bar:
        for each in chosen:
            task = bar.add_task(each.code, total=None)
            if everything:
                rebuilding.doubt(each)
            made = rebuilding.rebuild(
                each, lambda done, total, task=task: bar.update(task, completed=done, total=total)
            )
            bar.update(task, completed=made.looked_at, total=made.looked_at)
            bar.console.print(
                f"{each.code}: {made.looked_at} row{'' if made.looked_at == 1 else 's'} made anew, "
                f"{made.changed} of them changed"
            )
            if made.failed:
                bar.console.print(
                    f"{each.code}: {made.failed} could not be made; the page Measures names them to the service"
                )
