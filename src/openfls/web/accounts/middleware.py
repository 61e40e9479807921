"""How long somebody stays signed in: an idle session ends by its cookie, and no session outlives the hard limit."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from openfls.web.accounts.held import sent_by_our_page

Handler = Callable[[HttpRequest], HttpResponse]
BEGAN = "began"


class HardLimit:
    """Sign out whoever signed in too long ago, however busy, and say so at the door."""

    def __init__(self, get_response: Handler) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            # The wall clock of this machine: a simulated day of a practice does not lengthen a session.
            began = request.session.setdefault(BEGAN, int(time.time()))
            if time.time() - began >= settings.HARD_LIMIT_SECONDS:
                logout(request)
                if sent_by_our_page(request):
                    return self._get_response(request)  # the page brings the form back
                onwards = request.get_full_path() if request.method == "GET" else "/"
                return redirect(f"{reverse('sign-in')}?{urlencode({'ended': 'limit', 'next': onwards})}")
        return self._get_response(request)
