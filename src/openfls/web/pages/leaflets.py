"""Our own leaflets, for everybody: no sign-in, nothing about a person."""

from __future__ import annotations

from functools import lru_cache

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from openfls.information.as_html import render_leaflet_html
from openfls.information.as_pdf import render_leaflet_pdf
from openfls.information.leaflet import Leaflet, leaflets
from openfls.information.letter import TextSize

SIZES = (
    (TextSize.NORMAL, "Normal print"),
    (TextSize.LARGE, "Large print"),
    (TextSize.EASY_READ, "Easy read"),
)


@require_GET
def show_all(request: HttpRequest) -> HttpResponse:
    """Every leaflet."""
    every = leaflets().values()
    return render(
        request,
        "leaflets.jinja",
        {
            "here": "leaflets",
            "general": [leaflet for leaflet in every if not leaflet.medicine],
            "medicines": [leaflet for leaflet in every if leaflet.medicine],
        },
    )


@require_GET
def show(request: HttpRequest, key: str) -> HttpResponse:
    """One leaflet, in a size."""
    leaflet, size = _leaflet(key), _size(request)
    return render(
        request,
        "leaflet.jinja",
        {
            "here": "leaflets",
            "leaflet": leaflet,
            "size": size,
            "sizes": SIZES,
            # Every text of it is escaped by the renderer.
            "html": mark_safe(render_leaflet_html(leaflet, size)),
        },
    )


@require_GET
def pdf(request: HttpRequest, key: str) -> HttpResponse:
    """One leaflet as a tagged PDF, in a size."""
    leaflet, size = _leaflet(key), _size(request)
    response = HttpResponse(_pdf(leaflet.key, leaflet.language, size), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{leaflet.key}-{size}.pdf"'
    return response


@lru_cache(maxsize=128)
def _pdf(key: str, language: str, size: TextSize) -> bytes:
    """Set once: a public address must not be a way to keep the machine busy."""
    return render_leaflet_pdf(leaflets(language)[key], size)


def _leaflet(key: str) -> Leaflet:
    found = leaflets().get(key)
    if found is None:
        raise Http404
    return found


def _size(request: HttpRequest) -> TextSize:
    asked = request.GET.get("size", "")
    return TextSize(asked) if asked in set(TextSize) else TextSize.NORMAL
