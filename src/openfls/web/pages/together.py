"""Several of the list are not for the service, for one reason."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from openfls.service.actions.together import refute_each
from openfls.service.models import Episode
from openfls.service.queue import Wish
from openfls.web.forms.queue import TogetherForm
from openfls.web.guard import Request, with_query
from openfls.web.pages import worklists
from openfls.web.said import problem, said_with_undo


def not_for_us(request: Request, key: str) -> HttpResponse:
    """Refute the ticked ones, each by itself; what could not be done is told by name."""
    if key != worklists.TO_DECIDE:
        raise Http404
    picked = list(dict.fromkeys(request.POST.getlist("pick")))
    form = TogetherForm(request.POST, picked=len(picked))
    if not form.is_valid():
        return worklists.page_of(request, key, form=form, picked=picked)
    episodes = list(
        Episode.objects.filter(service=request.actor.service, pk__in=filter(_is_key, picked))
        .select_related("person")
        .order_by("index_date", "pk")
    )
    for done in refute_each(episodes=episodes, by=request.actor, **form.cleaned_data):
        name = done.episode.person.name
        if done.problem:
            problem(request, f"{name}: {done.problem}")
        else:
            said_with_undo(request, done.episode, f"Not for us: {name}.")
    if len(episodes) < len(picked):
        problem(request, f"{len(picked) - len(episodes)} of those ticked could not be found.")
    return redirect(with_query(reverse("worklist", args=[key]), Wish.of(request.GET).query))


def _is_key(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True
