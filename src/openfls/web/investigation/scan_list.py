"""Who is on the way to a bone density scan, who goes without one and why: everybody under care, by standing."""

from __future__ import annotations

import csv
import io

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from openfls.investigation.scan_standing import SOURCE, reasons
from openfls.record.cells import safe_cell
from openfls.service import audit, clock
from openfls.service.investigation.scanning import STANDINGS, WITHOUT, Stands, counted, standings
from openfls.web.auditing.shown import shown
from openfls.web.guard import Request

PAGE = 50


def show(request: Request) -> HttpResponse:
    """The counts, and the people of the place that the address names: ``?at=declined``, ``?at=without`` for all."""
    rows = standings(request.actor.service, clock.today())
    counts, at = counted(rows), _at(request)
    page = Paginator(_chosen(rows, at), PAGE).get_page(request.GET.get("page"))
    audit.record(request.actor, "scan_list.view", subject=at or "all", **shown(page.object_list))
    return render(
        request,
        "investigation/scan_list.jinja",
        {
            "here": "tasks",
            "at": at,
            "standings": STANDINGS,
            "counts": counts,
            "without": sum(counts[key] for key in reasons()),
            "total": len(rows),
            "page": page,
            "reasons": reasons(),
            "source": SOURCE,
        },
    )


def download(request: Request) -> HttpResponse:
    """The same people as CSV."""
    at = _at(request)
    rows = _chosen(standings(request.actor.service, clock.today()), at)
    audit.record(request.actor, "scan_list.download", subject=at or "all", rows=len(rows), **shown(rows))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["name", "born", "fracture", "diagnosed", "scan", "noted on", "noted by"])
    for row in rows:
        person = row.episode.person
        fracture = "; ".join(each.words for each in row.episode.fractures.all())
        cells = [person.name, str(person.birth_date or ""), fracture, str(row.episode.index_date)]
        cells += [STANDINGS[row.key], str(row.on or ""), row.by]
        writer.writerow([safe_cell(cell) for cell in cells])
    answer = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="bone-density-scans.csv"'
    return answer


def _at(request: Request) -> str:
    at = request.GET.get("at", "")
    return at if at in STANDINGS or at == WITHOUT else ""


def _chosen(rows: list[Stands], at: str) -> list[Stands]:
    if at == WITHOUT:
        return [row for row in rows if row.key in reasons()]
    return [row for row in rows if row.key == at] if at else rows
