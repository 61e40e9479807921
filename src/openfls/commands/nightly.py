"""`openfls nightly`: safety alerts and promises brought in line; for a timer of the machine, and safe to run again."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from openfls.commands.app import app


@app.command("nightly")
def nightly(
    service: Annotated[
        str | None, typer.Option(help="Code of one service; every service where none is named.")
    ] = None,
) -> None:
    """Look at the safety alerts and the promises of every episode under care, make old audit rows anew, and send
    what waits in the outbox. Running it twice changes nothing.

    What fails of a service stops neither its other parts nor the other services; the command ends with 1.
    """
    from openfls.commands.database import prepare_database, service_called

    prepare_database()
    from openfls.service import nightly as work
    from openfls.service.models import Service
    from openfls.service.operation.part_by_part import part_by_part
    from openfls.service.sharing.delivering import deliver

    chosen = [service_called(service)] if service else list(Service.real.order_by("code"))

    def one(each: Service) -> None:
        night, rows_failed = work.whole_night(each)
        typer.echo(
            f"{each.code}: {_of(night.looked_at, 'episode')} looked at, "
            f"{_of(night.raised, 'alert')} raised, {night.ended} ended"
        )
        if night.failed or rows_failed:
            typer.echo(
                f"{each.code}: {night.failed} could not be looked at, {rows_failed} audit rows could not be made; "
                "the page Measures names them to the service, the log says why",
                err=True,
            )
        if night.parts:
            typer.echo(f"{each.code}: not done, the log says why: {', '.join(night.parts)}", err=True)
            broken.append(each.code)

    broken: list[str] = []
    lost = part_by_part("night", {each.code: partial(one, each) for each in chosen})
    for code in lost:
        typer.echo(f"{code}: the night failed, the log says why", err=True)
    # Whoever has set no timer for the outbox has its messages sent once a night at least.
    sent = deliver()
    if sent.delivered or sent.failed or sent.given_up:
        typer.echo(
            f"outbox: {sent.delivered} delivered, {sent.failed} to be tried again, {sent.given_up} given up"
        )
    if broken or lost:
        raise typer.Exit(1)


def _of(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
