"""The ten clinical standards: evidence, gaps, who and when; beside them the international best-practice framework."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from openfls.quality import measure_set
from openfls.record.pathway import NotPossible
from openfls.service import audit, clock
from openfls.service.actions.attesting import Attested, attest, done, plan_action, set_level, withdraw
from openfls.service.models import Evidence, GapAction
from openfls.service.quality.standards import (
    LEVEL_WORDS,
    PROFILE,
    PROFILE_SOURCE,
    SOURCE,
    STANDARDS,
    StandardRow,
    profile_of,
    standards_of,
)
from openfls.service.spans import offered
from openfls.web.forms.quality import EvidenceForm, GapForm
from openfls.web.guard import Request, scoped
from openfls.web.pages.quality.measures import choice_of
from openfls.web.pages.quality.taking import taking
from openfls.web.pages.quality.working import not_judged_yet
from openfls.web.pictures import pdf_answer
from openfls.web.reports import board, commissioner
from openfls.web.said import problem, said


def show(request: Request) -> HttpResponse:
    """Ten rows, and the thirteen of the framework below."""
    if under_way := not_judged_yet(request, "standards"):
        return under_way
    service, today = request.actor.service, clock.today()
    span = choice_of(request).span
    levels = profile_of(service)
    return render(
        request,
        "standards.jinja",
        {
            "here": "measures",
            "span": span,
            "periods": offered(today),
            "rows": standards_of(service, today, span),
            "source": SOURCE,
            "profile": [(practice, levels.get(key)) for key, practice in PROFILE.items()],
            "profile_source": PROFILE_SOURCE,
            "level_words": LEVEL_WORDS,
        },
    )


def one(request: Request, key: str) -> HttpResponse:
    """One standard: its evidence and its gaps. A POST adds evidence or an action, withdraws, or says done."""
    if key not in STANDARDS:
        raise Http404
    evidence_form, gap_form = EvidenceForm(prefix="evidence"), GapForm(prefix="gap")
    if request.method == "POST":
        evidence_form, gap_form, kept = _acted(request, key, evidence_form, gap_form)
        if kept:
            return redirect("standard", key)
    span = choice_of(request).span
    row = _row(request, key, span)
    errors = evidence_form.errors or gap_form.errors
    return render(
        request,
        "standard.jinja",
        {
            "here": "measures",
            "row": row,
            "span": span,
            "evidence_form": evidence_form,
            "gap_form": gap_form,
            "form_errors": errors,
            "faulty": evidence_form if evidence_form.errors else gap_form,
        },
        status=422 if errors else 200,
    )


def _row(request: Request, key: str, span) -> StandardRow:  # noqa: ANN001 - a Span
    (row,) = [
        row for row in standards_of(request.actor.service, clock.today(), span) if row.standard.key == key
    ]
    return row


def _acted(
    request: Request, key: str, evidence_form: EvidenceForm, gap_form: GapForm
) -> tuple[EvidenceForm, GapForm, bool]:
    """What a POST asks for; the forms as they stand after it, and whether anything was kept."""
    by, given = request.actor, request.POST
    try:
        if "attest" in given:
            evidence_form = EvidenceForm(given, prefix="evidence")
            if evidence_form.is_valid():
                attest(attested=Attested(standard=key, **evidence_form.cleaned_data), by=by)
        elif "plan" in given:
            gap_form = GapForm(given, prefix="gap")
            if gap_form.is_valid():
                plan_action(standard=key, by=by, **gap_form.cleaned_data)
        elif given.get("withdraw", "").isdigit():
            rows = Evidence.objects.filter(standard=key, withdrawn=False)
            withdraw(evidence=scoped(rows, by, pk=given["withdraw"]), by=by)
        elif given.get("done", "").isdigit():
            done(gap=scoped(GapAction.objects.filter(standard=key), by, pk=given["done"]), by=by)
    except NotPossible as error:
        problem(request, str(error))
        return evidence_form, gap_form, True
    if evidence_form.errors or gap_form.errors:
        return evidence_form, gap_form, False
    said(request, "Kept.")
    return evidence_form, gap_form, True


def level(request: Request, key: str) -> HttpResponse:
    """The level that the service gives itself in one standard of the framework."""
    try:
        set_level(
            standard=key,
            level=request.POST.get("level", ""),
            words=request.POST.get("words", ""),
            by=request.actor,
        )
    except NotPossible as error:
        problem(request, str(error))
    else:
        said(request, "The level is kept.")
    return redirect("standards")


def board_report(request: Request) -> HttpResponse:
    """How the service does, as PDF for its board; exact for its own use."""
    choice = choice_of(request)
    taken = taking(request, "board-report.pdf")
    audit.record(request.actor, "report.download", subject="board")
    made = board(request.actor.service, choice.chosen, choice.span, clock.today(), exact=taken.exact)
    return pdf_answer(made, taken.name(f"board-report-{choice.span.key}"))


def commissioner_report(request: Request) -> HttpResponse:
    """The ten standards, as PDF for the commissioner."""
    span = choice_of(request).span
    audit.record(request.actor, "report.download", subject="commissioner")
    made = commissioner(request.actor.service, measure_set("standards"), span, clock.today())
    return pdf_answer(made, f"ten-standards-{span.key}")
