"""What anybody may ask without signing in: whether a certificate holds, and what a verifier of badges needs.

A code has sixty bits drawn by lot, so that nobody guesses one; an answer costs one look into an index, and one address
gets so many in a minute (`pace`). No list of certificates exists anywhere.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from openfls.service.models import Certificate
from openfls.service.training.badges import public_keys, status
from openfls.service.training.issuing import standing
from openfls.training.badge import Addresses, achievement, profile
from openfls.training.codes import as_code
from openfls.training.courses import courses
from openfls.web.pages.training.pace import seconds_to_wait


def addresses(request: HttpRequest) -> Addresses:
    """Where this installation is, as the browser reached it; only names in OPENFLS_HOSTS are answered at all."""
    return Addresses(request.build_absolute_uri("/").rstrip("/"))


@require_safe
def door(request: HttpRequest) -> HttpResponse:
    """A code to be typed."""
    typed = request.GET.get("code", "").strip()
    if typed and as_code(typed):
        return redirect("certificate", as_code(typed))
    error = "This is no code of a certificate: it has twelve letters and numbers" if typed else ""
    return _page(request, {"typed": typed[:40], "form_errors": error}, 422 if error else 200)


@require_safe
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    """What a code stands for: nothing that is not on the certificate itself."""
    exact = as_code(code)
    if exact and exact != code:
        return redirect("certificate", exact)
    if wait := seconds_to_wait(request):
        answer = _page(request, {"too_many": True, "wait": wait}, 429)
        answer["Retry-After"] = str(wait)
        return answer
    held = Certificate.objects.select_related("service").filter(code=exact).first() if exact else None
    if held is None:
        return _page(request, {"typed": code[:40], "unknown": True}, 404)
    return _page(request, {"held": held, "standing": standing(held), "course": courses().get(held.course)})


def _page(request: HttpRequest, context: dict[str, Any], status_code: int = 200) -> HttpResponse:
    answer = render(request, "training/certificate.jinja", context, status=status_code)
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


@require_safe
def issuer(request: HttpRequest) -> HttpResponse:
    """Who issues badges."""
    return _open(JsonResponse(profile(addresses(request))))


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """The public key with which badges are verified."""
    return _open(JsonResponse(public_keys(addresses(request))))


@require_safe
def revoked(request: HttpRequest) -> HttpResponse:
    """The signed list of what is revoked."""
    return _open(HttpResponse(status(addresses(request)), content_type="application/vc+jwt"))


@require_safe
def achieved(request: HttpRequest, key: str) -> HttpResponse:
    """What a badge stands for."""
    if key not in courses():
        raise Http404
    return _open(JsonResponse(achievement(courses()[key], addresses(request))))


def _open(answer: HttpResponse) -> HttpResponse:
    """For programs of others: kept for five minutes, readable from any page."""
    answer["Cache-Control"] = "public, max-age=300"
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
