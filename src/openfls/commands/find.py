"""`openfls find`: any mix of feeds in, one row for each fracture out, and every record left out with its
reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openfls.commands.app import app

if TYPE_CHECKING:
    from openfls.commands.find_spool import Spool
    from openfls.commands.tables import TableWriter
    from openfls.identification.episodes import Outcome
    from openfls.identification.feeds import FeedOptions
    from openfls.record.feeds import Observation, Reading


@app.command()
def find(
    feeds: Annotated[
        list[Path],
        typer.Argument(metavar="FEED", help="FHIR R4 JSON, HL7 v2 or CSV; a folder or archive of them."),
    ],
    output: Annotated[
        Path, typer.Option("-o", "--output", help="The table of fractures: .csv, .parquet, .jsonl.")
    ],
    columns: Annotated[
        Path | None, typer.Option(help="A mapping (TOML) that names the columns of a CSV file.")
    ] = None,
    codes: Annotated[Path | None, typer.Option(help="Your own code list (CSV), laid over ours.")] = None,
) -> None:
    """Find the fractures that feeds tell of, one row for each fracture of a person.

    Beside OUT stands OUT.rejected with the same ending: what made no row, and why.
    """
    from openfls.commands.find_rows import FOUND, LEFT_OUT
    from openfls.commands.find_spool import Spool
    from openfls.commands.tables import TableWriter
    from openfls.identification.codes import load_list
    from openfls.identification.feeds import FeedOptions
    from openfls.identification.feeds.csvfile.columns import load_mapping
    from openfls.record.errors import BadInput

    today = date.today()
    options = FeedOptions(today=today)
    if codes is not None:
        options = replace(options, lists=load_list(codes))
    if columns is not None:
        options = load_mapping(columns, options)
    for feed in feeds:
        if not feed.exists():
            raise BadInput("no such file or folder", where=str(feed))
    rejected = output.with_name(f"{output.stem}.rejected{output.suffix}")
    with TableWriter(output, FOUND) as found, TableWriter(rejected, LEFT_OUT) as left, Spool() as spool:
        for name, reading in _progress(_readings(feeds, options)):
            spool.add(name, reading)
        if not spool.usable:
            reason = spool.first_reason or "no file in it"
            raise BadInput(f"nothing readable: {reason}", where=", ".join(map(str, feeds)))
        tally = _write_found(spool, found)
        _write_left_out(spool, left)
        lines = _summary(spool, tally, left.count, rejected.name)
    for line in lines:
        typer.echo(line, err=True)


def _readings(feeds: list[Path], options: FeedOptions) -> Iterator[tuple[str, Reading]]:
    from openfls.identification.feeds import read_feed

    for feed in feeds:
        for reading in read_feed(feed, options):
            yield feed.name, reading


def _progress(readings: Iterator[tuple[str, Reading]]) -> Iterator[tuple[str, Reading]]:
    """The same readings; on a terminal, with what is being read."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield from readings
        return
    with console.status("reading") as status:
        for number, (name, reading) in enumerate(readings, start=1):
            if number % 50 == 1:
                status.update(f"{number:,} readings, {reading.source.position[-70:]}")
            yield name, reading


def _write_found(spool: Spool, writer: TableWriter) -> Counter[str]:
    from openfls.commands.find_rows import found_row

    tally: Counter[str] = Counter()
    for readings, outcome, person_id in _people(spool):
        rows = {reading: n for n, reading in readings}
        for n, _ in readings:
            spool.name(n, person_id)
        for left in outcome.left_out:
            spool.leave_out(rows[left.observation], left.reason, person_id)
        for fracture in outcome.found:
            writer.write(found_row(fracture))
            tally[fracture.triage] += 1
        tally["people"] += bool(outcome.found)
        tally["records"] += len({each for fracture in outcome.found for each in fracture.observations})
        tally["beside"] += len(outcome.beside)
    return tally


def _people(spool: Spool) -> Iterator[tuple[list[tuple[int, Reading]], Outcome, str]]:
    """Each person's readings and what they come to. Linked records of two people are kept apart, with the
    doubt."""
    from openfls.identification.episodes import merged, name_of_person, partition, sort_out
    from openfls.record.feeds import Observation

    for _, readings in spool.people():
        told = [reading.person for _, reading in readings if reading.person is not None]
        parts = partition(told)
        for part in parts:
            mine = [readings[at] for at in part]
            person = merged(told[at] for at in part)
            person_id = name_of_person(person) or mine[0][1].source.record
            observations: list[Observation] = [each for _, each in mine if isinstance(each, Observation)]
            doubts = (
                ["a number is shared with somebody of another name and birth date"] if len(parts) > 1 else []
            )
            outcome = sort_out(
                observations, person=person, person_id=person_id, doubts=doubts, today=date.today()
            )
            yield mine, outcome, person_id


def _write_left_out(spool: Spool, writer: TableWriter) -> None:
    from openfls.commands.find_rows import own_record
    from openfls.identification.episodes import name_of_person
    from openfls.record.feeds import Notice, Rejection

    for argument, reading, noted, person_id in spool.left_out():
        reason = noted
        if isinstance(reading, Rejection):
            reason = reading.reason
        elif isinstance(reading, Notice) and reading.other is not None:
            other = name_of_person(reading.other)
            reason = (
                f"{reading.detail}: {other} is said to be the same person; nobody is merged without a human"
            )
        writer.write(
            {
                "feed": argument,
                "position": reading.source.position,
                "record": own_record(reading.source),
                "person_id": person_id or (name_of_person(reading.person) if reading.person else ""),
                "reason": reason,
            }
        )


def _summary(spool: Spool, tally: Counter[str], left: int, rejected: str) -> list[str]:
    from openfls.commands.find_spool import NOTICE

    people = spool.count(NOTICE) + tally["beside"]
    passed = spool.passed.total() + people
    fractures = tally["case"] + tally["review"] + tally["none"]
    types = ", ".join(f"{name} {count:,}" for name, count in spool.passed.most_common())
    return [
        f"not about fractures: person only {people:,}{', ' + types if types else ''}",
        f"read {spool.read:,} records: {tally['records']:,} tell of {fractures:,} fractures of"
        f" {tally['people']:,} people (case {tally['case']}, review {tally['review']}, died {tally['none']});"
        f" {left:,} left out, see {rejected}; {passed:,} not about fractures;"
        f" {spool.again:,} delivered again",
    ]
