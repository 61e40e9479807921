"""A file on its way: how far it has come, how to stop it, and how to go on."""

from __future__ import annotations

import time
from uuid import UUID

from django.db import connection
from django.http import HttpResponse
from django.shortcuts import redirect, render

from openfls.record.pathway import NotPossible
from openfls.service import audit
from openfls.service.actor import Actor
from openfls.service.feeds import long_loading
from openfls.service.feeds.history import history_in
from openfls.service.feeds.loader import LOADER
from openfls.service.models import Loading, UploadedFile
from openfls.web.guard import Request, scoped
from openfls.web.said import problem, said

EVERY = 3
"""Seconds after which the page loads itself again while the file is under way."""
AT_ONCE = 1.0
"""Seconds that an answer waits for a short file to be loaded."""


def send_off(request: Request, upload: UploadedFile) -> HttpResponse:
    """Load the file: a short one at once, a long one while its page is watched."""
    try:
        loading = long_loading.begin(upload=upload, by=request.actor)
    except NotPossible as error:
        problem(request, str(error))
        return redirect("upload-check", upload.pk)
    return _after(request, _wait(loading.pk))


def show(request: Request, pk: UUID) -> HttpResponse:
    """How far the file has come; a POST stops it or goes on."""
    loading = scoped(Loading.objects.select_related("user", "delivery", "upload"), request.actor, pk=pk)
    if request.method == "POST":
        return _act(request, loading, request.actor)
    if loading.is_under_way and not connection.in_atomic_block:
        LOADER.wake()  # whoever looks takes up what a killed worker, or one without a database, left
    counted = long_loading.counted(loading)
    audit.record(request.actor, "loading.view", subject=f"loading {pk}")
    still = "still" in request.GET
    response = render(
        request,
        "loading.jinja",
        {
            "here": "feeds",
            "loading": loading,
            "counted": counted,
            "percent": int(100 * loading.rows / loading.rows_total) if loading.rows_total else 0,
            "still": still,
            "every": EVERY,
            "history": history_in(loading.delivery) if loading.delivery and not loading.is_under_way else 0,
            "mine": loading.upload is not None and loading.upload.user_id == request.actor.user.pk,
        },
    )
    if loading.is_under_way and not still:
        response["Refresh"] = str(EVERY)
    return response


def _act(request: Request, loading: Loading, by: Actor) -> HttpResponse:
    try:
        if "stop" in request.POST:
            long_loading.stop(loading=loading, by=by)
            said(request, "It stops after the rows in hand. What is taken in stays.")
        else:
            return _after(request, _wait(long_loading.go_on(loading=loading, by=by).pk))
    except NotPossible as error:
        problem(request, str(error))
    return redirect("loading", loading.pk)


def _wait(key: object) -> Loading:
    """The file after a moment: most are done by then."""
    if connection.in_atomic_block:
        return long_loading.work_on(key)  # nobody else could see it yet
    LOADER.wake()
    until = time.monotonic() + AT_ONCE
    loading = Loading.objects.get(pk=key)
    while loading.is_under_way and time.monotonic() < until:
        time.sleep(0.05)
        loading = Loading.objects.get(pk=key)
    return loading


def _after(request: Request, loading: Loading) -> HttpResponse:
    if loading.state == Loading.State.DONE and loading.delivery is not None:
        done, old = long_loading.counted(loading), history_in(loading.delivery)
        made = max(0, loading.episodes - old)
        found = "1 fracture is" if made == 1 else f"{made} fractures are"
        kept = f" Older than your start date: {old} kept as history." if old else ""
        rows = "1 row" if done.read == 1 else f"{done.read} rows"
        said(request, f"Loaded: {rows} read, {done.new} new; {found} put forward.{kept}")
        return redirect("delivery", loading.delivery_id)
    if loading.state == Loading.State.FAILED and loading.delivery_id is None and loading.upload_id:
        problem(request, f"Nothing was loaded. {loading.reason}")
        return redirect("upload-check", loading.upload_id)
    return redirect("loading", loading.pk)
