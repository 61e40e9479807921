"""What a laboratory's own codes mean: everything that waits under one, a meaning tried on it, and its end."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from openfls.record.errors import BadInput
from openfls.record.pathway import NotPossible
from openfls.record.questions import by_field
from openfls.service import audit
from openfls.service.investigation import mapping
from openfls.service.investigation.own_codes import (
    Group,
    fields,
    group_of,
    groups,
    tried,
    unit_like,
    unit_words,
    units,
)
from openfls.service.models import HeldResult, LabCode
from openfls.web.guard import Request, scoped
from openfls.web.said import problem, said

NONE = "none"


def show(request: Request) -> HttpResponse:
    """What waits, by sender and code, and every meaning that was ever given; a POST ends one."""
    service = request.actor.service
    if request.method == "POST":
        pk = request.POST.get("end", "")
        if not pk:
            return redirect("own-codes")
        row: LabCode = scoped(LabCode.objects.all(), request.actor, pk=int(pk) if pk.isdecimal() else 0)
        try:
            mapping.end(lab_code=row, by=request.actor)
            said(request, f"{row.code} of {row.teller} has no meaning any more; its results wait again.")
        except NotPossible as error:
            problem(request, str(error))
        return redirect("own-codes")
    audit.record(request.actor, "own_codes.view")
    rows = LabCode.objects.filter(service=service).select_related("made_by", "ended_by")
    given = [(row, by_field().get(row.field), row.results.count()) for row in rows]
    context = {"here": "feeds", "groups": groups(service), "given": given}
    return render(request, "investigation/own_codes.jinja", context)


def choose(request: Request, pk: int) -> HttpResponse:
    """One code: choose what it means, see what that would make of what waits, and take it in."""
    one: HeldResult = scoped(HeldResult.objects.all(), request.actor, pk=pk)
    group = group_of(request.actor.service, (one.teller, one.code, one.unit))
    if group is None:
        problem(request, "Nothing waits under this code any more.")
        return redirect("own-codes")
    if request.method == "POST":
        return _keep(request, group)
    audit.record(request.actor, "own_code.view", subject=f"laboratory code {pk}")
    field = request.GET.get("field", "")
    field = field if field in fields() else ""
    asked = request.GET.get("unit")
    offered = units(field, group.unit) if field else ()
    none_fits = bool(field) and (asked == NONE or not offered)
    unit = _unit(asked, field, group) if field and not none_fits else None
    return render(
        request,
        "investigation/own_code.jinja",
        {
            "here": "feeds",
            "group": group,
            "fields": fields(),
            "field": field,
            "units": [(each, unit_words(field, each)) for each in offered],
            "none_fits": none_fits,
            "unit": unit,
            "tried": tried(request.actor.service, (group.teller, group.code, group.unit), field, unit)
            if field and unit is not None
            else None,
        },
    )


def _unit(asked: str | None, field: str, group: Group) -> str | None:
    """The unit that was chosen, else the one that the sender's is written like, else None."""
    return asked if asked in units(field, group.unit) else unit_like(field, group.unit)


def _keep(request: Request, group: Group) -> HttpResponse:
    field = "" if "no_use" in request.POST else request.POST.get("field", "")
    if not field and "no_use" not in request.POST:
        problem(request, "Choose what the code means, or say that it is of no use here.")
        return redirect("own-code", group.key)
    try:
        made = mapping.map_code(
            teller=group.teller,
            code=group.code,
            unit=group.unit,
            field=field,
            as_unit=request.POST.get("unit", ""),
            by=request.actor,
        )
    except (NotPossible, BadInput) as error:
        problem(request, str(error))
        return redirect("own-code", group.key)
    number = made.results.filter(row__outcome="new").count()
    words = f"{number} of {group.number} results are taken in" if field else "It is not asked about again"
    said(request, f"{words}: {group.code} of {group.teller}.")
    return redirect("own-codes")
