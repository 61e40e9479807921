"""Access that stands out: the list, and one of them with what a named person made of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from openfls.record.pathway import NotPossible
from openfls.service import audit
from openfls.service.actor import can
from openfls.service.auditing.odd import Odd, Reviewed, odd_access, reviews_of
from openfls.service.auditing.reading import Days
from openfls.service.auditing.reviewing import ReviewedSince, review
from openfls.service.auditing.rules import rules
from openfls.service.models import AccessReview, Person
from openfls.service.models.audit import Judged
from openfls.service.roles import May
from openfls.web.auditing.days import CHOICES, days_of, length_of
from openfls.web.auditing.log import as_file, user_of
from openfls.web.forms.fields import Radios, Text
from openfls.web.guard import Request
from openfls.web.said import said

PAGE = 50
NAMED = ("emergency", "tried")
"""The rules of which the list names the person: each is about one person whom somebody of another service asked for."""


class ReviewForm(forms.Form):
    """What was made of it."""

    judged = Radios(Judged, label="What it was", missing="Choose what it was")
    words = Text(label="In a few words", required=False, max_length=2000)


def listed(request: Request) -> HttpResponse:
    """Everything that stands out, what nobody has reviewed first."""
    service = request.actor.service
    found = odd_access(service, days_of(request, 30))
    reviewed = reviews_of(service, found)
    found.sort(key=lambda odd: odd.key in reviewed)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    named = _named(request, page.object_list)
    audit.record(request.actor, "audit.odd.view", rows=len(found), **audit.shown(UUID(key) for key in named))
    return render(
        request,
        "auditing/odd.jinja",
        {
            "here": "audit",
            "page": page,
            "named": named,
            "named_rules": NAMED,
            "reviewed": reviewed,
            "waiting": sum(odd.key not in reviewed for odd in found),
            "rules": rules().values(),
            "days": length_of(request, 30),
            "choices": CHOICES,
        },
    )


def _named(request: Request, found: Iterable[Odd]) -> dict[str, str]:
    """The names by key of those for whom somebody of another service asked; nobody where the role sees no people."""
    keys = {key for odd in found if odd.rule in NAMED for key in odd.people}
    if not keys or not can(request.actor, May.SEE_PEOPLE):
        return {}
    rows = Person.objects.filter(service=request.actor.service, pk__in=keys)
    return {str(row.pk): row.name for row in rows}


def download(request: Request) -> StreamingHttpResponse:
    """The list as a file, with who reviewed what."""
    service = request.actor.service
    found = odd_access(service, days_of(request, 30))
    reviewed = reviews_of(service, found)
    audit.record(request.actor, "audit.odd.download", rows=len(found))
    heading = (
        "on",
        "user name",
        "what stands out",
        "count",
        "reviewed",
        "by",
        "words",
        "when",
        "service of the user",
    )
    return as_file("stands-out.csv", heading, (_cells(odd, reviewed.get(odd.key)) for odd in found))


def _cells(odd: Odd, made: Reviewed | None) -> list[str]:
    cells = [str(odd.on), odd.user.username, odd.title, str(odd.count)]
    when = f"{timezone.localtime(made.at):%Y-%m-%d %H:%M}" if made else ""
    review_of_it = [made.label, made.by.full_name, made.words, when] if made else ["", "", "", ""]
    return [*cells, *review_of_it, odd.of_service]


def one(request: Request, pk: int, rule: str, on: str) -> HttpResponse:
    """One user's access on one day, the people whom it is about, and its reviews. A POST adds one, unless somebody has
    since the page was shown. A record opened in an emergency is judged on the page for that."""
    odd = _odd(request, pk, rule, on)
    if odd.opening is not None:
        return redirect("emergency-judge", odd.opening.pk)
    seen = request.POST.get("seen", "")
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            known = int(seen) if seen.isdecimal() and len(seen) < 19 else 0
            review(odd=odd, by=request.actor, seen=known, **form.cleaned_data)
        except ReviewedSince as error:
            form.add_error(None, str(error))
        except NotPossible as error:
            form.add_error("words", str(error))
        else:
            said(request, "Kept, with your name.")
            return redirect("audit-odd")
    people = Person.objects.filter(service=request.actor.service, pk__in=odd.people)
    audit.record(
        request.actor, "audit.odd.view", subject=f"user {pk}", **audit.shown(one.pk for one in people)
    )
    reviews = AccessReview.objects.filter(service=request.actor.service, key=odd.key).select_related("by")
    context: dict[str, Any] = {
        "here": "audit",
        "odd": odd,
        "people": people.order_by("family_name", "given_name"),
        "reviews": reviews,
        "newest": max((row.pk for row in reviews), default=0),
        "own": odd.user.pk == request.user.pk,
        "form": form,
        "form_errors": form.errors,
    }
    return render(request, "auditing/odd_one.jinja", context, status=422 if form.errors else 200)


def _odd(request: Request, pk: int, rule: str, on: str) -> Odd:
    user = user_of(request, pk)
    try:
        day = date.fromisoformat(on)
        found = odd_access(request.actor.service, Days(day, day), user)
    except (ValueError, OverflowError) as error:
        raise Http404("No such day.") from error
    for each in found:
        if each.rule == rule:
            return each
    raise Http404("Nothing stands out there.")
