"""Who saw this person, what did this user do, and the anchor of the log to be kept elsewhere."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone

from openfls.record.cells import safe_cell
from openfls.service import audit, clock
from openfls.service.auditing import anchors, reading
from openfls.service.auditing.odd import odd_access, reviews_of
from openfls.service.models import Membership, Person, User
from openfls.web.auditing.days import CHOICES, days_of, length_of
from openfls.web.downloads import Echo
from openfls.web.guard import Request, scoped

PAGE = 50
HEADING = (
    "when",
    "who",
    "user name",
    "what was done",
    "with what",
    "in a list",
    "people shown",
    "subject",
    "service of the reader",
)


def home(request: Request) -> HttpResponse:
    """What can be asked of the log, the users to ask about, and what stands out and waits."""
    audit.record(request.actor, "audit.view")
    service = request.actor.service
    found = odd_access(service, days_of(request, 30))
    reviewed = reviews_of(service, found)
    members = Membership.ever.filter(service=service).select_related("user")
    return render(
        request,
        "auditing/home.jinja",
        {
            "here": "audit",
            "members": members.order_by("user__last_name", "user__username"),
            "waiting": sum(odd.key not in reviewed for odd in found),
            "anchor": list(anchors.lines(service)),
        },
    )


def anchor_file(request: Request) -> HttpResponse:
    """The newest hash of every chain as a text to print or to keep elsewhere."""
    audit.record(request.actor, "audit.anchor.download")
    service, now = request.actor.service, timezone.localtime(clock.now())
    head = (
        f"# Anchor of the audit log of {service.name}, {now:%Y-%m-%d %H:%M}. Service, lane, number, hash.\n"
    )
    response = HttpResponse(
        head + "".join(f"{line}\n" for line in anchors.lines(service)),
        content_type="text/plain; charset=utf-8",
    )
    response["Content-Disposition"] = f'attachment; filename="anchor-{now:%Y-%m-%d}.txt"'
    return response


def who_saw(request: Request, pk: UUID) -> HttpResponse:
    """Everybody who saw or changed something of one person."""
    person: Person = scoped(Person.objects.prefetch_related("identifiers"), request.actor, pk=pk)
    events = reading.of_person(person, days_of(request, 90))
    page = Paginator(events, PAGE).get_page(request.GET.get("page"))
    rows = reading.entries(page.object_list, of=person)
    audit.record(request.actor, "who_saw.view", person=person)
    return render(
        request,
        "auditing/who_saw.jinja",
        {
            "here": "people",
            "person": person,
            "page": page,
            "rows": rows,
            "days": length_of(request, 90),
            "choices": CHOICES,
        },
    )


def who_saw_csv(request: Request, pk: UUID) -> StreamingHttpResponse:
    """The same as a file."""
    person: Person = scoped(Person.objects.all(), request.actor, pk=pk)
    audit.record(request.actor, "who_saw.download", person=person)
    rows = reading.entries(reading.of_person(person, days_of(request, 90)), of=person)
    return as_file("who-saw.csv", HEADING, map(_cells, rows))


def user_of(request: Request, pk: int) -> User:
    """A user of whom the service's log tells; any other is absent."""
    try:
        user = reading.user_in_log(request.actor.service, pk)
    except OverflowError:
        user = None
    if user is None:
        raise Http404("No such user.")
    return user


def of_one_user(request: Request, pk: int) -> HttpResponse:
    """Everything that one user of the service did or saw, the words of searches with it."""
    user = user_of(request, pk)
    events = reading.of_user(request.actor.service, user.username, days_of(request, 30))
    page = Paginator(events, PAGE).get_page(request.GET.get("page"))
    rows = reading.entries(page.object_list)
    people = reading.people_of(request.actor.service, [row.event for row in rows])
    audit.record(
        request.actor,
        "audit.user.view",
        subject=f"user {pk}",
        **audit.shown(one.pk for one in people.values()),
    )
    return render(
        request,
        "auditing/user.jinja",
        {
            "here": "audit",
            "user": user,
            "member": Membership.ever.filter(service=request.actor.service, user=user).last(),
            "page": page,
            "rows": rows,
            "people": people,
            "days": length_of(request, 30),
            "choices": CHOICES,
        },
    )


def of_one_user_csv(request: Request, pk: int) -> StreamingHttpResponse:
    """The same as a file. It names people by their keys, and leaves the words of searches out."""
    user = user_of(request, pk)
    audit.record(request.actor, "audit.user.download", subject=f"user {pk}")
    rows = reading.entries(reading.of_user(request.actor.service, user.username, days_of(request, 30)))
    return as_file("user.csv", (*HEADING, "person"), ([*_cells(row), row.event.person] for row in rows))


def _cells(row: reading.Entry) -> list[str]:
    event = row.event
    when = timezone.localtime(event.at).isoformat(sep=" ", timespec="seconds")
    listed = "yes" if row.in_list else ""
    shown = str(row.people or "")
    return [when, row.who, event.user, row.done, row.what, listed, shown, event.subject, row.of_service]


def as_file(name: str, heading: Iterable[str], rows: Iterable[list[str]]) -> StreamingHttpResponse:
    """A CSV that streams."""
    writer = csv.writer(Echo())

    def lines() -> Iterator[str]:
        yield writer.writerow(heading)
        for row in rows:
            yield writer.writerow([safe_cell(cell) for cell in row])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
