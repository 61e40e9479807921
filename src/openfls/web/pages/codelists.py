"""The code lists in use: ours, and a trust's own, kept as dated versions of which one can be active."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from openfls.identification.codes import our_packs
from openfls.record.errors import BadInput
from openfls.record.pathway import NotPossible
from openfls.service import audit, codelists
from openfls.service.models import CodeList
from openfls.web.guard import Request, scoped
from openfls.web.said import problem, said
from openfls.web.uploading import uploaded

SHOWN = 200


def show_all(request: Request) -> HttpResponse:
    """Every list in use and every version of the service's own; a POST adds one."""
    errors: list[str] = []
    if request.method == "POST":
        try:
            name, data = uploaded(request, "file")
            title = request.POST.get("title", "")
            made = codelists.add_list(title=title, data=data, file_name=name, by=request.actor)
            return redirect("code-list", made.pk)
        except BadInput as error:
            errors = [str(error)]
    own = CodeList.objects.filter(service=request.actor.service).select_related("uploaded_by", "activated_by")
    return render(
        request,
        "code_lists.jinja",
        {
            "here": "feeds",
            "packs": our_packs(),
            "own": own.defer("content"),
            "title": request.POST.get("title", ""),
            "form_errors": errors,
        },
        status=422 if errors else 200,
    )


def show(request: Request, pk: int) -> HttpResponse:
    """One version: its rows as they are read, and those that were refused. A POST puts it in use or out of use."""
    row = scoped(CodeList.objects.select_related("uploaded_by", "activated_by"), request.actor, pk=pk)
    if request.method == "POST":
        try:
            if "activate" in request.POST:
                codelists.activate(code_list=row, by=request.actor)
                said(request, f"Version {row.number} is in use from now on.")
            elif "deactivate" in request.POST:
                codelists.deactivate(code_list=row, by=request.actor)
                said(request, "Our lists alone are in use from now on.")
        except NotPossible as error:
            problem(request, str(error))
        return redirect("code-list", pk)
    audit.record(request.actor, "codes.view", subject=f"code list {row.number}")
    read = codelists.read_list(row.content)
    return render(
        request,
        "code_list.jinja",
        {
            "here": "feeds",
            "row": row,
            "entries": read.entries[:SHOWN],
            "refused": read.refused[:SHOWN],
            "most": SHOWN,
        },
    )
