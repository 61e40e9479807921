"""What a page says after a step."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest

from openfls.service.models import Episode


def said(request: HttpRequest, words: str) -> None:
    """It is done."""
    messages.success(request, words)


def said_with_undo(request: HttpRequest, episode: Episode, words: str) -> None:
    """It is done, and can be undone from where the words stand."""
    messages.success(request, words, extra_tags=f"undo:{episode.pk}")


def said_with_way_back(request: HttpRequest, words: str, page: str, key: object) -> None:
    """It is done, and is undone on a page that asks something first: its name and what it is about."""
    messages.success(request, words, extra_tags=f"back:{page}/{key}")


def problem(request: HttpRequest, words: str) -> None:
    """It was not possible, and why."""
    messages.error(request, words)
