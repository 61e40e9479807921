"""`openfls run`: the web app on this machine, with fictional people on the first start."""

from __future__ import annotations

from typing import Annotated

import typer

from openfls.commands.app import app


@app.command()
def run(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1.")] = 8000,
    size: Annotated[int, typer.Option(help="Fragility fractures a year of the fictional hospital.")] = 600,
) -> None:
    """Serve the web app at 127.0.0.1, on an embedded database filled with fictional people at the first start."""
    from openfls.commands.database import prepare_database
    from openfls.record.errors import BadInput

    prepare_database()
    from openfls.service.models import Service

    if not Service.objects.exists():
        _fill(size)
    _say_where(port)
    from django.conf import settings
    from waitress import serve

    from openfls.web.wsgi import application

    try:
        serve(
            application,
            host="127.0.0.1",
            port=port,
            threads=8,
            ident=None,
            # A file beyond the limit gets a page that says so; one far beyond it is not even received.
            max_request_body_size=2 * settings.UPLOAD_BYTES,
            _quiet=True,
        )
    except OSError as error:
        raise BadInput(f"port {port} is taken; choose another with --port") from error


def _fill(size: int) -> None:
    from rich.progress import Progress

    from openfls.service import clock
    from openfls.service.fictional.filling import fill

    with Progress() as bar:
        task = bar.add_task("A fictional hospital's year", total=None)
        fill(clock.today(), size, lambda done, total: bar.update(task, completed=done, total=total))


def _say_where(port: int) -> None:
    from openfls.service.fictional.filling import PASSWORD
    from openfls.service.models import Membership

    typer.echo(f"openfls is at http://127.0.0.1:{port}")
    fictional = Membership.objects.filter(service__is_fictional=True).select_related("user", "service")
    for row in fictional.order_by("service__code", "pk"):
        typer.echo(f"  sign in as {row.user.username} ({row.get_role_display()}, {row.service.name})")
    if fictional:
        typer.echo(f"  password of each: {PASSWORD}")
    typer.echo("Stop it with Ctrl+C.")
