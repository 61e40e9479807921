"""Load a file: send it, see how it would be read, say which column is what, load it."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render

from openfls.record.errors import BadInput
from openfls.service import audit, clock
from openfls.service.feeds import uploads
from openfls.service.feeds.long_loading import under_way
from openfls.service.feeds.sources import forget_source
from openfls.service.models import FeedSource, Loading, UploadedFile
from openfls.web.forms.mapping import choices, columns_from
from openfls.web.guard import Request, scoped
from openfls.web.pages.loading import send_off
from openfls.web.previews import shown
from openfls.web.said import said
from openfls.web.uploading import uploaded


def start(request: Request) -> HttpResponse:
    """Choose a file and its source; below, what waits to be loaded and the sources that are kept."""
    sources = FeedSource.objects.filter(service=request.actor.service).select_related("changed_by")
    errors: list[str] = []
    if request.method == "POST" and "forget" in request.POST:
        return _forget(request)
    if request.method == "POST":
        try:
            name, data = uploaded(request, "file")
            named = request.POST.get("source", "")
            source = scoped(sources, request.actor, pk=named) if named.isdigit() else None
            return redirect(
                "upload-check", uploads.keep(name=name, data=data, source=source, by=request.actor).pk
            )
        except BadInput as error:
            errors = [str(error)]
    return render(
        request,
        "upload.jinja",
        {
            "here": "feeds",
            "sources": sources,
            "waiting": uploads.mine(request.actor),
            "loading": under_way(request.actor.service),
            "megabytes": settings.UPLOAD_BYTES // (1024 * 1024),
            "hours": uploads.KEPT_FOR.seconds // 3600,
            "form_errors": errors,
        },
        status=422 if errors else 200,
    )


def _forget(request: Request) -> HttpResponse:
    key = request.POST["forget"]
    source = scoped(FeedSource.objects.all(), request.actor, pk=key if key.isdigit() else 0)
    forget_source(source=source, by=request.actor)
    said(request, f"The mapping of “{source.name}” is removed. What it delivered stays.")
    return redirect("upload")


def check(request: Request, pk: UUID) -> HttpResponse:
    """How the file would be read. A POST changes the mapping, loads the file, or puts it aside."""
    waiting = UploadedFile.objects.filter(user=request.actor.user, expires_at__gt=clock.now())
    upload = scoped(waiting.select_related("service"), request.actor, pk=pk)
    if request.method == "POST":
        return _act(request, upload)
    loading = Loading.objects.filter(upload=upload, state__in=(Loading.State.WAITING, Loading.State.RUNNING))
    if key := loading.values_list("pk", flat=True).first():
        return redirect("loading", key)
    preview = uploads.preview(upload)
    audit.record(request.actor, "upload.view", subject=f"upload {upload.pk}")
    return render(
        request,
        "upload_check.jinja",
        {
            "here": "feeds",
            "upload": upload,
            "kind": uploads.KINDS[preview.kind],
            "preview": preview,
            "looked_at": f"{uploads.LOOKED_AT:,}",
            "rows": [shown(each, where) for where, readings in preview.rows for each in readings],
            "refused": [shown(each) for each in preview.refused],
            "choices": choices(preview.layout, upload.columns) if preview.layout else [],
            "fault": preview.layout.fault if preview.layout else "",
            "form_errors": [f"{each[:1].upper()}{each[1:]}" for each in preview.faults],
        },
    )


def _act(request: Request, upload: UploadedFile) -> HttpResponse:
    if "discard" in request.POST:
        uploads.discard(upload=upload, by=request.actor)
        said(request, "The file is put aside; nothing of it was loaded.")
        return redirect("upload")
    if "show" in request.POST or "load" in request.POST:
        _choose(request, upload)
    if "load" in request.POST:
        return send_off(request, upload)
    return redirect("upload-check", upload.pk)


def _choose(request: Request, upload: UploadedFile) -> None:
    """Keep the choices on the form; what is not on it stays as it was."""
    layout = uploads.layout(upload)
    uploads.choose(
        upload=upload,
        columns=columns_from(request.POST, layout) if layout else upload.columns,
        source_name=request.POST.get("source_name", "") or upload.source_name,
        hospital_system=request.POST.get("hospital_system", upload.hospital_system),
        by=request.actor,
    )
