"""Charts as files: SVG as it is drawn, PNG made of it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.http import HttpResponse

_WIDTH = 1440


@lru_cache(maxsize=16)
def png_of(svg: str) -> bytes:
    """The picture as PNG, twice the size of the drawing. The converter is loaded only when somebody asks."""
    import vl_convert

    made: Any = vl_convert.svg_to_png(svg, scale=2)
    return bytes(made)


def svg_answer(svg: str, name: str) -> HttpResponse:
    """An SVG to download."""
    return _file(svg.encode(), "image/svg+xml", f"{name}.svg")


def png_answer(svg: str, name: str) -> HttpResponse:
    """A PNG to download."""
    return _file(png_of(svg), "image/png", f"{name}.png")


def pdf_answer(content: bytes, name: str) -> HttpResponse:
    """A PDF to download."""
    return _file(content, "application/pdf", f"{name}.pdf")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
