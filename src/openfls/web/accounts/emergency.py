"""A record of another service in an emergency: asking for it, and closing it. `emergency_record` shows it."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from openfls.record.pathway import NotPossible
from openfls.service import audit
from openfls.service.access import emergency, emergency_tries
from openfls.web.accounts.emergency_record import record_page
from openfls.web.accounts.people_forms import Open
from openfls.web.accounts.sure import sure
from openfls.web.guard import Request
from openfls.web.said import said

NOT_ONE = "No other service of this installation has one record with this NHS number and date of birth"


@sure()
def ask(request: Request) -> HttpResponse:
    """Say which record is needed, and why; what is open already stands above."""
    form = Open(request.POST if request.method == "POST" else None)
    if form.is_valid():
        before = {row.pk for row in emergency.open_of(request.actor)}
        try:
            row = emergency.open_record(**form.cleaned_data, by=request.actor)
            if row is not None:
                if row.pk in before:
                    said(request, "You have this record open already. Your new reason was added.")
                return redirect("emergency-record", row.pk)
            form.add_error(None, NOT_ONE)
        except NotPossible as error:
            form.add_error(None, str(error))
    rows = emergency.open_people(request.actor)
    for row in rows:
        audit.record(
            emergency.reader_of(row), "emergency.list", person=row.person, subject=f"emergency {row.pk}"
        )
    return render(
        request,
        "accounts/emergency.jinja",
        {
            "here": "people",
            "form": form,
            "form_errors": form.errors,
            "open": rows,
            "warning": emergency_tries.warning(request.actor),
        },
        status=422 if form.errors else 200,
    )


def record(request: Request, pk: UUID) -> HttpResponse:
    """The record, to read, as long as it is open to who opened it; then that it is closed. A POST closes it."""
    row = emergency.own(request.actor, pk)
    if row is None:
        raise Http404("No such record.")
    if not emergency.is_open(row):
        again = emergency.open_of(request.actor).filter(person=row.person).first()
        audit.record(request.actor, "emergency.closed.view", subject=f"emergency {row.pk}")
        return render(
            request,
            "accounts/emergency_closed.jinja",
            {"here": "people", "row": row, "again": again},
            status=410,
        )
    if request.method == "POST":
        emergency.close(key=pk, by=request.actor)
        said(request, "The record is closed.")
        return redirect("emergency")
    return record_page(request, row)
