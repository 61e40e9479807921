"""The days of a report, as its address names them."""

from __future__ import annotations

from datetime import date

from openfls.service import clock
from openfls.service.auditing.reading import Days
from openfls.web.guard import Request

CHOICES = ((7, "Last 7 days"), (30, "Last 30 days"), (90, "Last 90 days"), (365, "Last 12 months"))
"""How many days a report goes back, and the words for it."""


def length_of(request: Request, usual: int) -> int:
    """The choice that the address names; the ``usual`` one where it names none of them."""
    named = request.GET.get("days", "")
    return next((length for length, _ in CHOICES if str(length) == named), usual)


def days_of(request: Request, usual: int) -> Days:
    """The days of the report."""
    last = clock.today()
    return Days(date.fromordinal(last.toordinal() - length_of(request, usual) + 1), last)
