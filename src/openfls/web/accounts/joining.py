"""The page behind an invitation's link: a new account, a role for an account that there is, or a new password."""

from __future__ import annotations

import re

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.core.internal import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from openfls.record.pathway import NotPossible
from openfls.service.access import inviting, known
from openfls.service.access.door import OF_AN_ACCOUNT
from openfls.service.actor import system_actor
from openfls.service.models import Invitation, User
from openfls.service.roles import Role
from openfls.web.accounts.forms import Joining
from openfls.web.middleware import SERVICE_KEY
from openfls.web.said import said


def show(request: HttpRequest, secret: str) -> HttpResponse:
    """Who holds the link chooses what is to be chosen; a link that is not good (any more) says no more than that."""
    invitation = inviting.found(secret)
    if invitation is None:
        return _over(request)
    try:
        if invitation.user is not None:
            return _new_password(request, invitation)
        if request.user.is_authenticated:
            return _known(request, invitation)
        return _new_account(request, invitation)
    except NotPossible:
        return _over(request)


def _over(request: HttpRequest) -> HttpResponse:
    words = (
        "A link is good once, and for some days only. Ask the manager of the service for a new one. "
        "If you have used it already, sign in with the user name and password that you chose."
    )
    return render(
        request, "error.jinja", {"title": "This link is not good any more", "words": words}, status=404
    )


def _page(request: HttpRequest, invitation: Invitation, **shown: object) -> HttpResponse:
    form = shown.get("form")
    errors = form.errors if isinstance(form, Joining) else {}
    return render(
        request,
        "accounts/joining.jinja",
        {"invitation": invitation, "role": Role(invitation.role), "form_errors": errors, **shown},
        status=422 if errors else 200,
    )


def _new_password(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    user = invitation.user
    form = Joining(request.POST if request.method == "POST" else None, user=user, new_user=False)
    if not form.is_valid():
        return _page(request, invitation, form=form)
    by = system_actor(invitation.service)
    inviting.choose_password(invitation=invitation, password=form.cleaned_data["password"], by=by)
    _no_more_waiting(request, user)
    said(request, "The new password holds. Sign in with it.")
    return redirect("sign-in")


def _no_more_waiting(request: HttpRequest, user: User) -> None:
    """Wrong tries with the old password make nobody wait who has a new one; those of the address stay counted."""
    limits = {"login_failed": OF_AN_ACCOUNT}
    ratelimit.clear(
        request, app="allauth.account", action="login_failed", config=limits, key=f"account:{user.pk}"
    )


def _known(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Somebody who is signed in already joins with her account."""
    if request.method != "POST":
        return _page(request, invitation, joins=request.user)
    by = system_actor(invitation.service)
    inviting.join(invitation=invitation, user=request.user, password=None, by=by)
    request.session[SERVICE_KEY] = invitation.service.code
    return redirect("today")


def _new_account(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    if invitation.email and known.user_called({"email": invitation.email}) is not None:
        return _page(request, invitation, has_account=True)
    new = User(first_name=invitation.given_name, last_name=invitation.family_name, email=invitation.email)
    wish = ".".join(invitation.name.lower().split()) or invitation.email.partition("@")[0]
    wish = re.sub(r"[^\w.@+-]", "", wish)
    form = Joining(
        request.POST if request.method == "POST" else None,
        user=new,
        new_user=True,
        initial={"username": wish},
    )
    if not form.is_valid():
        return _page(request, invitation, form=form)
    user = inviting.join(
        invitation=invitation,
        username=form.cleaned_data["username"],
        password=form.cleaned_data["password"],
        by=system_actor(invitation.service),
    )
    answer: HttpResponse = perform_login(request, Login(user=user, redirect_url=None))
    return answer
