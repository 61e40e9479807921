"""`openfls audit-verify`: does the audit log hold?"""

from __future__ import annotations

import typer

from openfls.commands.app import app


@app.command("audit-verify")
def audit_verify() -> None:
    """Check every service's audit log for events that were altered, removed or moved. Exit code 1 where one was."""
    from openfls.commands.database import prepare_database

    prepare_database()
    from openfls.service.audit import verify
    from openfls.service.models import Service

    faults = 0
    for service in Service.objects.order_by("code"):
        count, found = verify(service)
        typer.echo(f"{service.code}: {count} events, {len(found)} faults")
        for fault in found:
            typer.echo(f"  event {fault.number}: {fault.reason}")
        faults += len(found)
    raise typer.Exit(1 if faults else 0)
