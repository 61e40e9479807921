"""One's own e-mail address: another is confirmed by a link that is mailed to it, and takes the old one's place then.

The rows, the signed link and how often one is sent are the library's; what it says and to whom is ours.
"""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.email_verification import (
    consume_email_verification_rate_limit,
    send_verification_email_to_address,
)
from allauth.account.views import ConfirmEmailView
from allauth.core.internal import ratelimit
from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from openfls.service.access import addresses, inviting, notices
from openfls.service.models import User
from openfls.web.accounts import heard
from openfls.web.said import problem, said

_ANOTHER = "Sign out, sign in with the account that asked for it, and open the link again."
_INVALID = "Enter an e-mail address such as name@trust.example"


class Address(forms.Form):
    """An e-mail address; it may be left empty where that is said."""

    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        error_messages={"invalid": _INVALID, "required": _INVALID, "max_length": _INVALID},
    )
    email.shown_as, email.autocomplete, email.width = "text", "email", "nhsuk-input--width-20"

    def __init__(
        self, data: Any = None, *, initial: str = "", user: User, may_be_empty: bool = False
    ) -> None:
        super().__init__(data, initial={"email": initial})
        self._user = user
        self.fields["email"].required = not may_be_empty

    def clean_email(self) -> str:
        """None that another account has."""
        email = str(self.cleaned_data["email"]).strip().lower()
        if email and addresses.is_anothers(email, self._user):
            raise forms.ValidationError("Another account has this e-mail address already")
        return email


def by_mail() -> bool:
    """Whether this installation can mail a link."""
    return bool(settings.MAILS and settings.OWN_URL)


def send_link(request: HttpRequest, user: User, email: str) -> bool:
    """Mail a link by which ``email`` is confirmed as the user's; False where one went there a moment ago, and then
    nothing that was sent before is void."""
    if not consume_email_verification_rate_limit(request, email, dry_run=True):
        return False
    with transaction.atomic():
        row = addresses.awaited(user, email)
    return bool(send_verification_email_to_address(request, row))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
def own(request: HttpRequest) -> HttpResponse:
    """Give another address, confirm the one that a manager wrote down, or call it off."""
    user = request.user
    confirmed, waits = addresses.is_confirmed(user), addresses.waiting(user)
    form = Address(
        request.POST if request.method == "POST" and by_mail() else None,
        initial="" if confirmed else user.email,
        user=user,
    )
    if "keep" in request.POST:
        addresses.drop_waiting(user)
        said(request, "Your address stays as it is. The link that was sent is void.")
        return redirect("own-account")
    if form.is_valid():
        email = form.cleaned_data["email"]
        if confirmed and email == user.email.lower():
            form.add_error("email", "This is your address already, and it is confirmed")
        elif not ratelimit.consume(request, app="allauth.account", action="manage_email", user=user):
            form.add_error("email", "Enough links were sent this hour: ask again later")
        elif not send_link(request, user, email):
            form.add_error(
                "email", "A link was sent there a moment ago: open it, or ask again in three minutes"
            )
        else:
            heard.note(user, "account.address_asked")
            said(
                request, f"A link is on its way to {email}. Open it within a day; until then nothing changes."
            )
            return redirect("own-account")
    shown = {
        "form": form,
        "confirmed": confirmed,
        "waits": waits,
        "by_mail": by_mail(),
        "form_errors": form.errors,
    }
    return render(
        request,
        "accounts/address.jinja",
        {"here": "own-account", **shown},
        status=422 if form.errors else 200,
    )


class Confirm(ConfirmEmailView):  # type: ignore[misc]
    """Behind the link of the mail, for the user alone whose address it becomes: whoever else gets a mail with a wrong
    address on it learns nothing of her, and gets no account. A look changes nothing, a button does."""

    template_name = "accounts/address_confirm.jinja"

    def dispatch(self, *args: Any, **keywords: Any) -> HttpResponse:
        """First, who it is."""
        try:
            user = self.get_object().email_address.user
        except Http404:
            user = None  # the page says that the link is not good
        if user is not None and not self.request.user.is_authenticated:
            return redirect_to_login(self.request.path, reverse("sign-in"))
        if user is not None and self.request.user.pk != user.pk:
            said_so = {"title": "This link is for another account", "words": _ANOTHER}
            return render(self.request, "error.jinja", said_so, status=403)
        answer: HttpResponse = super().dispatch(*args, **keywords)
        return answer

    def get(self, *args: Any, **keywords: Any) -> HttpResponse:
        """What is about to be confirmed, or that the link is not good."""
        answer: HttpResponse = super().get(*args, **keywords)
        answer.status_code = 200 if self.object else 404
        return answer

    def post(self, *args: Any, **keywords: Any) -> HttpResponse:
        """Confirm it. The old address is told."""
        row = self.get_object().email_address
        if addresses.is_anothers(row.email, row.user):
            return self.respond(False)
        self._was = row.user.email
        with transaction.atomic():
            answer: HttpResponse = super().post(*args, **keywords)
        return answer

    def logout_other_user(self, confirmation: Any) -> None:
        """Nobody is signed out by a link: it signs nobody in."""

    def respond(self, success: bool) -> HttpResponse:
        """Say what came of it."""
        if not success:
            problem(self.request, "Another account has this e-mail address by now. Nothing was changed.")
        else:
            user = User.objects.get(pk=self.object.email_address.user_id)
            if self._was.lower() == user.email:
                heard.note(user, "account.address_confirmed")
            else:
                heard.note(user, "account.address")
                inviting.void_links(user)  # of the old address, which somebody else may read
                notices.tell(user, "address", to=self._was)
            said(self.request, "Your e-mail address is confirmed.")
        return redirect("own-account")
