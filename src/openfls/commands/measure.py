"""``openfls measure``: measures over a file of FLS-DB rows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openfls.commands.app import app

if TYPE_CHECKING:
    from datetime import date

    from openfls.integration.flsdb import FlsdbFile


@app.command()
def measure(
    rows: Annotated[Path, typer.Argument(help="FLS-DB rows: CSV, Parquet or JSON lines.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="Table to write: .csv, .parquet or .jsonl.")],
    set_id: Annotated[
        str, typer.Option("--set", help="flsdb, iof, standards, own-the-bone or pathway.")
    ] = "flsdb",
    by: Annotated[str, typer.Option(help="month, quarter, year or all.")] = "quarter",
    people: Annotated[bool, typer.Option("--people", help="One line for each person and measure.")] = False,
    as_of: Annotated[str, typer.Option(help="Day of the count, YYYY-MM-DD; today if not given.")] = "",
    caseload: Annotated[
        list[str] | None,
        typer.Option(
            help="Fractures expected in a year: a number for all, or SERVICE=NUMBER; may be repeated."
        ),
    ] = None,
    switch: Annotated[
        list[str] | None, typer.Option(help="A switch of the set, NAME=VALUE; may be repeated.")
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(help="A heading of the file and our column, HEADING=COLUMN; may be repeated."),
    ] = None,
    split: Annotated[list[str] | None, typer.Option(help="Divide the counts by this column too.")] = None,
    service: Annotated[str, typer.Option(help="The service of rows that name none.")] = "",
    since: Annotated[
        str, typer.Option(help="Only index diagnoses from this day on, YYYY-MM-DD; with --until.")
    ] = "",
    until: Annotated[str, typer.Option(help="Only index diagnoses up to this day.")] = "",
    engine: Annotated[str, typer.Option(help="duckdb or spark.")] = "duckdb",
    suppress: Annotated[
        bool,
        typer.Option(
            "--suppress",
            help="To pass on: rounded to 5 on running totals, so that no files together tell a small number.",
        ),
    ] = False,
) -> None:
    """Count measures by service and period, or say for each person what is met and why.

    A period in which somebody may still be within the window of a measure is not rated; open_until says until when.
    What is wrong with the file goes to a report beside the output (NAME.quality.csv).
    """
    from concurrent.futures import ThreadPoolExecutor

    from openfls.commands.measuring import (
        check_engine,
        day_named,
        day_of_count,
        number_or_by_name,
        pairs,
        suppressed,
        write_quality,
        write_result,
    )
    from openfls.integration.flsdb import TABLE, open_file
    from openfls.quality.suppressing import check
    from openfls.record.errors import BadInput

    check_engine(engine)
    if suppress and people:
        raise BadInput(
            "a list of people cannot be passed on; leave --people or --suppress out", field="--suppress"
        )
    if suppress:
        check(by, split or [], part_of_time=bool(since or until))
    day = day_of_count(as_of)
    expected = number_or_by_name(caseload or [])
    switches = pairs(switch or [], "switch")
    first, last = day_named(since, "--since"), day_named(until, "--until")
    headings = pairs(column or [], "column")

    def query() -> str:
        from openfls.quality import people_sql, sql

        dialect = "pyspark" if engine == "spark" else "duckdb"

        if people:
            return people_sql(set_id, dialect, TABLE, as_of=day, switches=switches, since=first, until=last)
        return sql(
            set_id,
            dialect,
            TABLE,
            as_of=day,
            by=by,
            switches=switches,
            caseload=expected,
            split=split or [],
            since=first,
            until=last,
        )

    # The SQL is made while DuckDB looks through the file.
    with ThreadPoolExecutor(1) as pool:
        prepared = pool.submit(query)
        with open_file(rows, day, columns=headings, service=service) as file:
            wanted = prepared.result()
            if engine == "spark":
                from openfls.commands.on_spark import counted_on_spark

                file.connection.register("counted_on_spark", counted_on_spark(file.connection, wanted))
                wanted = "SELECT * FROM counted_on_spark"
            from openfls.quality import (
                not_countable,
                without_guessed_ratings,
                without_open_ratings,
                without_uncounted,
            )

            uncounted = not_countable(set_id, file.headings.found)
            wanted = without_uncounted(wanted, uncounted, people=people)
            if not people:
                wanted = without_guessed_ratings(wanted, set_id, day, expected, switches)
                wanted = without_open_ratings(wanted, set_id, day, by, last, switches)
            if suppress:
                wanted = suppressed(file.connection, wanted, set_id, switches, split or [], expected)
            count = write_result(file.connection, wanted, output)
            report, problems = write_quality(file, output)
            for name, why in uncounted.items():
                typer.echo(f"{name} {why}", err=True)
            _tell(file, day, count, output, report, problems, expected is None and not people)


def _tell(
    file: FlsdbFile, day: date, count: int, output: Path, report: Path, problems: int, from_hips: bool
) -> None:
    typer.echo(
        f"{_of(file.rows, 'row')}, {file.rejected:,} rejected; counted as of {day.isoformat()}", err=True
    )
    if from_hips:
        typer.echo("Caseload: five times the hip fractures in the rows (no --caseload given)", err=True)
    typer.echo(f"{_of(count, 'result')} in {output}", err=True)
    typer.echo(f"{_of(problems, 'note')} on the quality of the data in {report}", err=True)


def _of(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
