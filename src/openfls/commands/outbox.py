"""`openfls outbox deliver`: what happened, sent to those who are to be told; for a timer of the machine."""

from __future__ import annotations

from typing import Annotated

import typer

from openfls.commands.app import app

outbox = typer.Typer(name="outbox", help="Events for other systems.", no_args_is_help=True)
app.add_typer(outbox)


@outbox.callback()
def outbox_commands() -> None:
    """Events for other systems."""


@outbox.command()
def deliver(
    at_most: Annotated[int, typer.Option(help="How many messages to send in this round.", min=1)] = 1000,
) -> None:
    """Send every message that is due. What fails is tried again later; what was tried too often is given up.

    Running it twice, or twice at once, sends nothing twice that was delivered.
    """
    from openfls.commands.database import prepare_database

    prepare_database()
    from openfls.service.sharing.delivering import deliver as send

    done = send(at_most=at_most)
    typer.echo(f"{done.delivered} delivered, {done.failed} to be tried again, {done.given_up} given up")
