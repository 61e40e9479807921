"""`openfls nightly`: safety alerts and promises brought in line; for a timer of the machine, and safe to run again."""

from __future__ import annotations

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
    what waits in the outbox. Running it twice changes nothing."""
    from openfls.commands.database import prepare_database, service_called

    prepare_database()
    from openfls.service import nightly as work
    from openfls.service.models import Service
    from openfls.service.quality.rebuilding import rebuild
    from openfls.service.sharing.delivering import deliver

    chosen = [service_called(service)] if service else list(Service.real.order_by("code"))
    for each in chosen:
        night = work.nightly(each)
        rebuild(each)
        typer.echo(
            f"{each.code}: {night.looked_at} episodes looked at, {night.raised} alerts raised, {night.ended} ended"
        )
    # Whoever has set no timer for the outbox has its messages sent once a night at least.
    sent = deliver()
    if sent.delivered or sent.failed or sent.given_up:
        typer.echo(
            f"outbox: {sent.delivered} delivered, {sent.failed} to be tried again, {sent.given_up} given up"
        )
