"""The command tree. A command's own imports happen when it runs, so that `openfls --help` answers at once."""

from __future__ import annotations

import typer

from openfls import __version__

app = typer.Typer(
    name="openfls",
    help="The working system of a Fracture Liaison Service.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.callback()
def openfls() -> None:
    """The working system of a Fracture Liaison Service."""


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(__version__)
