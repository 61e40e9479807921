"""`openfls read`: reports in, each one's triage and findings out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from openfls.commands.app import app
from openfls.record.errors import BadInput


@app.command()
def read(
    reports: Annotated[Path, typer.Argument(help="CSV, Parquet or JSON lines with the columns id and text.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="What to write: .csv, .parquet or .jsonl.")],
    evidence: Annotated[
        bool,
        typer.Option("--evidence", help="Add to each finding its places in the text and the rules used."),
    ] = False,
) -> None:
    """Read radiology reports: one row for each, with its triage and its findings."""
    import json

    import pyarrow as pa
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from openfls.commands.tables import TableWriter, read_rows
    from openfls.identification.reports.reader import read_report
    from openfls.record.findings import Finding, triage

    def as_object(finding: Finding, text: str) -> dict[str, Any]:
        row: dict[str, Any] = {
            "site": finding.site.value,
            "side": finding.side.value,
            "levels": ";".join(finding.levels),
            "certainty": finding.certainty.value,
            "age": finding.age.value,
            "kind": finding.kind.value,
        }
        if evidence:
            row["evidence"] = [
                {"start": span.start, "end": span.end, "rule": span.rule, "text": text[span.start : span.end]}
                for span in finding.spans
            ]
        return row

    schema = pa.schema([("id", pa.string()), ("triage", pa.string()), ("findings", pa.string())])
    rows = read_rows(reports, ("id", "text"))
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with (
        TableWriter(output, schema) as table,
        Progress(*columns, console=Console(stderr=True), transient=True) as progress,
    ):
        task = progress.add_task("reading")
        for number, row in enumerate(rows, start=1):
            name, text = row["id"], row["text"]
            if name is None or name == "":
                raise BadInput("no value", where=str(reports), row=number, field="id")
            if text is None:
                raise BadInput("no value", where=str(reports), row=number, field="text")
            if not isinstance(text, str):
                raise BadInput("not text", where=str(reports), row=number, field="text")
            findings = read_report(text)
            table.write(
                {
                    "id": str(name),
                    "triage": triage(findings).value,
                    "findings": json.dumps(
                        [as_object(finding, text) for finding in findings], ensure_ascii=False
                    ),
                }
            )
            if number % 1000 == 0:
                progress.update(task, description=f"{number:,} reports")
    typer.echo(f"{table.count:,} reports read")
