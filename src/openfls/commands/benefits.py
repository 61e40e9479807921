"""`openfls benefits`: a scenario in, a report with its tables, charts and run record out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from openfls.commands.app import app


@app.command()
def benefits(
    scenario: Annotated[Path, typer.Argument(help="The scenario, a TOML file; see examples/benefits.toml.")],
    output: Annotated[
        Path, typer.Option("-o", "--output", help="The folder for the report; made if need be.")
    ],
) -> None:
    """What a fracture liaison service would change: fractures, QALYs, beds, costs by payer, and how sure."""
    import csv
    import json
    import os

    from openfls.record.errors import BadInput
    from openfls.toolkit.analysis import analyse, tables
    from openfls.toolkit.charts import charts
    from openfls.toolkit.evaluate import prepare
    from openfls.toolkit.report import pdf
    from openfls.toolkit.run_record import parameter_rows, run_record
    from openfls.toolkit.scenario import read
    from openfls.toolkit.wording import against, sentences

    given, text = read(scenario)
    if output.exists() and not output.is_dir():
        raise BadInput("is a file, not a folder", where=str(output))
    prepared = prepare(given, scenario.parent)
    found = analyse(prepared)
    record = run_record(prepared, text, found)
    drawings = charts(found)
    output.mkdir(parents=True, exist_ok=True)

    def keep(name: str, content: bytes) -> None:
        partial = output / f".{name}.{os.getpid()}.part"
        partial.write_bytes(content)
        partial.replace(output / name)

    def keep_table(name: str, rows: list[dict[str, object]]) -> None:
        partial = output / f".{name}.{os.getpid()}.part"
        with partial.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        partial.replace(output / name)

    summary = {"sentences": sentences(found), "against": against(found), **found}
    keep("summary.json", (json.dumps(summary, ensure_ascii=False, indent=1) + "\n").encode())
    keep("run-record.json", (json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode())
    for name, rows in tables(prepared).items():
        keep_table(f"{name}-by-year.csv", rows)
    keep_table("parameters.csv", parameter_rows(prepared))
    for name, svg in drawings.items():
        keep(f"{name}.svg", svg.encode())
    keep("report.pdf", pdf(found, drawings, record))
    for line in sentences(found):
        typer.echo(line)
    typer.echo(f"Not known: {len(prepared.missing)} figures; see report.pdf in {output}.", err=True)
