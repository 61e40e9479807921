"""Which requests happen in the room of a practice: who acts there, on which day, and what stays outside.

Nobody is given a role in the room. The session names a practice; that it is open, the user's own, and of a service in
which the user still has a role is asked anew for every request. Without it the room is as far away as another service.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from openfls.service.actor import actor_of
from openfls.service.models import Practice
from openfls.service.training.sandbox.clearing import touch
from openfls.service.training.sandbox.library import case_called
from openfls.service.training.sandbox.rooms import actor_in
from openfls.service.training.sandbox.simulated import living_in

KEY = "practice"
OUTSIDE = frozenset({"questionnaire", "questionnaires", "calendar", "letter-fhir"})
"""Pages of the ordinary work that reach out of the room: a slip with an address for the person, a calendar of other
programs, a message to another system. What is fictional stays inside."""


def enter(request: HttpRequest) -> None:
    """Set ``request.home``, the user at work in her own service, and ``request.practice``, None outside one.

    Within a practice ``request.actor`` is the user at work in its room.
    """
    request.home, request.practice = request.actor, None
    key = request.session.get(KEY)
    if not key or request.actor is None:
        return
    row = (
        Practice.objects.select_related("room", "user", "service")
        .filter(pk=UUID(key), user=request.user)
        .first()
    )
    at_home = {one.service_id: one for one in request.memberships}
    if row is None or not row.is_open or row.service_id not in at_home or case_called(row.case) is None:
        del request.session[KEY]
        return
    touch(row)
    membership = at_home[row.service_id]
    request.home = actor_of(membership)
    request.practice, request.actor = row, actor_in(row)


@contextmanager
def simulated(request: HttpRequest, *, real_time: bool) -> Iterator[None]:
    """Within this block it is the simulated moment for somebody who practises, unless the page keeps the real one."""
    practice = getattr(request, "practice", None)
    if practice is None or real_time:
        yield
        return
    with living_in(practice):
        yield


def whole(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """An answer whose rows would be made while it is sent has them made at once in a practice, on its own day."""
    if getattr(request, "practice", None) is not None and answer.streaming:
        answer.streaming_content = list(answer.streaming_content)
    return answer


def stays_outside(request: HttpRequest, name: str) -> bool:
    """Whether a page is closed to somebody who practises."""
    return getattr(request, "practice", None) is not None and name in OUTSIDE
