"""Choosing a service, and what the system says of itself."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from openfls.service import audit
from openfls.service.access.left import ended_roles
from openfls.service.limits import known_limits
from openfls.service.models import Membership
from openfls.web.guard import Request
from openfls.web.middleware import SERVICE_KEY


def services(request: Request) -> HttpResponse:
    """The services in which the user has a role; a POST goes to one of them."""
    rows = Membership.objects.filter(user=request.user).select_related("service")
    if request.method == "POST":
        chosen = rows.filter(service__code=request.POST.get("service")).first()
        if chosen:
            request.session[SERVICE_KEY] = chosen.service.code
            audit.record(request.actor, "service.leave", subject=f"to {chosen.service.code}")
        return redirect("today")
    return render(request, "services.jinja", {"here": "services", "memberships": rows})


def no_service(request: HttpRequest) -> HttpResponse:
    """Signed in, but with a role in no service: none yet, or none any more."""
    ended = ended_roles(request.user) if request.user.is_authenticated else []
    return render(request, "no_service.jinja", {"ended": ended}, status=403)


def about(request: HttpRequest) -> HttpResponse:
    """What the system does, and where its limits are."""
    return render(request, "about.jinja", {"here": "about", "limits": known_limits()})
