"""`openfls service-add`, `user-add`, `user-reset`: a service, the people who work in it, and a way back in."""

from __future__ import annotations

from typing import Annotated

import typer

from openfls.commands.app import app
from openfls.record.errors import BadInput

Password = Annotated[str, typer.Option(help="Asked for where it is not given.", show_default=False)]


def _asked_for(password: str) -> str:
    """The password that was given, or one that is typed twice: only once it is known that it will be used."""
    return password or str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


@app.command("service-add")
def service_add(
    code: Annotated[str, typer.Argument(help="Short code: letters, digits, hyphens.")],
    name: Annotated[str, typer.Argument(help="Full name as letters show it.")],
) -> None:
    """Add a service."""
    from openfls.commands.database import prepare_database

    prepare_database(begin=True)
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
    role: Annotated[str, typer.Option(help="co_ordinator, clinician, manager, viewer or trainee.")],
    service: Annotated[str | None, typer.Option(help="Code of the service, where there are several.")] = None,
    name: Annotated[str, typer.Option(help="Name as letters show it.")] = "",
    email: Annotated[
        str, typer.Option(help="E-mail address at work: good for signing in, and with the organisation.")
    ] = "",
    password: Password = "",
) -> None:
    """Add a user with a role in a service, or give a user a role in a further one."""
    from openfls.commands.database import prepare_database, service_called

    prepare_database()
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError
    from django.db import transaction

    from openfls.service import audit
    from openfls.service.actor import system_actor
    from openfls.service.models import Membership, User
    from openfls.service.roles import Role

    if role not in set(Role):
        raise BadInput(f"{role!r} is not one of {', '.join(Role)}", field="role")
    chosen = service_called(service)
    user = User.objects.filter(username=username).first()
    if user is None:
        try:
            User(username=username, email=email).clean_fields(exclude=["password"])
        except ValidationError as error:
            raise BadInput("; ".join(error.messages), field="username or email") from error
        password = _asked_for(password)
        try:
            validate_password(password)
        except ValidationError as error:
            raise BadInput("; ".join(error.messages), field="password") from error
        first, _, last = name.rpartition(" ")
        user = User.objects.create_user(
            username, email=email.lower(), password=password, first_name=first, last_name=last
        )
    had = Membership.ever.filter(user=user, service=chosen).first()
    standing = {"role": role, "ends_at": None, "ended_by": None, "handed_to": None}
    with transaction.atomic():
        Membership.ever.update_or_create(user=user, service=chosen, defaults=standing)
        if had is not None and had.role != role:
            subject = f"user {user.pk}"
            audit.record(system_actor(chosen), "access.role", subject=subject, was=had.role, role=role)
    typer.echo(f"{username} is {Role(role).label} in {chosen.name}.")


@app.command("user-reset")
def user_reset(
    username: Annotated[str, typer.Argument()],
    factors: Annotated[
        bool, typer.Option("--factors", help="Take the second factors away too: a lost telephone.")
    ] = False,
    password: Password = "",
) -> None:
    """Give a user a new password where no manager can: nobody else is manager, or she works in several services.

    She is signed out everywhere, and the log of each of her services tells of it.
    """
    from openfls.commands.database import prepare_database

    prepare_database()
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError
    from django.db import transaction

    from openfls.service.access.resetting import reset
    from openfls.service.models import User

    user = User.objects.filter(username=username).first()
    if user is None:
        raise BadInput(f"there is no user {username!r}", field="username")
    password = _asked_for(password)
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise BadInput("; ".join(error.messages), field="password") from error
    with transaction.atomic():
        reset(user, password, factors=factors)
    typer.echo(f"{username} has a new password{' and no second factor' if factors else ''}.")
