"""What happens to every request: nothing of a page is kept by a browser, and who acts in which service is settled."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from openfls.service.actor import actor_of
from openfls.service.models import Membership
from openfls.web.practising import enter

Handler = Callable[[HttpRequest], HttpResponse]
SERVICE_KEY = "service"


CLOSED = (
    *(
        "accelerometer",
        "autoplay",
        "browsing-topics",
        "camera",
        "display-capture",
        "encrypted-media",
        "geolocation",
    ),
    *("gyroscope", "magnetometer", "microphone", "midi", "payment", "screen-wake-lock", "serial", "usb"),
    "xr-spatial-tracking",
)
"""What a browser can do that no page of ours asks for."""
_PERMISSIONS = ", ".join(f"{name}=()" for name in CLOSED)


class BrowserRules:
    """Tell browsers what no answer of ours needs, that no other site may embed it, and to forget at the sign-out."""

    def __init__(self, get_response: Handler) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        response.headers["Permissions-Policy"] = _PERMISSIONS
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if (
            request.method == "POST"
            and request.resolver_match
            and request.resolver_match.route == "sign-out/"
        ):
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        if request.method == "HEAD":
            _without_body(response)
        return response


def _without_body(response: HttpResponse) -> None:
    """Not every server leaves the body of a HEAD away; a proxy would take it for the answer to somebody else."""
    if response.streaming:
        response.streaming_content = iter(())  # what it held is closed with it
    else:
        response.headers.setdefault("Content-Length", str(len(response.content)))
        response.content = b""


class PrivatePages:
    """Tell browsers and proxies to keep no copy: the next user of a ward computer must not page back to a person."""

    def __init__(self, get_response: Handler) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        response.headers.setdefault("Cache-Control", "no-store, private")
        return response


class CurrentService:
    """Set ``request.actor``: the signed-in user in the service chosen last, or the first one; None without one."""

    def __init__(self, get_response: Handler) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = None
        request.memberships = []
        if request.user.is_authenticated:
            memberships = list(
                Membership.objects.filter(user=request.user).select_related("service__access_rules", "user")
            )
            chosen = [row for row in memberships if row.service.code == request.session.get(SERVICE_KEY)]
            request.memberships = memberships
            if memberships:
                request.actor = actor_of((chosen or memberships)[0])
                enter(request)
        return self._get_response(request)
