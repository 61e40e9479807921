"""The national data opt-out: who is still to be looked up, one person, or a whole list of NHS numbers at once."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render

from openfls.integration.opt_out_list import read_list
from openfls.record.errors import BadInput
from openfls.record.pathway import NotPossible
from openfls.service import audit
from openfls.service.models import Person
from openfls.service.quality.audit_file import keep_opt_out, opt_out_of, opt_outs, rows_of
from openfls.service.quality.opt_out_lists import Matched, keep_list, match
from openfls.web.forms.quality import OptOutForm, OptOutListForm
from openfls.web.guard import Request, scoped
from openfls.web.pages.quality.measures import choice_of
from openfls.web.said import said
from openfls.web.uploading import uploaded

PAGE = 50
MOST_LINES = 200


def show(request: Request) -> HttpResponse:
    """The people whose data opt-out nobody has looked up, and those who have opted out. A POST reads a list of NHS
    numbers: it says what the list would do, or keeps it."""
    span = choice_of(request).span
    form, report = OptOutListForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        report = _with_list(request, form)
    known = opt_outs(request.actor.service)
    people = list(dict.fromkeys(person for person, _ in rows_of(request.actor.service, span)))
    unknown = [person for person in people if person not in known]
    page = Paginator(unknown, PAGE).get_page(request.GET.get("page"))
    rows = Person.objects.filter(service=request.actor.service).prefetch_related("identifiers")
    audit.record(request.actor, "opt_out.view", **audit.shown(page.object_list))
    return render(
        request,
        "opt_outs.jinja",
        {
            "here": "measures",
            "span": span,
            "page": page,
            "people": rows.filter(pk__in=list(page.object_list)),
            "opted_out": rows.filter(pk__in=[person for person in people if known.get(person)]),
            "form": form,
            "form_errors": form.errors,
            "report": report,
            "most_lines": MOST_LINES,
        },
        status=422 if form.errors else 200,
    )


def _with_list(request: Request, form: OptOutListForm) -> Matched | None:
    """What the list says of the people of the service; kept where the button says so."""
    given = form.cleaned_data
    whole_of = choice_of(request).span if given["whole"] else None
    try:
        name, data = uploaded(request, "list")
        entries = read_list(data, name)
        if "keep" not in request.POST:
            service = request.actor.service
            found = match(service, entries, opted_out=given["opted_out"], whole_of=whole_of)
            audit.record(request.actor, "opt_out.check_list", matched=found.of_list)
            return found
        kept = keep_list(
            entries=entries,
            opted_out=given["opted_out"],
            checked_on=given["checked_on"],
            whole_of=whole_of,
            by=request.actor,
        )
    except (BadInput, NotPossible) as error:
        form.add_error("list", str(error))
        return None
    people = "1 person" if len(kept.said) == 1 else f"{len(kept.said):,} people"
    said(request, f"Kept for {people}. The next file goes by it.")
    return kept


def one(request: Request, pk: UUID) -> HttpResponse:
    """What is known of a person's national data opt-out."""
    person = scoped(Person.objects.prefetch_related("identifiers"), request.actor, pk=pk)
    form = OptOutForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        keep_opt_out(
            person=person, opted_out=given["opted_out"], checked_on=given["checked_on"], by=request.actor
        )
        said(request, "The opt-out is kept. The next file goes by it.")
        return redirect("person", pk)
    if request.method != "POST":
        audit.record(request.actor, "person.view", person=person)
    return render(
        request,
        "opt_out.jinja",
        {
            "here": "people",
            "person": person,
            "known": opt_out_of(person),
            "form": form,
            "form_errors": form.errors,
        },
        status=422 if form.errors else 200,
    )
