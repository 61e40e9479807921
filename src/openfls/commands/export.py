"""``openfls export``: what leaves the service's own database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from openfls.commands.app import app

export = typer.Typer(no_args_is_help=True, help="Write what leaves the service's own database.")
app.add_typer(export, name="export")


@export.command()
def flsdb(
    output: Annotated[Path, typer.Option("-o", "--output", help="Table to write: .csv, .parquet or .jsonl.")],
    dataset: Annotated[str, typer.Option(help="Version of the data set: 2020 or 2024.")] = "2024",
    service: Annotated[str | None, typer.Option(help="Code of the service, where there are several.")] = None,
    since: Annotated[str, typer.Option(help="First day of the index diagnosis, YYYY-MM-DD.")] = "",
    until: Annotated[str, typer.Option(help="Last day of the index diagnosis, YYYY-MM-DD.")] = "",
    unchecked_because: Annotated[
        str,
        typer.Option(
            "--unchecked-because",
            help="Why rows go whose data opt-out nobody has looked up; without it they hold the file back.",
        ),
    ] = "",
    for_ourselves: Annotated[
        bool,
        typer.Option(
            "--for-ourselves",
            help="Every column and every row, for `openfls measure`; the data opt-out is not applied: not to be sent.",
        ),
    ] = False,
) -> None:
    """Write the rows of the national audit. Who has set the national data opt-out is left out and counted.

    Where the opt-out of some has not been looked up, a reason is asked for, and kept in the audit log.
    """
    from openfls.commands.database import prepare_database, service_called
    from openfls.commands.measuring import day_named
    from openfls.commands.tables import TableWriter
    from openfls.integration.flsdb import export_row, export_schema
    from openfls.integration.flsdb.writing import SCHEMA
    from openfls.record.errors import BadInput
    from openfls.record.flsdb import Dataset
    from openfls.record.pathway import NotPossible

    if dataset not in list(Dataset):
        raise BadInput(f"{dataset!r} is not one of {', '.join(Dataset)}", field="--dataset")
    first, last = day_named(since, "--since"), day_named(until, "--until")
    if bool(first) != bool(last) or (first and last and first > last):
        raise BadInput("give --since and --until together, the earlier day first", field="--since")
    prepare_database()
    from openfls.service import audit
    from openfls.service.actor import system_actor
    from openfls.service.quality.audit_file import opt_outs, reason_kept, rows_of
    from openfls.service.quality.deaths import as_sent
    from openfls.service.spans import Span

    found = service_called(service)
    known = {} if for_ourselves else opt_outs(found)
    span = Span(first, last)
    because = ""
    if not for_ourselves:
        unknown = sum(person not in known for person, _ in rows_of(found, span))
        try:
            because = reason_kept(unknown, unchecked_because)
        except NotPossible as error:
            raise BadInput(str(error), field="--unchecked-because") from error
    left_out = not_checked = 0
    with TableWriter(output, SCHEMA if for_ourselves else export_schema()) as writer:
        for person, row in rows_of(found, span):
            if known.get(person):
                left_out += 1
                continue
            not_checked += person not in known
            writer.write(row if for_ourselves else export_row(as_sent(row), Dataset(dataset)))
    audit.record(
        system_actor(found),
        "audit_file.export",
        subject=f"data set {dataset}",
        rows=writer.count,
        opted_out=left_out,
        not_checked=0 if for_ourselves else not_checked,
        unchecked_because=because,
    )
    typer.echo(f"{writer.count:,} row{'' if writer.count == 1 else 's'} in {output}", err=True)
    if not for_ourselves:
        typer.echo(f"{left_out:,} left out: national data opt-out; {not_checked:,} not looked up", err=True)
