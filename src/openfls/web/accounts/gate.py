"""The second factor at the gate of every page."""

from __future__ import annotations

from datetime import datetime

from allauth.account.internal.flows.login import get_authentication_records
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from openfls.options import read
from openfls.service import clock
from openfls.service.access import rules


def second_factor(request: HttpRequest) -> HttpResponse | None:
    """Where to send somebody of whom a second factor is asked and whose days without one are over; None: go on.

    Sets ``request.factor_by``, the moment until which she may go on without, for the notice on the page.
    """
    request.factor_by = None
    if not rules.asked_of(request.memberships) or rules.has_factor(request.user) or _vouched_for(request):
        return None
    due: datetime = rules.due_at(request.user)
    if due <= clock.now():
        return redirect("own-account")
    request.factor_by = due
    return None


def _vouched_for(request: HttpRequest) -> bool:
    """Whether she came in through the organisation, which asks for a second factor itself."""
    if not read("OPENFLS_OIDC_STRONG"):
        return False
    ways = [one["method"] for one in get_authentication_records(request, request.user)]
    return "socialaccount" in ways
