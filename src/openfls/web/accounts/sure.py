"""Before something that opens or shuts a door for others: who sits here shows once more who she is.

Somebody who came in a few minutes ago is believed. Anybody else types her password or a code on a page that carries
what she has sent, so that nothing is typed twice.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from openfls.service.access.rules import has_factor
from openfls.web.accounts.adapters import came_in_just_now
from openfls.web.accounts.held import FILLED_BY
from openfls.web.guard import Request, scoped

View = Callable[..., HttpResponse]
FIELD = "own_password"
_OURS = {FIELD, FILLED_BY, "csrfmiddlewaretoken"}


def sure(rows: Callable[[], QuerySet[Any]] | None = None) -> Callable[[View], View]:
    """A page whose POST asks who sits here; of ``rows`` is what it is about, which must be of her own service."""
    return lambda view: _asking(view, rows)


def _asking(view: View, rows: Callable[[], QuerySet[Any]] | None) -> View:
    @wraps(view)
    def run(request: Request, *args: Any, **keywords: Any) -> HttpResponse:
        if request.method != "POST" or came_in_just_now(request):
            return view(request, *args, **keywords)
        if rows is not None:
            scoped(rows(), request.actor, **keywords)
        wrong = _wrong(request)
        if wrong is None:
            reauthenticate_by_password(request)
            return view(request, *args, **keywords)
        carried = [
            (name, value) for name, values in request.POST.lists() if name not in _OURS for value in values
        ]
        return render(
            request,
            "accounts/sure.jinja",
            {
                "carried": carried,
                "wrong": wrong,
                "form_errors": bool(wrong),
                "field": FIELD,
                "has_password": request.user.has_usable_password(),
                "has_factor": has_factor(request.user),
            },
            status=422 if wrong else 200,
        )

    return run


def _wrong(request: Request) -> str | None:
    """None where the password is right; what is wrong with it; empty where none was asked for yet."""
    if FIELD not in request.POST or not request.user.has_usable_password():
        return ""
    try:
        right = get_adapter().reauthenticate(request.user, request.POST[FIELD])
    except ValidationError as error:
        return str(error.messages[0])
    return None if right else "The password is not right"
