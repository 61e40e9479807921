"""A forgotten password: a link by mail, or, where no mail server is set, whom to ask.

The answer is the same whether or not somebody has that name, and takes as long, so that nobody learns whose names there
are. The link leads to the address that was set: the one in a request is what a stranger wrote there.
"""

from __future__ import annotations

from time import monotonic, sleep

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from openfls.record.pathway import NotPossible
from openfls.service.access import addresses, inviting, known, notices
from openfls.service.actor import system_actor
from openfls.service.models import Membership, User
from openfls.web.forms.fields import Line
from openfls.web.pace import Pace

ASKED_A_MINUTE = 10
ANSWERED_AFTER = 0.5
"""Seconds; a link is made and written down in fewer."""
_PACE = Pace("forgotten", ASKED_A_MINUTE)


class Forgotten(forms.Form):
    """Whose password it is."""

    username = Line(
        label="User name or e-mail address",
        max_length=254,
        error_messages={"required": "Enter your user name or e-mail address"},
    )
    username.autocomplete, username.width = "username", "nhsuk-input--width-20"


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a link."""
    begun, by_mail = monotonic(), bool(settings.MAILS and settings.OWN_URL)
    form = Forgotten(request.POST if request.method == "POST" and by_mail else None)
    shown = {"form": form, "by_mail": by_mail, "sent": False, "form_errors": form.errors}
    if not form.is_valid():
        return render(request, "accounts/forgotten.jinja", shown, status=422 if form.errors else 200)
    if wait := _PACE.seconds_to_wait(request):
        said = {
            "title": "Please wait a minute",
            "words": "More was asked from your network than is answered.",
        }
        answer = render(request, "error.jinja", said, status=429)
        answer.headers["Retry-After"] = str(wait)
        return answer
    user = known.user_called(form.cleaned_data)
    if user is not None and user.is_active and user.has_usable_password() and addresses.is_confirmed(user):
        _send(user)
    sleep(max(0.0, begun + ANSWERED_AFTER - monotonic()))
    return render(request, "accounts/forgotten.jinja", {**shown, "sent": True})


def _send(user: User) -> None:
    member = Membership.objects.filter(user=user).select_related("service", "user").order_by("pk").first()
    if member is None:
        return
    try:
        secret = inviting.forgotten(member=member, by=system_actor(member.service))
    except NotPossible:
        return
    notices.send_link(user, settings.OWN_URL + reverse("invitation", args=[secret]))
