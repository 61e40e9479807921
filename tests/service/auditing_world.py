"""What information governance looks at: accesses that stand out, made by somebody of the service."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from functools import partial

import world
from openfls.service import audit, clock
from openfls.service.actor import Actor
from openfls.service.auditing.odd import Odd, odd_access
from openfls.service.auditing.reading import Days
from openfls.service.auditing.reviewing import review
from openfls.service.disclosing import giving
from openfls.service.models import Person, User
from openfls.service.models.audit import Judged

OWL = "night.owl"


def look(by: Actor, person: Person, at: datetime | None = None, action: str = "person.view") -> None:
    """Somebody looked at a person, now or ``at`` another moment."""
    with clock.at(at or clock.now()):
        audit.record(by, action, person=person)


def owl(by: Actor) -> Actor:
    """A colleague who works at night; the same one however often she is asked for."""
    user = User.objects.filter(username=OWL, memberships__service=by.service).first()
    return Actor(by.service, by.role, user) if user else world.member(by.service, username=OWL)


def at_night(by: Actor, **columns: object) -> Odd:
    """A colleague looked at a person at eleven in the evening of the day before."""
    colleague = owl(by)
    yesterday = clock.today() - timedelta(days=1)
    late = datetime.combine(yesterday, time(22), tzinfo=UTC)
    look(colleague, world.found(by.service, **columns).person, late)
    found = odd_access(by.service, Days(yesterday, yesterday), colleague.user)
    return next(odd for odd in found if odd.rule == "night")


DOINGS = {
    "access.review": lambda by: partial(review, odd=at_night(by), judged=Judged.IN_ORDER, words="On call"),
    "person.disclose": lambda by: partial(
        giving.give,
        person=world.found(by.service).person,
        asked=giving.Asked.HERSELF,
        received_on=world.TODAY,
    ),
}
OF_GOVERNANCE = frozenset(DOINGS)
