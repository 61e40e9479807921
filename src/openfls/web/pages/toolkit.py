"""The benefits calculator: begin a case, and change its figures. No sign-in; nothing about a person."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from openfls.record.errors import BadInput
from openfls.service import clock, toolkit_cases
from openfls.service.quality.measures import measures_of
from openfls.toolkit.areas import KINDS, SOURCE, areas, matching
from openfls.toolkit.case.editing import changed
from openfls.toolkit.case.measured import FEWEST, Share, with_measured
from openfls.toolkit.case.questions import GROUPS, questions, taken
from openfls.toolkit.case.settings import SETTINGS
from openfls.toolkit.case.state import Case
from openfls.toolkit.caseload import population_rows
from openfls.toolkit.kit.forms import papers
from openfls.toolkit.printable import printable
from openfls.toolkit.scenario import People
from openfls.web.forms.toolkit import blocks, own_counts, settings_shown
from openfls.web.guard import Request
from openfls.web.pages.toolkit_parts import UNPROCESSABLE, Opened, case_or_404, shown
from openfls.web.uploading import uploaded


def start(request: HttpRequest) -> HttpResponse:
    """Pick an area, and a case begins."""
    words = request.GET.get("q", "")[:100]
    problem = ""
    if request.method == "POST":
        area, named = request.POST.get("area", ""), printable(request.POST.get("title", "")).strip()[:200]
        if area in areas() or named:
            try:
                row = toolkit_cases.make(Case(area=area if area in areas() else "", title=named))
                return redirect("toolkit-case", row.key)
            except BadInput as error:
                problem = str(error)
        else:
            problem = "Pick an area, or give yours a name"
    by_kind = {words: [a for a in areas().values() if a.kind == kind] for kind, words in KINDS.items()}
    return render(
        request,
        "toolkit/start.jinja",
        {
            "here": "toolkit",
            "q": words,
            "found": matching(words),
            "by_kind": by_kind,
            "source": SOURCE,
            "papers": papers(),
            "problem": problem,
            "form_errors": problem,
        },
        status=UNPROCESSABLE if problem else 200,
    )


def case(request: HttpRequest, key: str) -> HttpResponse:
    """The case: its answer, what is still asked, and the way to every page of it."""
    return shown(request, "case.jinja", Opened(key))


def figures(request: HttpRequest, key: str, group: str) -> HttpResponse:
    """One page of figures; a POST takes them into the case."""
    if group not in GROUPS:
        case_or_404("")
    opened = Opened(key)
    errors: dict[str, str] = {}
    typed: dict[str, str] = {}
    if request.method == "POST":
        typed = {name: str(value) for name, value in request.POST.items()}
        if "take" in typed and typed["take"] in questions():
            return _take(key, group, typed["take"])
        if "population" in request.FILES or "forget_population" in typed:
            errors = _population(request, key)
        else:
            errors = _save(key, group, typed)
        if not errors:
            return redirect(f"{reverse('toolkit-figures', args=(key, group))}?saved=1")
    content: dict[str, Any] = {
        "group": group,
        "group_title": GROUPS[group],
        "sections": blocks(opened.case, group, typed, errors),
        "settings": settings_shown(opened.case, group, typed, errors),
        "own_counts": own_counts(opened.case, typed, errors) if group == "caseload" else [],
        "people": sum(row.people for row in opened.case.figures.population),
        "methods": opened.found["caseload"] if opened.found else None,
        "errors": errors,
        "asked": {key: question.label for key, question in questions().items()}
        | {key: setting.label for key, setting in SETTINGS.items()},
        "form_errors": errors,
        "fewest": FEWEST,
        "left": request.session.pop("toolkit_left", []) if request.user.is_authenticated else [],
    }
    return shown(request, "figures.jinja", opened, status=UNPROCESSABLE if errors else 200, **content)


def _save(key: str, group: str, typed: dict[str, str]) -> dict[str, str]:
    errors: dict[str, str] = {}

    def edit(case: Case) -> Case:
        made, found = changed(case, group, typed)
        errors.update(found)
        return made

    try:
        toolkit_cases.change(key, edit)
    except BadInput as error:
        errors[""] = str(error)
    return errors


def _take(key: str, group: str, question: str) -> HttpResponse:
    def edit(case: Case) -> Case:
        answers = {**case.figures.answers, question: taken(questions()[question])}
        return case.with_figures(answers=answers)

    if questions()[question].stand_in is not None:
        toolkit_cases.change(key, edit)
    return redirect(f"{reverse('toolkit-figures', args=(key, group))}?saved=1")


def _population(request: HttpRequest, key: str) -> dict[str, str]:
    """A population file: read whole, kept as numbers by sex and age; the file itself is not kept."""
    people: list[People] = []
    if "forget_population" not in request.POST:
        try:
            name, data = uploaded(request, "population")
            if len(data) > 200_000:
                raise BadInput("The file is larger than a table of people by sex and age")
            rows = population_rows(data.decode("utf-8-sig").splitlines(), name)
            people = [
                People.model_validate({"sex": sex, "age": int(age), "people": count})
                for sex, age, count in rows
            ]
        except UnicodeDecodeError:
            return {"population": "The file is not readable as UTF-8 text"}
        except BadInput as error:
            return {"population": str(error)}
        if len(people) > 300:
            return {"population": "The file has more rows than ages: one row for each sex and age"}
    toolkit_cases.change(key, lambda case: case.with_figures(population=people))
    return {}


def measured(request: Request, key: str) -> HttpResponse:
    """Read the service as it is from the signed-in user's own measures: shares of people, nobody in particular."""
    case_or_404(key)
    service, today = request.actor.service, clock.today()
    shares = [Share(row.key, row.numerator, row.denominator) for row in measures_of(service, today)]
    left: list[str] = []

    def edit(case: Case) -> Case:
        made, lines = with_measured(case, shares, f"{service.name}, {today:%B %Y}")
        left.extend(lines)
        return made

    toolkit_cases.change(key, edit)
    request.session["toolkit_left"] = left
    return redirect(f"{reverse('toolkit-figures', args=(key, 'current'))}?saved=1")


def copy(request: HttpRequest, key: str) -> HttpResponse:
    """A case of one's own with the same content."""
    opened = Opened(key)
    try:
        row = toolkit_cases.make(opened.case)
    except BadInput as error:
        return shown(request, "case.jinja", opened, status=UNPROCESSABLE, refused=str(error))
    return redirect("toolkit-case", row.key)
