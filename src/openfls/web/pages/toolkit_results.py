"""What a case comes to: the base case at once, then how sure it is, stage by stage; what would make it fail; and what
changed the answer."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from openfls.record.errors import BadInput
from openfls.service import toolkit_cases
from openfls.toolkit import charts
from openfls.toolkit import result_tables as tables
from openfls.toolkit import uncertainty_tables as unsure
from openfls.toolkit.analysis import STAGES
from openfls.toolkit.case.building import prepared_from
from openfls.toolkit.case.state import Figures
from openfls.toolkit.evaluate import Prepared
from openfls.toolkit.labels import in_words, label
from openfls.toolkit.sensitivity import Step, net_benefit_at, what_changed
from openfls.toolkit.wording import against, number, pounds, sentences
from openfls.web.pages.toolkit_parts import Opened, shown


def results(request: HttpRequest, key: str) -> HttpResponse:
    """The base case: what happens, who pays, when."""
    opened = Opened(key)
    found = opened.found
    made = []
    if found:
        made = [
            tables.outcomes(found),
            tables.summary(found),
            tables.money(found),
            tables.payers(found),
            tables.payers_discounted(found),
            tables.lines(found),
            tables.funnel(found),
            tables.caseload(found),
        ]
    return shown(request, "results.jinja", opened, tables=made, not_known=_not_known(found) if found else [])


def _not_known(found: dict[str, Any]) -> list[str]:
    return [in_words(line, found["labels"]) for line in found["not_known"]]


def uncertainty(request: HttpRequest, key: str) -> HttpResponse:
    """How sure: each request computes one stage and says how far it is; the last shows all."""
    opened = Opened(key)
    if opened.prepared is None:
        return shown(request, "waiting.jinja", opened, stages=[], done=0)
    if not opened.complete and "go" in request.GET:
        toolkit_cases.compute_next(opened.row, opened.prepared)
        opened.found = toolkit_cases.results(opened.row, opened.prepared)
    if not opened.complete:
        done = toolkit_cases.stages_done(opened.row, opened.prepared)
        response = shown(request, "waiting.jinja", opened, stages=list(STAGES), done=len(done))
        response.headers["Refresh"] = f"0; url={reverse('toolkit-uncertainty', args=(key,))}?go=1"
        return response
    if "go" in request.GET:
        return redirect("toolkit-uncertainty", key)
    found = opened.found or {}
    return shown(
        request,
        "uncertainty.jinja",
        opened,
        sentences=sentences(found),
        spread=unsure.spread(found),
        likely=[unsure.broken_even(found), unsure.worth(found)],
        acceptability=unsure.acceptability(found),
        one_way=unsure.one_way(found),
        information=unsure.information(found),
        more=[unsure.thresholds(found), unsure.two_way(found), unsure.scenarios(found)],
        calibration=unsure.calibration(found),
        held_fixed=[label(name, found["labels"]) for name in found["held_fixed"]],
    )


def sceptic(request: HttpRequest, key: str) -> HttpResponse:
    """What would make the case fail."""
    opened = Opened(key)
    if opened.prepared is None or not opened.complete:
        return redirect("toolkit-uncertainty", key)
    found = opened.found or {}
    return shown(
        request,
        "sceptic.jinja",
        opened,
        against=against(found),
        tables=[unsure.scenarios(found), unsure.thresholds(found), unsure.calibration(found)],
        not_known=_not_known(found),
        held_fixed=[label(name, found["labels"]) for name in found["held_fixed"]],
        assumed=[label(name, found["labels"]) for name in found["assumed"]],
    )


def changes(request: HttpRequest, key: str) -> HttpResponse:
    """What changed the answer since the figures that were kept, or since the beginning; a POST keeps them as they
    stand."""
    if request.method == "POST":
        Opened(key)
        toolkit_cases.change(key, lambda case: case.model_copy(update={"kept": case.figures}))
        return redirect(f"{reverse('toolkit-changes', args=(key,))}?saved=1")
    opened = Opened(key)
    compared = _compared(opened)
    return shown(request, "changes.jinja", opened, compared=compared)


def _before(opened: Opened) -> Prepared | None:
    """The case as it was when it was kept; else with the published figures alone, as far as it can be run then."""
    case = opened.case
    figures = case.kept
    if figures is None:
        needed = {
            key: each
            for key, each in case.figures.answers.items()
            if key.startswith(("caseload.", "cost.drug"))
        }
        needed |= {
            key: each for key, each in case.figures.answers.items() if key.endswith(".service_cost_per_year")
        }
        figures = Figures(answers=needed, population=case.figures.population, own=case.figures.own)
    try:
        return prepared_from(case, figures)
    except BadInput:
        return None


def _compared(opened: Opened) -> dict[str, object] | None:
    before = _before(opened)
    if before is None or opened.prepared is None:
        return None
    answer = net_benefit_at(opened.prepared.scenario.analysis.willingness_to_pay[0])
    steps = what_changed(before, opened.prepared, answer)
    old = _value(before, answer)
    new = _value(opened.prepared, answer)
    return {
        "steps": [_row(step, opened) for step in steps],
        "old": pounds(old),
        "new": pounds(new),
        "worth": pounds(opened.prepared.scenario.analysis.willingness_to_pay[0]),
    }


def _value(prepared: Prepared, answer: object) -> float:
    from openfls.toolkit.evaluate import base_case

    return float(answer(prepared, base_case(prepared))[0])  # type: ignore[operator]


def _row(step: Step, opened: Opened) -> tuple[str, str, str, str]:
    labels = opened.found["labels"] if opened.found else {}
    rest = step.id == "everything else"
    words = "Everything else (caseload, drugs used, settings)" if rest else label(step.id, labels)
    return words, "" if rest else number(step.old), "" if rest else number(step.new), pounds(step.effect)


def chart(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """One chart as SVG."""
    opened = Opened(key)
    if opened.found is None or opened.prepared is None:
        raise Http404
    if name == "cost-by-year":
        svg = charts.cost_by_year(opened.found)
    elif name == "changes":
        svg = _waterfall(opened)
    elif opened.complete and name in charts.CHARTS:
        svg = charts.CHARTS[name](opened.found)
    else:
        raise Http404
    return HttpResponse(svg, content_type="image/svg+xml")


def _waterfall(opened: Opened) -> str:
    before = _before(opened)
    if before is None or opened.prepared is None:
        raise Http404
    worth = opened.prepared.scenario.analysis.willingness_to_pay[0]
    answer = net_benefit_at(worth)
    steps = what_changed(before, opened.prepared, answer)
    named = [(_row(step, opened)[0], step.effect) for step in steps]
    ends = _value(before, answer), _value(opened.prepared, answer)
    return charts.waterfall(named, *ends, f"What changed the net benefit at {pounds(worth)} a QALY")
