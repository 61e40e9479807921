"""Pages for what went wrong. None of them says anything about a person."""

from __future__ import annotations

import logging
import sys
import traceback
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from openfls.service.actor import can
from openfls.service.roles import May
from openfls.web.accounts.held import bring_back

_log = logging.getLogger("openfls.web")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """There is no such page, or not for this service: the two look the same."""
    actor = getattr(request, "actor", None)
    # Who may see nobody has no search to be sent to.
    words = _NOT_FOUND if actor and can(actor, May.SEE_PEOPLE) else _NO_SUCH_PAGE
    return render(request, "error.jinja", {"title": "Page not found", "words": words}, status=404)


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The role does not allow it, or it is no part of a practice."""
    words = _NOT_IN_PRACTICE if getattr(request, "practice", None) else _NOT_ALLOWED
    return render(request, "error.jinja", {"title": "Not allowed", "words": words}, status=403)


def failed(request: HttpRequest) -> HttpResponse:
    """A fault of ours. The log names the page, the kind of fault and its place in the program: never a value."""
    kind, _, trace = sys.exc_info()
    route = request.resolver_match.view_name if request.resolver_match else "no route"
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)[-6:]]
    _log.error(
        "%s %s 500 %s at %s", request.method, route, kind.__name__ if kind else "?", " < ".join(places[::-1])
    )
    return render(request, "error.jinja", {"title": "Something went wrong", "words": _FAILED}, status=500)


def form_too_old(request: HttpRequest, reason: str = "", **_: Any) -> HttpResponse:
    """The page was open for so long that its form no longer counts. Where a page of ours sent it, it comes back."""
    if (held := bring_back(request)) is not None:
        return held
    return render(request, "error.jinja", {"title": "Please try again", "words": _TOO_OLD}, status=403)


_NOT_FOUND = "There is no page at this address. Check it, or find the person with the search above."
_NO_SUCH_PAGE = "There is no page at this address. Check it, or begin again from the first page."
_NOT_ALLOWED = "Your role does not allow this. Ask the manager of your service if you need it."
_NOT_IN_PRACTICE = (
    "This page is not part of a practice. Leave the practice to open it in your own service, "
    "if your role allows it there."
)
_FAILED = "Nothing was saved. Try again; if it happens again, tell whoever runs the system for you."
_TOO_OLD = (
    "The page had been open for too long, or you signed out elsewhere. Go back, reload and send it again."
)
