"""`openfls training`: check and preview content, and statements for a learning record store."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openfls.commands.app import app
from openfls.record.errors import BadInput

if TYPE_CHECKING:
    from openfls.training.checking import Fault
    from openfls.training.values import Bank

training = typer.Typer(help="The training of practitioners: content and statements.", no_args_is_help=True)
app.add_typer(training, name="training")

Folder = Annotated[
    Path | None,
    typer.Argument(help="A topic's folder, or one that holds several; without it the program's own content."),
]


def _checked_cases(folder: Path | None) -> tuple[int, list[Fault]]:
    """Virtual patients of the program, or of the folder ``patients`` in an author's own."""
    from openfls.training.loader import shipped
    from openfls.training.patients.checking import check_cases
    from openfls.training.patients.loader import load_cases, shipped_cases

    cases = load_cases(folder / "patients", shipped()) if folder else shipped_cases()
    return len(cases), check_cases(cases.values(), shipped())


def _checked(folder: Path | None) -> tuple[Bank, list[Fault]]:
    from openfls.information.readability import readability
    from openfls.training.checking import check
    from openfls.training.loader import load_bank

    shipped = Path(str(resources.files("openfls.training"))) / "content"
    bank = load_bank(folder or shipped)
    return bank, check(bank, lambda text: readability(text).flesch_kincaid_grade)


@training.command("check")
def check_content(folder: Folder = None) -> None:
    """Look for faults in content, one a line: an objective that no question tests, a question without explanation or
    source, a citation or figure that is not there, reading too hard for its audience, an answer that its length or
    place gives away; a virtual patient whose key asks for what cannot be recorded. Exit code 2 where there is one."""
    from openfls.training.bias import bias

    bank, faults = _checked(folder)
    patients, of_patients = _checked_cases(folder)
    faults += of_patients
    for fault in faults:
        typer.echo(str(fault))
    questions = [question for topic in bank.topics.values() for question in topic.questions]
    found = bias(questions)
    typer.echo(
        f"{len(bank.topics)} topics, {len(questions)} questions, {patients} virtual patients, {len(faults)} faults. "
        f"Of {found.questions} lists with one right option it is the longest in {found.longest} and the shortest in "
        f"{found.shortest}; length right to wrong {found.ratio:.2f}; places {', '.join(map(str, found.places))}.",
        err=True,
    )
    if faults:
        raise typer.Exit(2)


@training.command("preview")
def preview_content(
    folder: Folder = None,
    output: Annotated[Path, typer.Option("-o", "--output", help="The HTML file to write.")] = Path(
        "preview.html"
    ),
) -> None:
    """Write content as one HTML file: lesson, case and questions with their answers, faults at the head."""
    from openfls.training.preview import preview

    bank, faults = _checked(folder)
    output.write_text(preview(bank, faults), encoding="utf-8")
    typer.echo(f"{output}: {len(bank.topics)} topics, {len(faults)} faults", err=True)


@training.command("xapi")
def xapi(
    output: Annotated[Path, typer.Option("-o", "--output", help="The file to write, a statement a line.")],
    home: Annotated[
        str, typer.Option(help="The address of this installation, which names its accounts.")
    ] = "http://127.0.0.1:8000",
    service: Annotated[str | None, typer.Option(help="Code of the service, where there are several.")] = None,
) -> None:
    """Write what the people of a service did in training as xAPI statements. No name is in them."""
    from openfls.commands.database import prepare_database, service_called

    if not home.startswith(("http://", "https://")):
        raise BadInput("it begins with https:// or http://", field="--home")
    prepare_database()
    from openfls.service.training.statements import doings
    from openfls.training.xapi import statement

    count = 0
    with output.open("w", encoding="utf-8") as file:
        for doing in doings(service_called(service)):
            file.write(json.dumps(statement(doing, home.rstrip("/")), ensure_ascii=False) + "\n")
            count += 1
    typer.echo(f"{output}: {count} statements", err=True)
