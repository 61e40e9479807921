"""The token endpoint: OAuth 2, client credentials. A wrong secret is counted and stands in the log of the service."""

from __future__ import annotations

import base64
import binascii

from django.http import HttpRequest, HttpResponse
from ninja import Router

from openfls.service import audit
from openfls.service.actor import system_actor
from openfls.service.sharing.client import TOKEN_LIVES, NoEntry, token_for
from openfls.web.api import described
from openfls.web.api.answers import written
from openfls.web.pace import Pace, address_of

WRONG_A_MINUTE = 10
WRONG = Pace("wrong-secrets", WRONG_A_MINUTE)
router = Router(tags=["Token"])
_WORDS = described.token()


@router.post(
    "/token",
    url_name="token",
    operation_id="token",
    summary=_WORDS.pop("summary"),
    tags=_WORDS.pop("tags"),
    openapi_extra=_WORDS,
)
def token(request: HttpRequest) -> HttpResponse:
    """A token for who shows the secret of a connection."""
    if request.POST.get("grant_type") != "client_credentials":
        return _no("unsupported_grant_type", "grant_type is client_credentials.", 400)
    client_id, secret = _credentials(request)
    origin = f"{address_of(request)} {client_id[:64]}"
    if wait := WRONG.full(origin):
        return _no("slow_down", "Too many wrong secrets. Ask again in a minute.", 429, wait)
    try:
        made = token_for(client_id, secret, request.POST.get("scope", ""))
    except NoEntry as error:
        if error.error != "invalid_client":
            return _no(error.error, str(error), 400)
        WRONG.count(origin)
        if error.client is not None:
            by = system_actor(error.client.service)
            audit.record(by, "api.refused", subject=f"connection {error.client.pk}")
        return _no(error.error, str(error), 401)
    client = made.actor.client
    assert client is not None
    audit.record(made.actor, "api.token", subject=f"connection {client.pk}", scopes=sorted(made.scopes))
    return _kept_by_nobody(
        written(
            {
                "access_token": made.text,
                "token_type": "Bearer",
                "expires_in": int(TOKEN_LIVES.total_seconds()),
                "scope": " ".join(sorted(made.scopes)),
            },
            "application/json",
        )
    )


def _credentials(request: HttpRequest) -> tuple[str, str]:
    """Client id and secret, from the header or from the form."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            client_id, _, secret = base64.b64decode(given, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError, ValueError):
            return "", ""
        return client_id, secret
    return request.POST.get("client_id", ""), request.POST.get("client_secret", "")


def _no(error: str, words: str, status: int, wait: int = 0) -> HttpResponse:
    response = written({"error": error, "error_description": words}, "application/json", status)
    if status == 401:
        response["WWW-Authenticate"] = 'Basic realm="openfls"'
    if wait:
        response["Retry-After"] = str(wait)
    return _kept_by_nobody(response)


def _kept_by_nobody(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["Pragma"] = "no-cache"
    return response
