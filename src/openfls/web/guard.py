"""The rule of every page: who may open it, and that a record of another service is not found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from openfls.record.pathway import NotPossible
from openfls.service import audit
from openfls.service.actor import Actor, NotAllowed, can
from openfls.service.roles import May
from openfls.web.accounts.gate import second_factor
from openfls.web.accounts.held import bring_back, comes_back, is_only_held
from openfls.web.navigation import first_page
from openfls.web.practising import simulated, stays_outside, whole

View = Callable[..., HttpResponse]
Row = TypeVar("Row", bound=Model)


class Request(HttpRequest):
    """A request whose actor is settled."""

    actor: Actor


@dataclass(frozen=True, slots=True)
class Route:
    """An address, its page, its name, its rule, and the methods that it answers."""

    address: str
    view: View
    name: str
    needs: May
    methods: tuple[str, ...] = ("GET",)
    to_change: May | None = None
    """What a POST needs, where it is more than looking does."""
    real_time: bool = False
    """Whether it is the real day there even for somebody who practises on a simulated one."""

    def needs_for(self, method: str) -> May:
        """The rule of one method."""
        return self.to_change if self.to_change and method == "POST" else self.needs

    def pattern(self) -> URLPattern:
        """The guarded address for Django."""
        allowed = (*self.methods, "HEAD") if "GET" in self.methods else self.methods
        return path(self.address, require_http_methods(allowed)(_guarded(self.view, self)), name=self.name)


def _guarded(view: View, route: Route) -> View:
    @comes_back
    @wraps(view)
    def run(request: HttpRequest, *args: Any, **keywords: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            onwards = request.get_full_path() if request.method == "GET" else "/"
            return bring_back(request) or redirect_to_login(onwards)
        if is_only_held(request):
            return bring_back(request) or redirect("today")
        if request.actor is None:
            return redirect("no-service")
        if (first := second_factor(request)) is not None:
            return bring_back(request, factor=True) or first
        if not can(request.actor, route.needs_for(request.method or "")) or stays_outside(
            request, route.name
        ):
            # Everybody signs in at the plain address. Who may see nobody there is led to her own first page.
            if route.name == "today" and (door := first_page(request.actor)):
                return redirect(door)
            _refused(request, route, "role")
            raise PermissionDenied
        try:
            with simulated(request, real_time=route.real_time):
                return whole(request, view(request, *args, **keywords))
        except NotAllowed as error:
            _refused(request, route, "role")
            raise PermissionDenied(str(error)) from error
        except Http404:
            if keywords:
                _refused(request, route, "absent")
            raise

    return run


def _refused(request: HttpRequest, route: Route, why: str) -> None:
    """One row of the log: who was refused which kind of page, never its address. What is absent may be another
    service's or never made: it is the same row, so that nobody can tell them apart by it or by the time it takes."""
    audit.record(request.actor, "page.refused", subject=route.name, why=why, method=str(request.method))


def scoped(rows: QuerySet[Row], actor: Actor, **keys: Any) -> Row:
    """The one row of the actor's service with these keys; a row of another service is as absent as one never made.

    A key that is no key at all ("²", forty digits) is absent too.
    """
    try:
        row = get_object_or_404(rows.filter(service=actor.service), **keys)
    except (ValueError, OverflowError) as error:
        raise Http404("No such row.") from error
    # It is the actor's service, as it was read a moment ago: nobody has to ask for it again.
    row._meta.get_field("service").set_cached_value(row, actor.service)
    return row


def with_query(address: str, query: Mapping[str, str]) -> str:
    """An address with a query, where there is one."""
    return f"{address}?{urlencode(query)}" if query else address


def not_possible_as_404(error: NotPossible) -> Http404:
    """For an address that a page never offers in this state."""
    return Http404(str(error))
