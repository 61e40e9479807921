"""What the hospital delivered: every file counted, every row left out with its reason."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from openfls.service import audit
from openfls.service.feeds.bringing_back import can_put_forward
from openfls.service.feeds.waiting import rows_waiting
from openfls.service.models import Delivery
from openfls.web.guard import Request, scoped

PAGE = 50


def deliveries(request: Request) -> HttpResponse:
    """All deliveries, the newest first."""
    rows = Delivery.objects.filter(service=request.actor.service).order_by("-received_at", "-pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    page.object_list = Delivery.objects.counted_of(page.object_list)
    waiting = rows_waiting(request.actor.service).count()
    return render(request, "feeds.jinja", {"here": "feeds", "page": page, "waiting": waiting})


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
        {"here": "feeds", "delivery": row, "page": page, "can_return": can_return},
    )
