"""`openfls benefits`: a scenario in, a report with its tables, charts, Word file and run record out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from openfls.commands.app import app


@app.command()
def benefits(
    scenario: Annotated[
        Path | None, typer.Argument(help="The scenario, a TOML file; see examples/benefits.toml.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="The folder for the report; made if need be.")
    ] = None,
    rerun: Annotated[
        Path | None,
        typer.Option(
            "--rerun",
            help="A run record instead of a scenario: run it again, and say whether every digit came out the same "
            "(exit code 1 where one did not).",
        ),
    ] = None,
) -> None:
    """What a fracture liaison service would change: fractures, QALYs, beds, costs by payer, and how sure."""
    from openfls.record.errors import BadInput
    from openfls.toolkit import run_record as records
    from openfls.toolkit.analysis import analyse
    from openfls.toolkit.evaluate import prepare
    from openfls.toolkit.scenario import read
    from openfls.toolkit.wording import sentences

    if (scenario is None) == (rerun is None):
        raise BadInput("give either a scenario or --rerun with a run record")
    if output is None and rerun is None:
        raise BadInput("say with -o which folder the report goes to")
    if output is not None and output.exists() and not output.is_dir():
        raise BadInput("is a file, not a folder", where=str(output))
    if rerun is not None:
        done = records.rerun(records.read_record(_text(rerun), str(rerun)), str(rerun))
        prepared, found, record = done.prepared, done.found, done.record
    elif scenario is not None:
        given, _ = read(scenario)
        prepared = prepare(given, scenario.parent)
        found = analyse(prepared)
        record = records.run_record(prepared, found)
    if output is not None:
        _write(output, prepared, found, record)
    for line in sentences(found):
        typer.echo(line)
    if output is not None:
        typer.echo(f"Not known: {len(prepared.missing)} figures; see report.pdf in {output}.", err=True)
    if rerun is not None:
        typer.echo("Run again: every digit is the same." if done.same else "Run again: NOT the same.")
        for line in done.why_not:
            typer.echo(f"  {line}")
        if not done.same:
            raise typer.Exit(1)


def _text(path: Path) -> str:
    from openfls.record.errors import BadInput

    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise BadInput("no such file", where=str(path)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"not readable ({error})", where=str(path)) from error


def _write(folder: Path, prepared: object, found: object, record: object) -> None:
    import os

    from openfls.toolkit.bundle import files

    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files(prepared, found, record):  # type: ignore[arg-type]
        partial = folder / f".{name}.{os.getpid()}.part"
        partial.write_bytes(content)
        partial.replace(folder / name)
