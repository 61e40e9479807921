"""The door: with a password, with a passkey, or with the organisation; and what is said to who stays outside."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect import views as openid
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST
from requests import RequestException

from openfls.options import read
from openfls.service.access.door import OWN_SIGN_IN
from openfls.web.accounts.vouching import NoAnswer, Vouching, no_answer

_NOT_KNOWN = (
    "Your organisation says who you are, but nobody has invited you here under that e-mail address. "
    "Ask the manager of the service to invite you."
)
_NOT_DONE = "Signing in with your organisation did not come to an end. Try again, or use your password."
_SILENT = (
    "Your organisation's sign-in does not answer just now. Nothing is wrong with your account. Try again in a few "
    "minutes, or use your user name and password if you have one. If it goes on, tell whoever runs the system for you."
)


class SignIn(LoginView):  # type: ignore[misc]
    """User name or e-mail address, and password."""

    template_name = "accounts/sign_in.jinja"

    def get_context_data(self, **keywords: Any) -> dict[str, Any]:
        """What the page shows beside the form."""
        shown = super().get_context_data(**keywords)
        return shown | {
            "next": self.request.POST.get("next") or self.request.GET.get("next") or "",
            "form_errors": shown["form"].errors,
            "organisation": read("OPENFLS_OIDC_NAME") if settings.SOCIALACCOUNT_PROVIDERS else "",
            "ended": self.request.GET.get("ended", ""),
        }

    def form_invalid(self, form: Any) -> HttpResponse:
        """Answered like every form with an error in it."""
        response: HttpResponse = super().form_invalid(form)
        response.status_code = 422
        return response


@require_POST
def organisation(request: HttpRequest) -> HttpResponse:
    """Go to the organisation's server. A form may lead nowhere but here, so the way there is a page with a link."""
    if not settings.SOCIALACCOUNT_PROVIDERS:
        raise Http404
    try:
        # Asked of the server first: a browser is led to no server that is not the one that was set.
        _ = Vouching(request, OWN_SIGN_IN).openid_config
        answer: HttpResponse = openid.login(request, provider_id=OWN_SIGN_IN)
    except (NoAnswer, RequestException) as error:
        no_answer(error)
        return redirect("sign-in-no-answer")
    except OAuth2Error:
        return redirect("sign-in-not-done")
    if answer.status_code != 302:
        return answer
    shown = {"onwards": answer.headers["Location"], "organisation": read("OPENFLS_OIDC_NAME")}
    return render(request, "accounts/onwards.jinja", shown)


def organisation_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from there."""
    if not settings.SOCIALACCOUNT_PROVIDERS or provider_id != OWN_SIGN_IN:
        raise Http404
    try:
        answer: HttpResponse = OAuth2CallbackView.adapter_view(Vouching(request, OWN_SIGN_IN))(request)
    except (NoAnswer, RequestException) as error:
        no_answer(error)
        return redirect("sign-in-no-answer")
    except OAuth2Error:
        return redirect("sign-in-not-done")
    return answer


def not_known(request: HttpRequest) -> HttpResponse:
    """The organisation vouches for somebody whom nobody has invited."""
    return render(
        request, "error.jinja", {"title": "You are not known here", "words": _NOT_KNOWN}, status=403
    )


def not_done(request: HttpRequest) -> HttpResponse:
    """It was called off, or failed over there."""
    return render(request, "error.jinja", {"title": "Not signed in", "words": _NOT_DONE}, status=403)


def silent(request: HttpRequest) -> HttpResponse:
    """The organisation's server cannot be reached, or says nothing that can be read."""
    shown = {"title": "Your organisation's sign-in does not answer", "words": _SILENT}
    return render(request, "error.jinja", shown, status=503)


def closed(request: HttpRequest) -> HttpResponse:
    """An account that is closed."""
    words = "This account is closed. Ask the manager of your service."
    return render(request, "error.jinja", {"title": "Account closed", "words": words}, status=403)


def no_sign_up(request: HttpRequest) -> HttpResponse:
    """Nobody signs up by herself."""
    return redirect("sign-in")
