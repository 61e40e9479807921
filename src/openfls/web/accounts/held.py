"""A form that comes after its session has ended is not lost: it comes back whole, to be sent once more.

Nothing of it is kept here: the fields travel in the page that answers, as they came. Only a form that a page of ours
sent by a browser's own navigation comes back; what another site or a script sent is refused as ever.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

View = TypeVar("View", bound=Callable[..., HttpResponse])
_MARK = "comes_back"
_OUR_PAGE = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate"}


def comes_back(view: View) -> View:
    """Mark a page whose forms come back."""
    setattr(view, _MARK, True)
    return view


def sent_by_our_page(request: HttpRequest) -> bool:
    """Whether the browser says that a form on a page of ours sent this; no page of another site can say so."""
    return request.method == "POST" and all(
        request.headers.get(name) == said for name, said in _OUR_PAGE.items()
    )


def can_come_back(request: HttpRequest) -> bool:
    """Whether this is a form that is shown to be sent again. A file would have to be chosen again: it is not."""
    view = request.resolver_match.func if request.resolver_match else None
    return getattr(view, _MARK, False) and sent_by_our_page(request) and not request.FILES


def bring_back(request: HttpRequest) -> HttpResponse:
    """The form as it came, with a way to sign in first where nobody is; no password is among the fields."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken" and "password" not in name
        for value in values
    ]
    shown = {
        "fields": fields,
        "where": request.get_full_path(),
        "minutes": settings.SESSION_COOKIE_AGE // 60,
    }
    return render(request, "accounts/held.jinja", shown, status=403)
