"""Somebody's own portfolio, with the statement of points and the certificates to take along."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from openfls.service import audit, clock
from openfls.service.models import Certificate
from openfls.service.training.badges import badge_of
from openfls.service.training.issuing import standing
from openfls.service.training.learning import reflect
from openfls.service.training.portfolio import portfolio
from openfls.training.badge import Addresses
from openfls.training.courses import CPD_SOURCE, NO_CLAIM, courses
from openfls.training.printing import Printed, certificate_pdf, statement_pdf
from openfls.web.forms.training import ReflectionForm
from openfls.web.guard import Request
from openfls.web.pages.training.public import addresses
from openfls.web.said import said


def show(request: Request) -> HttpResponse:
    """Everything of one's own. A POST adds to the reflective log."""
    form = ReflectionForm()
    if request.method == "POST":
        form = ReflectionForm(request.POST)
        if form.is_valid():
            reflect(**form.cleaned_data, by=request.actor)
            said(request, "Kept in your log.")
            return redirect("training-portfolio")
    found = portfolio(request.actor.service, request.user)
    return render(
        request,
        "training/portfolio.jinja",
        {
            "here": "training",
            "found": found,
            "form": form,
            "form_errors": form.errors,
            "standing": {one.pk: standing(one) for one in found.certificates},
            "cpd_source": CPD_SOURCE,
        },
        status=422 if form.errors else 200,
    )


def statement(request: Request) -> HttpResponse:
    """The points as a PDF for an appraisal."""
    found = portfolio(request.actor.service, request.user).statement
    today = clock.today()
    audit.record(request.actor, "training.download", subject=f"user {request.user.pk}")
    rows = [("Day", "What", "Points")]
    rows += [(f"{row.on.day} {row.on:%B %Y}", row.words, f"{row.points.normalize():f}") for row in found.rows]
    words = [f"Points in all: {found.total.normalize():f}.", CPD_SOURCE, NO_CLAIM]
    if not found.rows:
        words = ["No points have been earned yet.", *words]
    made = statement_pdf(
        "Statement of continuing professional development",
        f"{request.user.full_name}, {request.actor.service.name}, as of {today.day} {today:%B %Y}",
        rows,
        words,
        today,
    )
    return _file(made, "application/pdf", "cpd-statement.pdf")


def _own(request: Request, pk: UUID) -> Certificate:
    rows = Certificate.objects.filter(service=request.actor.service, user=request.user)
    return get_object_or_404(rows.select_related("service", "attempt__enrolment"), pk=pk)


def certificate(request: Request, pk: UUID) -> HttpResponse:
    """One's own certificate on paper."""
    held = _own(request, pk)
    audit.record(request.actor, "certificate.print", subject=f"certificate {held.pk}")
    issued = clock.day_of(held.issued_at)
    address = request.build_absolute_uri(reverse("certificate", args=[held.code]))
    made = certificate_pdf(
        Printed(
            held.title,
            held.name,
            held.service.name,
            issued,
            held.expires_on,
            held.code,
            address,
            courses()[held.course].criteria,
        )
    )
    return _file(made, "application/pdf", f"{held.course}-certificate.pdf")


def badge(request: Request, pk: UUID) -> HttpResponse:
    """One's own certificate as a signed Open Badge, for a wallet or a verifier."""
    held = _own(request, pk)
    audit.record(request.actor, "certificate.download", subject=f"certificate {held.pk}")
    where: Addresses = addresses(request)
    return _file(badge_of(held, where).encode(), "application/vc+jwt", f"{held.course}-badge.jwt")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
