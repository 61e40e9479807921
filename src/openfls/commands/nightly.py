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
    from openfls.service.auditing.anchors import anchor
    from openfls.service.models import Service
    from openfls.service.quality.rebuilding import rebuild
    from openfls.service.sharing.delivering import deliver

    chosen = [service_called(service)] if service else list(Service.real.order_by("code"))
    for each in chosen:
        night = work.nightly(each)
        made = rebuild(each)
        anchor(each)
        typer.echo(
            f"{each.code}: {_of(night.looked_at, 'episode')} looked at, "
            f"{_of(night.raised, 'alert')} raised, {night.ended} ended"
        )
        if night.failed or made.failed:
            typer.echo(
                f"{each.code}: {night.failed} could not be looked at, {made.failed} audit rows could not be made; "
                "the page Measures names them to the service, the log says why",
                err=True,
            )
    # Whoever has set no timer for the outbox has its messages sent once a night at least.
    sent = deliver()
    if sent.delivered or sent.failed or sent.given_up:
        typer.echo(
            f"outbox: {sent.delivered} delivered, {sent.failed} to be tried again, {sent.given_up} given up"
        )


def _of(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
