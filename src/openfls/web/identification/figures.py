"""The service's own figures of what it is to expect in a year."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from openfls.record.pathway import NotPossible
from openfls.service.expecting.figures import last_set, set_figures
from openfls.web.guard import Request
from openfls.web.identification.forms import FiguresForm
from openfls.web.said import said


def show(request: Request) -> HttpResponse:
    """The figures as they stand; a POST keeps others, and what they were stays in the log."""
    service = request.actor.service
    form = FiguresForm(
        request.POST or None,
        initial={"caseload": service.expected_caseload, "population": service.population},
    )
    if request.method == "POST" and form.is_valid():
        try:
            set_figures(by=request.actor, **form.cleaned_data)
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            said(request, "Your figures are kept.")
            return redirect("coverage")
    return render(
        request,
        "identification/figures.jinja",
        {"here": "coverage", "form": form, "form_errors": form.errors, "last": last_set(service)},
        status=422 if form.errors else 200,
    )
