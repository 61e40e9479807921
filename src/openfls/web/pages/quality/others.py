"""Beyond the own service: results that services share, the facilities audit, and what is published of the nations."""

from __future__ import annotations

import csv

from django.http import HttpResponse
from django.shortcuts import redirect, render

from openfls.quality import Measure, charts
from openfls.quality.disclosure import RULE, SHORT_RULE
from openfls.quality.suppressing import ONE_MEASURES_WAY
from openfls.record.cells import safe_cell
from openfls.record.errors import BadInput
from openfls.record.pathway import NotPossible
from openfls.service import clock
from openfls.service.coverage import expected, found_by_month
from openfls.service.models import SharedResult
from openfls.service.quality.facilities import answer, newest, questions, read_answers
from openfls.service.quality.nation import nation as published
from openfls.service.quality.sharing import compared, share, shared_for, withdraw
from openfls.service.spans import offered
from openfls.web.guard import Request, scoped
from openfls.web.pages.quality.measures import SETS, Choice, choice_of
from openfls.web.pictures import png_answer, svg_answer
from openfls.web.said import problem, said


def benchmarks(request: Request) -> HttpResponse:
    """What services share of a set and a period. A POST shares the own results, or takes them back."""
    if request.method == "POST":
        return _shared(request)
    choice, today = choice_of(request), clock.today()
    rows = shared_for(choice.chosen.id, choice.span)
    measures, measure = _measures(request, choice)
    return render(
        request,
        "benchmarks.jinja",
        {
            "here": "measures",
            "choice": choice,
            "sets": [(set_id, title) for set_id, title in SETS if set_id != ONE_MEASURES_WAY],
            "periods": offered(today),
            "measures": [(each.id, each.title) for each in measures],
            "measure": measure,
            "rows": compared(rows, measure.id),
            "own": next((row for row in rows if row.service_id == request.actor.service.pk), None),
            "svg": _plot(request),
            "rule": RULE,
        },
    )


def _shared(request: Request) -> HttpResponse:
    choice = choice_of(request)
    given = request.POST.get("withdraw", "")
    try:
        if given.isdigit():
            withdraw(shared=scoped(SharedResult.objects.all(), request.actor, pk=given), by=request.actor)
            said(request, "The results are taken back: no other service sees them.")
        else:
            shared = len(share(set_id=choice.chosen.id, span=choice.span, by=request.actor).results)
            every = len(choice.chosen.measures)
            more = (
                f" The other {every - shared} are still open: share again when they are over."
                if shared < every
                else ""
            )
            said(request, f"{shared} of {every} measures are shared, rounded as the page says.{more}")
    except NotPossible as error:
        problem(request, str(error))
    return redirect(request.get_full_path())


def _measures(request: Request, choice: Choice) -> tuple[list[Measure], Measure]:
    """The measures that can be compared, and the one that an address names."""
    found = [measure for measure in choice.chosen.measures if measure.basis != "fields"]
    key = request.GET.get("measure", "")
    return found, next((each for each in found if each.id == key), found[min(2, len(found) - 1)])


def _plot(request: Request) -> str:
    """The funnel plot; empty where no service has enough people for a percentage."""
    choice = choice_of(request)
    measure = _measures(request, choice)[1]
    rows = compared(shared_for(choice.chosen.id, choice.span), measure.id)
    units = [
        charts.Unit(
            row.service.name,
            row.shown.numerator,
            row.shown.denominator,
            row.service == request.actor.service,
            row.shown.off or 0.0,
        )
        for row in rows
        if row.shown.numerator is not None and row.shown.denominator and row.shown.value is not None
    ]
    if not units:
        return ""
    outside = []
    total = sum(unit.denominator for unit in units)
    together = sum(unit.numerator for unit in units) / total if total else 0.0
    for unit in units:
        low, high = charts.funnel_limits(min(together, 1.0), unit.denominator, 3.09)
        if unit.is_beyond(low, high):
            outside.append(unit.name)
    if len(units) == 1:
        what = "one service, and none to compare it with yet"
    elif outside:
        what = f"{len(outside)} of {len(units)} services lie{'s' if len(outside) == 1 else ''} beyond chance"
    else:
        what = f"none of {len(units)} services lies beyond chance"
    under = (
        f"Shared results, {choice.span.words}, {choice.chosen.id} {choice.chosen.version}. "
        f"Bounds 95 and 99.8 % around all together. {SHORT_RULE}"
    )
    return charts.funnel_plot("funnel", f"{measure.title}: {what}", under, units)


def benchmarks_svg(request: Request) -> HttpResponse:
    """The funnel plot as SVG."""
    return svg_answer(_plot(request) or _no_plot(request), "funnel-plot")


def benchmarks_png(request: Request) -> HttpResponse:
    """The funnel plot as PNG."""
    return png_answer(_plot(request) or _no_plot(request), "funnel-plot")


def _no_plot(request: Request) -> str:
    choice = choice_of(request)
    under = f"Shared results, {choice.span.words}, {choice.chosen.id} {choice.chosen.version}."
    title = f"{_measures(request, choice)[1].title}: no funnel plot"
    return charts.nothing("funnel", title, under, "No service has shared enough people for a percentage.")


def facilities(request: Request) -> HttpResponse:
    """The facilities audit of a year."""
    year = _year(request)
    kept = newest(request.actor.service, year)
    given = dict(kept.answers) if kept else {}
    errors: dict[str, str] = {}
    if request.method == "POST":
        given = {asked.key: request.POST.get(asked.key, "") for asked in questions()}
        try:
            answer(year=year, answers=read_answers(given), by=request.actor)
        except BadInput as error:
            errors = {error.field: error.reason}
        else:
            said(request, f"The answers for {year} are kept.")
            return redirect("facilities")
    return render(
        request,
        "facilities.jinja",
        {
            "here": "measures",
            "year": year,
            "questions": questions(),
            "given": given,
            "kept": kept,
            "errors": errors,
            "form_errors": errors,
        },
        status=422 if errors else 200,
    )


def _year(request: Request) -> int:
    text = request.GET.get("year", "")
    now = clock.today().year
    return int(text) if text.isdecimal() and len(text) == 4 and now - 5 <= int(text) <= now else now


def facilities_csv(request: Request) -> HttpResponse:
    """The answers of a year as CSV."""
    year = _year(request)
    kept = newest(request.actor.service, year)
    made = HttpResponse(content_type="text/csv; charset=utf-8")
    made["Content-Disposition"] = f'attachment; filename="facilities-{year}.csv"'
    writer = csv.writer(made)
    writer.writerow(["year", "part", "question", "answer", "unit"])
    for asked in questions():
        told = kept.answers.get(asked.key, "") if kept else ""
        line = (year, asked.part, asked.words, "" if told is None else told, asked.unit)
        writer.writerow([safe_cell(str(cell)) for cell in line])
    return made


def nation(request: Request) -> HttpResponse:
    """What is published of the nations, beside what this service finds."""
    service, today = request.actor.service, clock.today()
    months = found_by_month(service, today)
    return render(
        request,
        "nation.jinja",
        {
            "here": "measures",
            "nation": published(),
            "found_here": sum(month.total for month in months[:-1]),
            "expected_here": expected(service, today),
            "since": months[0].first,
            "until": months[-2].first,
        },
    )
