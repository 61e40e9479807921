"""`openfls read`: reports in, each one's triage and findings out."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from openfls.commands.app import app


class EngineName(StrEnum):
    """Where the reading is done."""

    LOCAL = "local"
    POOL = "pool"
    SPARK = "spark"


@app.command()
def read(
    reports: Annotated[Path, typer.Argument(help="CSV, Parquet or JSON lines with the columns id and text.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="What to write: .csv, .parquet or .jsonl.")],
    evidence: Annotated[
        bool,
        typer.Option("--evidence", help="Add to each finding its places in the text and the rules used."),
    ] = False,
    engine: Annotated[
        EngineName,
        typer.Option(help="One process, several (pool), or Spark. The output is the same."),
    ] = EngineName.LOCAL,
    workers: Annotated[
        int | None, typer.Option(help="With pool or spark: how many at once. Default: every core.")
    ] = None,
) -> None:
    """Read radiology reports: one row for each, with its triage and its findings.

    A report that the reader fails on is given as review, and told of on standard error.
    """
    from contextlib import closing

    import pyarrow as pa
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from openfls.commands.report_batches import report_batches
    from openfls.commands.tables import TableWriter
    from openfls.identification.scale import RESULT, read_stream
    from openfls.record.errors import BadInput

    if workers is not None and engine is EngineName.LOCAL:
        raise BadInput("goes with --engine pool or --engine spark", field="--workers")
    source = report_batches(reports)
    rows = read_stream(source, engine=engine.value, workers=workers, evidence=evidence)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    failed: list[str] = []
    with (
        closing(source),
        TableWriter(
            output, pa.schema([RESULT.field(name) for name in ("id", "triage", "findings")])
        ) as table,
        Progress(*columns, console=Console(stderr=True), transient=True) as progress,
    ):
        task = progress.add_task("reading")
        for batch in rows:
            for row in batch.to_pylist():
                if row["error"] is not None:
                    failed.append(f"row {table.count + 1} (id {row['id']}): {row['error']}")
                table.write(row)
            progress.update(task, description=f"{table.count:,} reports")
    if failed:
        typer.echo(
            f"{len(failed):,} reports could not be read and are given as review: {failed[0]}", err=True
        )
    typer.echo(f"{table.count:,} reports read")
