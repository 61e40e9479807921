"""Where django-allauth asks the house: who may come in, in which words, and what is kept of a try."""

from __future__ import annotations

import logging
import time
from ipaddress import ip_address
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from requests import RequestException

from openfls.service.access import known, notices, organisation, other_key, sealing
from openfls.service.models import User
from openfls.web.accounts import heard
from openfls.web.accounts.vouching import NoAnswer, no_answer

_log = logging.getLogger("openfls.web")
WRONG = "The user name or the password is not right"
TOO_MANY = (
    "Too many wrong tries. Wait a few minutes, then try again; each further round makes the wait longer. "
    "The manager of your service can give you a new password at once."
)


class Door(DefaultAccountAdapter):  # type: ignore[misc]
    """Signing in with a password."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": WRONG,
        "email_password_mismatch": WRONG,
        "too_many_login_attempts": TOO_MANY,
        "incorrect_password": "The password is not right",
        "enter_current_password": "Enter the password that you have now",
        "rate_limited": TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: a manager invites."""
        return False

    def add_message(self, request: HttpRequest, level: int, *_: Any, **__: Any) -> None:
        """Our pages say what has happened themselves."""

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The plain address; the page there leads everybody to her own first page."""
        return reverse("today")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to one's own account."""
        return reverse("own-account")

    def send_confirmation_mail(self, request: HttpRequest, emailconfirmation: Any, signup: bool) -> None:
        """In our words, and to the address that was set: the one in a request is a stranger's to write."""
        row = emailconfirmation.email_address
        link = settings.OWN_URL + reverse("account_confirm_email", args=[emailconfirmation.key])
        notices.send_confirming(row.user, row.email, link)

    def is_safe_url(self, url: str) -> bool:
        """Only addresses of this server."""
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={self.request.get_host()}, require_https=self.request.is_secure()
        )

    def get_client_ip(self, request: HttpRequest) -> str:
        """Where the request comes from: as the proxy says, where there is one, and no other header is believed."""
        told = request.headers.get("X-Forwarded-For", "") if settings.PROXY else ""
        for address in (told.rpartition(",")[2].strip(), request.META.get("REMOTE_ADDR", "")):
            try:
                return str(ip_address(address))
            except ValueError:
                continue
        raise PermissionDenied

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Tries are counted by account, whichever of its names is typed; a name that nobody has counts by itself."""
        user = known.user_called(credentials)
        return f"account:{user.pk}" if user else f"name:{known.typed(credentials)}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse while the wait lasts, and tell the log."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            heard.locked_out(known.user_called(credentials))
            raise

    def is_reauthentication_required(self, *, app: str, **keywords: Any) -> bool:
        """Not of somebody who came in a few minutes ago."""
        return not came_in_just_now(self.request)


def came_in_just_now(request: HttpRequest) -> bool:
    """Whether the signed-in user has shown who she is within the time for which that is believed."""
    records = get_authentication_records(request, request.user)
    newest = max((one["at"] for one in records), default=0.0)
    return time.time() - newest < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


class Factors(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors: their secrets are kept encrypted."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "The code is not right. Check the time of your telephone, and use the newest code",
        "rate_limited": TOO_MANY,
    }

    def get_totp_label(self, user: User) -> str:
        """What an authenticator app shows beside the code."""
        return user.username

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """This server, in the words that a browser shows."""
        return super().get_public_key_credential_rp_entity() | {"name": "openfls"}

    def generate_authenticator_name(self, user: User, type: Any) -> str:
        """A name for a new passkey that its owner may change."""
        return "My passkey"

    def encrypt(self, text: str) -> str:
        """Sealed with the key of the installation."""
        return sealing.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Opened again. What was sealed with another key of the installation leads to a page that says what to do."""
        try:
            return sealing.unseal(encrypted_text)
        except InvalidToken as error:
            _log.warning("a second factor was set up under another secret key")
            shown = {"title": other_key.TITLE, "words": other_key.WORDS}
            raise ImmediateHttpResponse(render(self.request, "error.jinja", shown, status=403)) from error


class Organisation(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Signing in with the organisation: only those whom a manager knows."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never: whoever is not known stays outside."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Find whom the organisation vouches for among those who are known or invited here."""
        if request.user.is_authenticated:
            self._stop(redirect("own-account"))
        if sociallogin.is_existing:
            return
        vouched = [one.email for one in sociallogin.email_addresses if one.verified]
        user = organisation.known_as(vouched)
        if user is None:
            self._stop(redirect("sign-in-not-known"))
        sociallogin.connect(request, user)

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, *, exception: Exception | None = None, **_: Any
    ) -> None:
        """Something went wrong over there, or was called off; or nobody answered."""
        if isinstance(exception, RequestException | NoAnswer):
            no_answer(exception)
            self._stop(redirect("sign-in-no-answer"))
        self._stop(redirect("sign-in-not-done"))

    def _stop(self, answer: HttpResponse) -> None:
        raise ImmediateHttpResponse(answer)
