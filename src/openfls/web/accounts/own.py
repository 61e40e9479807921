"""One's own account: second factors, password, and where one is signed in."""

from __future__ import annotations

from typing import Any

from allauth.account.views import PasswordChangeView
from allauth.mfa.models import Authenticator
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST, require_safe

from openfls.service.access import addresses, other_key, rules, sessions
from openfls.web.accounts import heard
from openfls.web.said import said


@login_required
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The account of who is signed in."""
    factors = list(Authenticator.objects.filter(user=request.user).order_by("pk"))
    asked = rules.asked_of(request.memberships)
    has = rules.has_factor(request.user)
    return render(
        request,
        "accounts/own.jinja",
        {
            "here": "own-account",
            "app": next((one for one in factors if one.type == Authenticator.Type.TOTP), None),
            "passkeys": [one.wrap() for one in factors if one.type == Authenticator.Type.WEBAUTHN],
            "codes": next(
                (one.wrap() for one in factors if one.type == Authenticator.Type.RECOVERY_CODES), None
            ),
            "confirmed": addresses.is_confirmed(request.user),
            "waits": addresses.waiting(request.user),
            "asked": asked,
            "has_factor": has,
            "other_key": "" if all(map(other_key.opens, factors)) else other_key.WORDS,
            "due": rules.due_at(request.user) if asked and not has else None,
            "memberships": request.memberships,
            "sessions": sessions.of(request.user),
            "own_key": request.session.session_key,
        },
    )


@login_required
@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End every session of one's own, this one too."""
    heard.note(request.user, "account.sign_out_everywhere")
    sessions.end(request.user, but=request.session.session_key or "")
    logout(request)
    said(request, "You are signed out everywhere.")
    return redirect("sign-in")


@login_required
@require_safe
def stay(request: HttpRequest) -> HttpResponse:
    """A sign of life: the session goes on."""
    return HttpResponse(status=204)


@method_decorator(login_required, name="dispatch")
class NewPassword(PasswordChangeView):  # type: ignore[misc]
    """Change the password; whoever is signed in elsewhere with the old one is signed out there."""

    template_name = "accounts/password.jinja"

    def get_context_data(self, **keywords: Any) -> dict[str, Any]:
        """With the errors for the title."""
        shown = super().get_context_data(**keywords)
        return shown | {"form_errors": shown["form"].errors}

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep it, and say so."""
        answer: HttpResponse = super().form_valid(form)
        sessions.end(self.request.user, but=self.request.session.session_key or "")
        said(self.request, "The new password holds from now on. You are signed out everywhere else.")
        return answer

    def form_invalid(self, form: Any) -> HttpResponse:
        """Answered like every form with an error in it."""
        answer: HttpResponse = super().form_invalid(form)
        answer.status_code = 422
        return answer
