"""A form that comes after its session has ended is not lost: it comes back, to be sent once more by who filled it in.

Nothing of it is kept here. Who filled a form in stands in it, signed. Until that user is signed in again the fields
travel in the page that answers as a sealed text, which this server alone can open: nobody else reads them there, or
sends them. Only a form that a page of ours sent by a browser's own navigation comes back; what another site or a script
sent is refused as ever.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.backends.utils import csrf_input
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString

from openfls.service.access import sealing

View = TypeVar("View", bound=Callable[..., HttpResponse])
FILLED_BY, SEALED, UNSENT, WAY = "filled_by", "held", "held_unsent", "held_way"
"""Fields of ours: who filled a form in; the sealed form; that a page sent it as its time was over, and nobody pressed a
button; and each button that there was, as JSON of its words, name and value."""
_OURS = {FILLED_BY, SEALED, UNSENT, WAY, "csrfmiddlewaretoken"}
_MARK, _PURPOSE, _MOST_WAYS = "comes_back", "held forms", 12
_OUR_PAGE = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate"}
_signer = signing.Signer(salt="openfls.filled_by")


@dataclass(frozen=True, slots=True)
class Held:
    """A form as it came: whose it is, where it goes, its fields, and its buttons where nobody had pressed one."""

    by: str
    where: str
    fields: list[list[str]]
    ways: list[list[str]]


def comes_back(view: View) -> View:
    """Mark a page whose forms come back."""
    setattr(view, _MARK, True)
    return view


def _is_marked(request: HttpRequest) -> bool:
    return bool(request.resolver_match and getattr(request.resolver_match.func, _MARK, False))


def with_who_fills(request: HttpRequest) -> dict[str, Any]:
    """What every template calls ``csrf_input``: on a page whose forms come back, with who fills them in."""
    if not _is_marked(request) or not request.user.is_authenticated:
        return {}
    return {"csrf_input": _inputs_lazily(request)}


def _inputs(request: HttpRequest) -> SafeString:
    signed = _signer.sign(str(request.user.pk))
    return csrf_input(request) + format_html('<input type="hidden" name="{}" value="{}">', FILLED_BY, signed)


_inputs_lazily = lazy(_inputs, SafeString, str)


def sent_by_our_page(request: HttpRequest) -> bool:
    """Whether the browser says that a form on a page of ours sent this; no page of another site can say so."""
    return request.method == "POST" and all(
        request.headers.get(name) == said for name, said in _OUR_PAGE.items()
    )


def is_only_held(request: HttpRequest) -> bool:
    """Whether nobody has asked that this be done: it is sealed, or a page sent it by itself. It reaches no page."""
    return request.method == "POST" and (SEALED in request.POST or UNSENT in request.POST)


def bring_back(request: HttpRequest, *, factor: bool = False) -> HttpResponse | None:
    """The page that carries the form; None where this is none that comes back, as one with a file, which would have to
    be chosen again. ``factor``: it waits for a second factor. No password is among the fields."""
    held = _held(request)
    if held is None:
        return None
    its_own = request.user.is_authenticated and str(request.user.pk) == held.by
    shown = {
        "held": held if its_own else None,
        "where": held.where,
        "sealed": "" if its_own else _seal(held),
        "factor": factor,
        "minutes": settings.SESSION_COOKIE_AGE // 60,
        "hours": settings.HARD_LIMIT_SECONDS // 3600,
    }
    return render(request, "accounts/held.jinja", shown, status=403)


def _held(request: HttpRequest) -> Held | None:
    if not _is_marked(request) or not sent_by_our_page(request) or request.FILES:
        return None
    if SEALED in request.POST:
        return _unseal(request.POST[SEALED])
    try:
        by = _signer.unsign(request.POST.get(FILLED_BY, ""))
    except signing.BadSignature:
        return None
    fields = [
        [name, value]
        for name, values in request.POST.lists()
        if name not in _OURS and "password" not in name
        for value in values
    ]
    return Held(by, request.get_full_path(), fields, _ways(request.POST.getlist(WAY)))


def _ways(told: list[str]) -> list[list[str]]:
    """The buttons that a page told; what is no button is left out."""
    found = []
    for text in told[:_MOST_WAYS]:
        try:
            one = json.loads(text)
        except ValueError:
            continue
        if isinstance(one, list) and len(one) == 3 and all(isinstance(part, str) for part in one) and one[0]:
            found.append(one)
    return found


def _seal(held: Held) -> str:
    return sealing.seal(json.dumps([held.by, held.where, held.fields, held.ways]), _PURPOSE)


def _unseal(sealed: str) -> Held | None:
    try:
        text = sealing.unseal(sealed, _PURPOSE, lasts=settings.HARD_LIMIT_SECONDS)
    except (InvalidToken, UnicodeEncodeError):
        return None
    return Held(*json.loads(text))
