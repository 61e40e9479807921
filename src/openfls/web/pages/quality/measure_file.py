"""A file of another system, measured on one page: nothing of it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render

from openfls.quality import measure_set
from openfls.quality.disclosure import FEW, FEW_OF, HIDDEN
from openfls.quality.suppressing import FLAG, suppress
from openfls.record.errors import BadInput
from openfls.record.flsdb import BY_NAME, COLUMNS
from openfls.service import audit
from openfls.service.models import MeasuredFile
from openfls.service.quality.measured_files import keep_result, measure_bytes
from openfls.web.guard import Request, scoped
from openfls.web.pages.quality.measures import SETS
from openfls.web.pages.quality.taking import Taking, csv_file
from openfls.web.said import problem, said
from openfls.web.uploading import uploaded

_SALT = "openfls measured file"
_A_DAY = 24 * 60 * 60
BY = [("all", "All together"), ("year", "By year"), ("quarter", "By quarter")]


def show(request: Request) -> HttpResponse:
    """Choose a file; below, the results that were kept. A POST measures it, or keeps or downloads what was measured."""
    if request.method == "POST" and "signed" in request.POST:
        return _with_result(request)
    errors: list[str] = []
    result: dict[str, Any] | None = None
    if request.method == "POST":
        try:
            name, data = uploaded(request, "file")
            result = measure_bytes(
                name,
                data,
                set_id=_one_of(request, "set", SETS),
                by=_one_of(request, "by", BY),
                columns=_columns(request),
                caseload=_caseload(request),
            )
        except BadInput as error:
            errors = [str(error)]
    return render(
        request,
        "measure_file.jinja",
        {
            "here": "measures",
            "result": result,
            "signed": signing.dumps(result, salt=_SALT, compress=True) if result else "",
            "titles": _titles(result),
            "sets": SETS,
            "bys": BY,
            "set_id": request.POST.get("set", SETS[0][0]),
            "by": request.POST.get("by", "all"),
            "caseload": request.POST.get("caseload", ""),
            "columns": [(column.name, column.header or column.name) for column in COLUMNS],
            "kept": MeasuredFile.objects.filter(service=request.actor.service).select_related("by")[:20],
            "megabytes": settings.UPLOAD_BYTES // (1024 * 1024),
            "form_errors": errors,
        },
        status=422 if errors else 200,
    )


def _one_of(request: Request, name: str, options: list[tuple[str, str]]) -> str:
    value = request.POST.get(name, "")
    return value if value in dict(options) else options[0][0]


def _columns(request: Request) -> dict[str, str]:
    """What the form says about headings: ``heading.N`` and ``column.N``."""
    found = {}
    for name, heading in request.POST.items():
        if name.startswith("heading."):
            column = request.POST.get(f"column.{name.removeprefix('heading.')}", "")
            if column in BY_NAME:
                found[heading] = column
    return found


def _caseload(request: Request) -> float | None:
    text = request.POST.get("caseload", "").strip()
    if not text:
        return None
    try:
        number = float(text.replace(",", ""))
    except ValueError:
        number = 0.0
    if not 0 < number < 10_000_000:
        raise BadInput("Enter the caseload as a number above nought, or leave it blank")
    return number


def _titles(result: dict[str, Any] | None) -> dict[str, str]:
    if result is None:
        return {}
    return {measure.id: measure.title for measure in measure_set(result["set"]).measures}


def _with_result(request: Request) -> HttpResponse:
    try:
        result = signing.loads(request.POST["signed"], salt=_SALT, max_age=_A_DAY)
    except signing.BadSignature:
        problem(request, "The result is too old or was changed. Measure the file again.")
        return redirect("measure-file")
    if "keep" in request.POST:
        made = keep_result(result=result, by=request.actor)
        said(request, "The result is kept; no row of the file is in it.")
        return redirect("measured-file", made.pk)
    return _csv(request, result)


def _csv(request: Request, result: dict[str, Any]) -> HttpResponse:
    """The measures as CSV: rounded, unless the button for the own use was pressed."""
    exact = "csv_own" in request.POST
    audit.record(request.actor, "figures.take", subject="measured-file.csv", exact=exact)
    taken = Taking(exact)
    rows = (
        result["results"]
        if exact
        else suppress(result["results"], result["set"], caseload=result["caseload"])
    )
    names = [name for name in (rows[0] if rows else ("set", "measure")) if name != FLAG]
    lines = [[_cell(row, name) for name in names] for row in rows]
    return csv_file(taken, "measured-file", names, lines)


def _cell(row: Mapping[str, Any], name: str) -> str:
    if row[name] is not None:
        return str(row[name])
    if FLAG not in row or row.get("note"):
        return ""
    if name in ("not_eligible", "unknown") or (name == "denominator" and row.get("guessed")):
        return HIDDEN
    return {"numerator": FEW, "denominator": FEW_OF}.get(name, "")


def kept(request: Request, pk: int) -> HttpResponse:
    """A result that was kept."""
    row = scoped(MeasuredFile.objects.select_related("by"), request.actor, pk=pk)
    return render(
        request,
        "measured_file.jinja",
        {"here": "measures", "row": row, "result": row.result, "titles": _titles(row.result)},
    )
