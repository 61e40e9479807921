"""Who asks: the bearer token of a connection, how often, and what it may read. A browser’s session opens nothing."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from openfls.integration.fhir.outcome import Refusal
from openfls.service.sharing.client import ClientActor, actor_with, used
from openfls.web.api.answers import refused
from openfls.web.pace import Pace

FOR_SYSTEMS = ("/fhir/", "/oauth2/", "/cds-services")
PACE = Pace("api", settings.API_A_MINUTE)


class ClientRequest(HttpRequest):
    """A request whose client is settled."""

    auth: ClientActor


class HttpsAlone:
    """Middleware: another system that asks without HTTPS is refused. Led on, it would send its secret in the open again
    and again, and nobody would notice."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.HTTPS and not request.is_secure() and request.path.startswith(FOR_SYSTEMS):
            return refused(
                Refusal(403, "security", "Ask over HTTPS. What was sent went over the network in the open.")
            )
        return self._get_response(request)


def bearer(request: HttpRequest) -> ClientActor:
    """The client whose token the request carries.

    Raises:
        Refusal: there is no token, it counts no more, or its client asks too often.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    actor = actor_with(token.strip()) if scheme.lower() == "bearer" and token.strip() else None
    if actor is None or actor.client is None:
        raise Refusal(401, "login", "Send a token: Authorization: Bearer … . A token lives for five minutes.")
    wait = PACE.count(str(actor.client.pk))
    if wait:
        raise Refusal(429, "throttled", "Too many requests in this minute.", retry_after=wait)
    used(actor.client)
    return actor


def check_scope(actor: ClientActor, scope: str) -> None:
    """Raise `Refusal` where the token does not allow it."""
    if scope not in actor.scopes:
        raise Refusal(403, "forbidden", f"The token lacks the scope {scope}.")
