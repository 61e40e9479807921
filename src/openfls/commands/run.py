"""`openfls run`: the web app on this machine; its first start on the embedded database makes fictional people."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from openfls.commands.app import app

BEHIND_A_PROXY = {
    "trusted_proxy": "127.0.0.1",
    "trusted_proxy_headers": {"x-forwarded-proto", "x-forwarded-for"},
}
"""The server drops what a proxy says unless it is told whom to believe."""


@app.command()
def run(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1.")] = 8000,
    size: Annotated[int, typer.Option(help="Fragility fractures a year of the fictional hospital.")] = 600,
    fictional: Annotated[
        bool,
        typer.Option("--fictional", help="Fill an empty database of your own with fictional people too."),
    ] = False,
) -> None:
    """Serve the web app at 127.0.0.1. At the first start the embedded database is filled with fictional people;
    an empty database named by OPENFLS_DATABASE is left empty, unless asked for."""
    from openfls.commands.database import prepare_database

    prepare_database(begin=True)
    from openfls.service.safekeeping.in_use import working

    with working():
        _warn_of_an_open_folder()
        _fill_or_say(size, fictional=fictional)
        _say_where(port)
        _serve(port)


def _warn_of_an_open_folder() -> None:
    from django.conf import settings

    from openfls.service.safekeeping.private import is_open_to_others

    if is_open_to_others(settings.DATA):
        typer.echo(
            f"{settings.DATA} is open to other users of this machine; say: chmod 700 {settings.DATA}",
            err=True,
        )


def _fill_or_say(size: int, *, fictional: bool) -> None:
    from openfls.commands.database import alone
    from openfls.service.models import Service

    if not Service.real.exists():
        if fictional or not os.environ.get("OPENFLS_DATABASE"):
            with alone():  # another first start may have filled it meanwhile
                if not Service.real.exists():
                    _fill(size)
        else:
            _say_what_to_do()


def _serve(port: int) -> None:
    from django.conf import settings
    from waitress import serve

    from openfls.record.errors import BadInput
    from openfls.service.feeds.loader import LOADER
    from openfls.service.investigation.counting import COUNTING
    from openfls.service.letter_runs.runner import RUNNER
    from openfls.service.quality.warming import WARMER
    from openfls.web.wsgi import application

    LOADER.wake()
    COUNTING.wake()
    RUNNER.wake()
    WARMER.wake()
    try:
        serve(
            application,
            host="127.0.0.1",
            port=port,
            threads=8,
            ident=None,
            # A file beyond the limit gets a page that says so; one far beyond it is not even received.
            max_request_body_size=2 * settings.UPLOAD_BYTES,
            **(BEHIND_A_PROXY if settings.PROXY else {}),
            _quiet=True,
        )
    except OSError as error:
        raise BadInput(f"port {port} is taken; choose another with --port") from error
    finally:
        LOADER.stop()
        COUNTING.stop()
        RUNNER.stop()
        WARMER.stop()


def _fill(size: int) -> None:
    from rich.progress import Progress

    from openfls.service import clock
    from openfls.service.fictional.filling import fill

    with Progress() as bar:
        task = bar.add_task("A fictional hospital's year", total=None)
        fill(clock.today(), size, lambda done, total: bar.update(task, completed=done, total=total))


def _say_what_to_do() -> None:
    typer.echo("The database is empty: no service and no user. Add them from another window:")
    typer.echo('  openfls service-add north "North Fracture Liaison Service"')
    typer.echo("  openfls user-add USERNAME --role co_ordinator")


def _say_where(port: int) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from django.contrib.auth.hashers import check_password

    from openfls.service.fictional.filling import PASSWORD
    from openfls.service.models import Membership

    typer.echo(f"openfls is at http://127.0.0.1:{port}")
    fictional = Membership.objects.filter(service__is_fictional=True).select_related("user", "service")
    rows = list(fictional.order_by("service__code", "pk"))
    with ThreadPoolExecutor() as each:  # a password is slow to look at, on purpose
        still = list(each.map(lambda row: check_password(PASSWORD, row.user.password), rows))
    for row, has_it in zip(rows, still, strict=True):
        own = "" if has_it else ", with a password of their own"
        typer.echo(f"  sign in as {row.user.username} ({row.get_role_display()}, {row.service.name}{own})")
    if any(still):
        typer.echo(f"  password of {'each' if all(still) else 'the others'}: {PASSWORD}")
    typer.echo("Stop it with Ctrl+C.")
