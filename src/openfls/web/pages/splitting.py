"""Two people whose records were wrongly put together: what goes back, and where what was kept since belongs."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render

from openfls.record.pathway import NotPossible
from openfls.service import audit
from openfls.service.feeds.kept_since import GOES, STAYS, since
from openfls.service.feeds.splitting import check_split, split
from openfls.service.models import MergedPerson
from openfls.web.guard import Request, scoped
from openfls.web.said import problem, said


def show(request: Request, pk: UUID) -> HttpResponse:
    """What each would hold; a POST takes them apart."""
    merged = scoped(MergedPerson.objects.select_related("into", "by"), request.actor, pk=pk)
    try:
        check_split(merged)
    except NotPossible as error:
        problem(request, str(error))
        return redirect("person", merged.into_id)
    kept = since(merged)
    belongs = {item.key: request.POST.get(item.key, item.suggested) for item in kept.items}
    errors: list[str] = []
    if request.method == "POST":
        try:
            gone = split(
                merged=merged, belongs=belongs, words=request.POST.get("words", ""), by=request.actor
            )
        except NotPossible as error:
            errors = [str(error)]
        else:
            said(request, f"{gone.name} has a record of her or his own again. Look at both, then go on.")
            return redirect("person", gone.pk)
    else:
        audit.record(request.actor, "person.view", person=merged.into, subject=f"person {pk}")
    return render(
        request,
        "split.jinja",
        {
            "here": "people",
            "merged": merged,
            "person": merged.into,
            "name": _name(merged),
            "kept": kept,
            "belongs": belongs,
            "places": ((STAYS, merged.into.name), (GOES, _name(merged))),
            "words": request.POST.get("words", ""),
            "form_errors": errors,
        },
        status=422 if errors else 200,
    )


def _name(merged: MergedPerson) -> str:
    family, given = merged.was.get("family_name", ""), merged.was.get("given_name", "")
    return ", ".join(part for part in (family.upper(), given) if part) or "the other record"
