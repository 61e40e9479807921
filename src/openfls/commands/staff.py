"""`openfls service-add`, `openfls user-add`: a service, and the people who work in it."""

from __future__ import annotations

from typing import Annotated

import typer

from openfls.commands.app import app
from openfls.record.errors import BadInput


@app.command("service-add")
def service_add(
    code: Annotated[str, typer.Argument(help="Short code: letters, digits, hyphens.")],
    name: Annotated[str, typer.Argument(help="Full name as letters show it.")],
) -> None:
    """Add a service."""
    from openfls.commands.database import prepare_database

    prepare_database()
    from django.core.exceptions import ValidationError

    from openfls.service.models import Service

    service = Service(code=code, name=name)
    try:
        service.full_clean()
    except ValidationError as error:
        raise BadInput("; ".join(error.messages), field="code or name") from error
    service.save()
    typer.echo(f"Added {name} ({code}).")


@app.command("user-add")
def user_add(
    username: Annotated[str, typer.Argument()],
    role: Annotated[str, typer.Option(help="co_ordinator, clinician, manager or viewer.")],
    service: Annotated[str | None, typer.Option(help="Code of the service, where there are several.")] = None,
    name: Annotated[str, typer.Option(help="Name as letters show it.")] = "",
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)] = "",
) -> None:
    """Add a user with a role in a service, or give a user a role in a further one."""
    from openfls.commands.database import prepare_database, service_called

    prepare_database()
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    from openfls.service.models import Membership, User
    from openfls.service.roles import Role

    if role not in set(Role):
        raise BadInput(f"{role!r} is not one of {', '.join(Role)}", field="role")
    chosen = service_called(service)
    user = User.objects.filter(username=username).first()
    if user is None:
        try:
            User(username=username).clean_fields(exclude=["password"])
        except ValidationError as error:
            raise BadInput("; ".join(error.messages), field="username") from error
        try:
            validate_password(password)
        except ValidationError as error:
            raise BadInput("; ".join(error.messages), field="password") from error
        first, _, last = name.rpartition(" ")
        user = User.objects.create_user(username, password=password, first_name=first, last_name=last)
    Membership.objects.update_or_create(user=user, service=chosen, defaults={"role": role})
    typer.echo(f"{username} is {Role(role).label} in {chosen.name}.")
