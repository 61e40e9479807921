"""What the organisation's server says of itself and of somebody, checked beyond what the library asks."""

from __future__ import annotations

import logging
from typing import Any

from allauth.core.internal.deferred import jwt
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest
from requests import RequestException

_log = logging.getLogger("openfls.web")
SIGNED_BY = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Kinds of signature for which only the server has the key; never none, and never a shared secret."""


_ASKED = ("issuer", "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")


class NoAnswer(OAuth2Error):  # type: ignore[misc]
    """The server cannot be reached, or what it says of itself is no description of a sign-in."""


def no_answer(error: BaseException) -> None:
    """One line of the technical log: the kind of fault alone, for an address in it may hold a code of somebody."""
    _log.warning("the organisation's sign-in does not answer: %s", type(error.__cause__ or error).__name__)


class Vouching(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """The server is the one that was set, and whom it lets in is named in an ID token with its signature."""

    @property
    def openid_config(self) -> dict[str, Any]:
        """The server's description of itself.

        Raises:
            NoAnswer: it cannot be had, or lacks what is asked for.
            OAuth2Error: it names another issuer than the address that was set.
        """
        try:
            told: dict[str, Any] = super().openid_config
        except (
            RequestException,
            ValueError,
            AttributeError,
        ) as error:  # a list or a word has no fields to add to
            raise NoAnswer("the server does not say what it is") from error
        if lacking := [name for name in _ASKED if not isinstance(told.get(name), str)]:
            raise NoAnswer(f"the server's description lacks {', '.join(lacking)}")
        set_as = str(self.get_provider().server_url).partition("/.well-known/")[0]
        if str(told.get("issuer", "")).rstrip("/") != set_as.rstrip("/"):
            raise OAuth2Error("the server names another issuer than the one that was set")
        return told

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **given: Any) -> Any:
        """Who has come. The details come without a signature: they count for whom the ID token names, and nobody else.

        Raises:
            OAuth2Error: there is no ID token, it counts for nothing, or the details are somebody else's.
        """
        try:
            login = super().complete_login(request, app, token, **given)
        except (KeyError, TypeError, AttributeError) as error:
            raise OAuth2Error("the details cannot be read") from error
        told = login.account.extra_data
        signed = told.get("id_token")
        if not signed or told.get("userinfo", signed).get("sub") != signed.get("sub"):
            raise OAuth2Error("the server did not sign for this person")
        return login

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        try:
            if jwt.get_unverified_header(id_token).get("alg") not in SIGNED_BY:
                raise OAuth2Error("the token is not signed by the server")
            said: dict[str, Any] = jwtkit.verify_and_decode(
                credential=id_token,
                keys_url=self.openid_config["jwks_uri"],
                issuer=self.openid_config["issuer"],
                audience=app.client_id,
                lookup_kid=jwtkit.lookup_kid_jwk,
                verify_signature=True,
            )
        except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
            raise OAuth2Error("the token cannot be read") from error
        return said
