"""The calendar for other programs: whoever has the secret address reads how many reviews are on which day."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from openfls.service.clinic import calendars


@require_safe
def show(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar as a file; an address that was revoked, or never was, is not found."""
    found = calendars.owner_of(secret)
    if found is None:
        raise Http404
    row, actor = found
    address = request.build_absolute_uri(reverse("clinic"))
    response = HttpResponse(calendars.read(row, actor, address), content_type="text/calendar; charset=utf-8")
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Content-Disposition"] = 'inline; filename="clinic.ics"'
    return response
