"""What the hospital delivered: every file counted, every row left out with its reason."""

from __future__ import annotations

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from openfls.service import audit
from openfls.service.feeds.bringing_back import can_put_forward
from openfls.service.feeds.history import history_in, history_of
from openfls.service.feeds.waiting import rows_waiting
from openfls.service.models import Delivery, Loading
from openfls.web.guard import Request, scoped

PAGE = 50


def deliveries(request: Request) -> HttpResponse:
    """All deliveries, the newest first."""
    rows = Delivery.objects.filter(service=request.actor.service).order_by("-received_at", "-pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    page.object_list = Delivery.objects.counted_of(page.object_list)
    waiting = rows_waiting(request.actor.service).count()
    service = request.actor.service
    loadings = Loading.objects.filter(service=service).exclude(state=Loading.State.DONE)
    return render(
        request,
        "feeds.jinja",
        {
            "here": "feeds",
            "page": page,
            "waiting": waiting,
            "loadings": loadings.exclude(upload=None).order_by("-started_at"),
            "history": history_of(service),
            "find_from": service.find_from,
        },
    )


def delivery(request: Request, pk: int) -> HttpResponse:
    """One delivery: its rows that were left out, and why."""
    row = scoped(Delivery.objects.counted(), request.actor, pk=pk)
    audit.record(request.actor, "delivery.view", subject=f"delivery {pk}")
    rejected = row.rows.filter(outcome="rejected").select_related("person", "source_record").order_by("pk")
    page = Paginator(rejected, PAGE).get_page(request.GET.get("page"))
    can_return = {each.pk for each in page.object_list if can_put_forward(each)}
    return render(
        request,
        "delivery.jinja",
        {
            "here": "feeds",
            "delivery": row,
            "page": page,
            "can_return": can_return,
            "history": history_in(row),
            "before": _left_out_before(row),
            "find_from": request.actor.service.find_from,
            "message_days": settings.MESSAGE_DAYS if row.messages.exists() else None,
        },
    )


def _left_out_before(delivery: Delivery) -> list[tuple[Delivery, str, int]]:
    """Of the rows that were known already those that stood left out: where first, why, and how many."""
    told = delivery.left_out_before
    first = Delivery.objects.filter(service=delivery.service_id).in_bulk([each["delivery"] for each in told])
    return [
        (first[each["delivery"]], each["reason"], each["rows"]) for each in told if each["delivery"] in first
    ]
