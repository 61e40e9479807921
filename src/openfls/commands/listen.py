"""`openfls listen`: HL7 v2 messages over MLLP, acknowledged when they are safely stored."""

from __future__ import annotations

from typing import Annotated

import typer

from openfls.commands.app import app

MEBIBYTE = 1024 * 1024


@app.command()
def listen(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; 0 takes a free one.", min=0, max=65535)] = 2575,
    service: Annotated[str | None, typer.Option(help="Code of the service, where there are several.")] = None,
    megabytes: Annotated[int, typer.Option(help="The largest message taken, in MiB.", min=1, max=32)] = 8,
    connections: Annotated[int, typer.Option(help="Senders at once.", min=1, max=1000)] = 32,
    idle_minutes: Annotated[
        float, typer.Option(help="Minutes after which a silent connection is closed.", min=0.01)
    ] = 30.0,
    only_from: Annotated[
        list[str] | None,
        typer.Option(
            help="Take messages from this address or network alone (10.1.2.3, 10.1.0.0/16); repeat it."
        ),
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="First try what could not be taken in before.")
    ] = False,
) -> None:
    """Receive HL7 v2 over MLLP. Each message is stored, then acknowledged, then read; stop with Ctrl+C."""
    from ipaddress import ip_network

    from openfls.commands.database import prepare_database, service_called
    from openfls.record.errors import BadInput

    try:
        senders = tuple(ip_network(each) for each in only_from or ())
    except ValueError as error:
        raise BadInput(f"--only-from: {error}; write an address or a network") from None
    prepare_database()
    from openfls.service.inbox.limits import Limits
    from openfls.service.inbox.listener import listen as receive
    from openfls.service.inbox.processing import process_again
    from openfls.service.operation.life import living
    from openfls.service.safekeeping.in_use import working

    chosen = service_called(service)
    if again:
        typer.echo(f"{process_again(chosen)} messages are tried again.")

    def announce(at: str, on: int) -> None:
        typer.echo(f"openfls listens at {at}:{on} for {chosen.name}. Stop it with Ctrl+C.")

    limits = Limits(
        message=megabytes * MEBIBYTE, connections=connections, idle=idle_minutes * 60, senders=senders
    )
    with working(), living("listen"):
        kept = receive(chosen, host, port, limits, announce)
    typer.echo(f"Stopped; {kept} messages were kept.")
