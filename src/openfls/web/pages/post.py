"""Letters of the whole service: what waits to be approved or sent, and batches that are read, signed and printed."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe

from openfls.information.as_html import render_html
from openfls.information.letter import LetterKind
from openfls.record.pathway import NotPossible
from openfls.service import audit, letters
from openfls.service.actions import posting, writing
from openfls.service.actor import can
from openfls.service.letter_runs.reading import standing
from openfls.service.models import LetterBatch, LetterSent
from openfls.service.posting import (
    BATCH_AT_MOST,
    BY_KEY,
    PAGE,
    POST_LISTS,
    Placed,
    letters_on,
    placed,
    sending_of,
    why_not_to,
)
from openfls.service.roles import May
from openfls.web.auditing.shown import shown
from openfls.web.guard import Request, scoped, with_query
from openfls.web.letter_runs import pages as letter_runs
from openfls.web.said import problem, said


def listed(request: Request) -> HttpResponse:
    """The letters of one list, to tick."""
    service = request.actor.service
    key = request.GET.get("list", "")
    chosen = BY_KEY.get(key, POST_LISTS[0])
    kind = request.GET.get("kind", "")
    rows = letters_on(service, chosen.key)
    if kind in set(LetterKind):
        rows = rows.filter(kind=kind)
    listed_rows = list(rows[:BATCH_AT_MOST])
    audit.record(request.actor, "letters.list", subject=chosen.key, **shown(listed_rows))
    return render(
        request,
        "post.jinja",
        {
            "here": "post",
            "lists": [(one, letters_on(service, one.key).count()) for one in POST_LISTS],
            "chosen": chosen,
            "kind": kind,
            "labels": letters.LABELS,
            "count": rows.count(),
            "rows": listed_rows,
            # Whatever else keeps a letter from going out is told of when it is put into a batch.
            "not_out": {
                one.pk: why_not_to(one) if one.person.deceased or one.person.standing_flags else ""
                for one in listed_rows
            },
            "at_most": BATCH_AT_MOST,
        },
    )


def batch(request: Request, pk: int) -> HttpResponse:
    """A batch with the full text of its letters, a page at a time; what is approved here has stood on the page."""
    row = scoped(LetterBatch.objects.select_related("service", "made_by"), request.actor, pk=pk)
    rows = placed(row)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    if request.method == "POST":
        here = redirect(with_query(request.path, {"page": str(page.number)} if page.number > 1 else {}))
        return _do(request, row, rows, list(page.object_list)) or here
    audit.record_all(
        request.actor,
        [
            audit.Happened("letter.view", each.letter.person, f"letter {each.letter.pk}", {"batch": pk})
            for each in page.object_list
        ],
    )
    approved = [each for each in rows if each.letter.approved_at]
    sent = [sending for each in approved if (sending := sending_of(each.letter))]
    waiting = sum(each.waits for each in rows)
    runs = standing(row, rows)
    on_page = [_shown(each) for each in page.object_list]
    response = render(
        request,
        "letter_batch.jinja",
        {
            "here": "post",
            "batch": row,
            "rows": rows,
            "page": page,
            "shown": on_page,
            "approved": len(approved),
            "sent": len(sent),
            "sent_on": sorted({(one.on, one.get_way_display().lower()) for one in sent}),
            "left_out": [each for each in approved if each.left_out and not sending_of(each.letter)],
            "waiting": waiting,
            "again": sum(not each.left_out for each in rows),
            "may_sign": can(request.actor, May.SIGN_LETTERS),
            "drafts": sum(one["may_be_approved"] for one in on_page),
            "labels": letters.LABELS,
            "ways": LetterSent.Way.choices,
            **letter_runs.shown(request, runs),
        },
    )
    return letter_runs.again_soon(request, runs, response)


def _shown(row: Placed) -> dict[str, object]:
    value = letters.value_of(row.letter)
    not_to = "" if row.letter.approved_at else why_not_to(row.letter)
    return {
        "row": row,
        "letter": row.letter,
        "seen": letters.fingerprint(value),
        "sending": sending_of(row.letter),
        "not_to": not_to,
        "may_be_approved": not row.letter.approved_at and not not_to,
        "html": mark_safe(render_html(value, heading_level=3)),
    }


def _do(
    request: Request, batch: LetterBatch, rows: list[Placed], on_page: list[Placed]
) -> HttpResponse | None:
    given = request.POST
    try:
        if "out" in given:
            row = next((each for each in rows if str(each.letter.pk) == given["out"]), None)
            if row is None:
                raise NotPossible("The letter is not in this batch.")
            posting.take_out(batch=batch, letter=row.letter, by=request.actor)
            said(request, "Taken out of the batch. The letter itself is as it was.")
        elif given.get("do") in letter_runs.ASKED_HERE:
            return letter_runs.ask(request, batch, given["do"])
        else:
            _approve(request, on_page)
    except NotPossible as error:
        problem(request, str(error))
    return None


def _approve(request: Request, on_page: list[Placed]) -> None:
    """Approve what was ticked among the letters that stood on this page, each by itself; what fails is named."""
    ticked = set(request.POST.getlist("pick"))
    chosen = [each.letter for each in on_page if str(each.letter.pk) in ticked]
    if not chosen:
        raise NotPossible("Tick the letters that you have read.")
    waiting = [letter for letter in chosen if not letter.approved_at]
    done = 0
    for letter in waiting:
        seen = request.POST.get(f"seen-{letter.pk}", "")
        try:
            writing.approve(episode=letter.episode, letter=letter, seen=seen, by=request.actor)
            done += 1
        except NotPossible as error:
            problem(request, f"Letter to or about {letter.person.name}: {error}")
    before = len(chosen) - len(waiting)
    said(request, f"{done} approved and locked." + (f" {before} were approved before." if before else ""))
