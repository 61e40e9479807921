"""What advises the service: the active packs and their rules, and the two-person door through which they change."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator

from django.core.paginator import Paginator
from django.db import connection
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render

from openfls.intervention.packs import limits
from openfls.investigation import PACKS
from openfls.investigation.settings import setting_fields
from openfls.record.cells import safe_cell
from openfls.record.pathway import NotPossible
from openfls.service import audit, clock
from openfls.service.actions import guiding
from openfls.service.actor import can
from openfls.service.guidance import (
    LABELS,
    LIMITS,
    change_in_force,
    differences,
    from_json,
    guidance_of,
    limit_fields,
)
from openfls.service.investigation.counting import COUNTING
from openfls.service.models import GuidelineChange
from openfls.service.moving import count_on, lines, tallies
from openfls.service.roles import May
from openfls.web.auditing.shown import shown
from openfls.web.downloads import Echo
from openfls.web.environment import day
from openfls.web.forms.guidance import GuidanceForm
from openfls.web.guard import Request, scoped
from openfls.web.said import problem, said

PAGE = 25
EVERY = 3
"""Seconds after which the page of a change that is being counted loads itself again."""
AT_ONCE = 1.5
"""Seconds that an answer waits for a short count."""


def slug_of(key: str) -> str:
    """A pack's key as part of an address, for example ``ng259-2026-07-29``."""
    return key.lower().replace("@", "-").replace(".", "-")


BY_SLUG = {slug_of(key): key for key in PACKS}


def show(request: Request) -> HttpResponse:
    """What advises today, what is proposed, and every change so far."""
    service, today = request.actor.service, clock.today()
    now = guidance_of(service, today)
    changes = GuidelineChange.objects.filter(service=service).select_related("proposed_by", "decided_by")
    return render(
        request,
        "guidance.jinja",
        {
            "here": "guidance",
            "now": now,
            "since": change_in_force(service, today),
            "active": [(label, now.pack(getattr(now, role))) for role, label in LABELS.items()],
            "others": [now.pack(key) for key in PACKS if key not in now.active],
            "settings": {key: setting_fields(key) for key in PACKS},
            "limits_pack": LIMITS,
            "limits": [(one, now.value(LIMITS, one.name), limits()[one.name]) for one in limit_fields()],
            "slug_of": slug_of,
            "open": changes.filter(state__in=("counting", "waiting")).first(),
            "ahead": changes.filter(state="approved", effective_on__gt=today).first(),
            "changes": [(row, list(_differences(row))) for row in changes],
            "may_change": can(request.actor, May.CHANGE_GUIDELINES),
        },
    )


def _differences(change: GuidelineChange):
    return differences(from_json(change.before), from_json(change.after))


def rules(request: Request, key: str) -> HttpResponse:
    """The rules of one pack in our words, with strength, source and how the fact is known."""
    if key not in BY_SLUG:
        raise Http404
    now = guidance_of(request.actor.service, clock.today())
    chosen = now.pack(BY_SLUG[key])
    topics = dict.fromkeys(rule.topic for rule in chosen.rules)
    return render(
        request,
        "guidance_rules.jinja",
        {
            "here": "guidance",
            "pack": chosen,
            "is_active": chosen.key in now.active,
            "settings": [(one, chosen.settings[one.name]) for one in setting_fields(chosen.key)],
            "topics": [(topic, [rule for rule in chosen.rules if rule.topic is topic]) for topic in topics],
        },
    )


def propose(request: Request) -> HttpResponse:
    """The form of a proposal; a POST puts it forward and begins to count who would move."""
    actor = request.actor
    form = GuidanceForm(guidance_of(actor.service, clock.today()), clock.today())
    if request.method == "POST":
        form.typed = request.POST
        if form.is_valid():
            assert form.after is not None
            assert form.wanted_from is not None
            try:
                change = guiding.propose(
                    after=form.after, reason=form.reason, wanted_from=form.wanted_from, by=actor
                )
                return _count(request, change)
            except NotPossible as error:
                form.errors["reason"] = str(error)
    context = {"here": "guidance", "form": form, "form_errors": form.errors}
    return render(request, "guidance_propose.jinja", context, status=422 if form.errors else 200)


def change(request: Request, pk: int) -> HttpResponse:
    """One change: what it changes, who would move, and the decision."""
    row = _change(request, pk)
    page = Paginator(_moves(row), PAGE).get_page(request.GET.get("page"))
    audit.record(
        request.actor, "guideline.view", subject=f"guideline change {row.number}", **shown(page.object_list)
    )
    moved = row.moves.count()
    counting, still = row.state == GuidelineChange.State.COUNTING, "still" in request.GET
    if counting and not connection.in_atomic_block:
        COUNTING.wake()  # whoever looks takes up what a killed server left
    response = render(
        request,
        "guidance_change.jinja",
        {
            "here": "guidance",
            "change": row,
            "differences": list(_differences(row)),
            "page": page,
            "lines": lines(row, page.object_list),
            "moved": moved,
            "tallies": tallies(row),
            "may_change": can(request.actor, May.CHANGE_GUIDELINES),
            "is_own": request.user.pk == row.proposed_by_id,
            "why_not": guiding.why_not_approve(row, request.actor),
            "still": still,
            "every": EVERY,
        },
    )
    if counting and not still:
        response["Refresh"] = str(EVERY)
    return response


def decide(request: Request, pk: int) -> HttpResponse:
    """Count on, count again, approve or refuse."""
    row, actor, reason = _change(request, pk), request.actor, request.POST.get("reason", "")
    try:
        if "count" in request.POST:
            return _count(request, row)
        if "again" in request.POST:
            return _count(request, guiding.count_again(change=row, by=actor))
        if "approve" in request.POST:
            row = guiding.approve(change=row, reason=reason, by=actor)
            said(request, f"Approved. It holds from {day(row.effective_on)}.")
        elif "refuse" in request.POST:
            row = guiding.refuse(change=row, reason=reason, by=actor)
            said(request, f"{row.get_state_display()}. Nothing has changed.")
    except NotPossible as error:
        problem(request, str(error))
    return redirect("guideline-change", pk)


def who(request: Request, pk: int) -> StreamingHttpResponse:
    """The people who would move, as CSV."""
    row = _change(request, pk)
    taken = audit.shown(_moves(row).order_by().values_list("episode__person", flat=True))
    audit.record(request.actor, "guideline.download", subject=f"guideline change {row.number}", **taken)
    writer = csv.writer(Echo())
    rows = (writer.writerow([safe_cell(cell) for cell in cells]) for cells in _cells(row))
    response = StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="who-would-move-{row.number}.csv"'
    return response


def _cells(row: GuidelineChange) -> Iterator[list[str]]:
    yield ["name", "born", "state", "no longer advised", "newly advised", "rules before", "rules after"]
    for line in lines(row, _moves(row)):
        episode = line.move.episode
        yield [
            episode.person.name,
            str(episode.person.birth_date or ""),
            episode.place.list_title,
            " | ".join(line.no_longer),
            " | ".join(line.newly),
            " ".join(line.move.rules_before),
            " ".join(line.move.rules_after),
        ]


def _change(request: Request, pk: int) -> GuidelineChange:
    rows = GuidelineChange.objects.select_related("service", "proposed_by", "decided_by")
    return scoped(rows, request.actor, pk=pk)


def _moves(row: GuidelineChange):
    return row.moves.select_related("episode__person").prefetch_related("episode__fractures")


def _count(request: Request, row: GuidelineChange) -> HttpResponse:
    """Begin to count, and wait for a moment: a small service is counted by then."""
    if connection.in_atomic_block:
        count_on(row, request.actor)  # nobody else could see it yet
        return redirect("guideline-change", row.pk)
    COUNTING.wake()
    until = time.monotonic() + AT_ONCE
    while time.monotonic() < until and _is_counted(row):
        time.sleep(0.05)
    return redirect("guideline-change", row.pk)


def _is_counted(row: GuidelineChange) -> bool:
    return GuidelineChange.objects.filter(pk=row.pk, state=GuidelineChange.State.COUNTING).exists()
