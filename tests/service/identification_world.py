"""Fractures told by hand, for tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import world
from openfls.record.feeds import Energy
from openfls.record.findings import Certainty
from openfls.record.people import Identifier
from openfls.record.sites import Side, Site
from openfls.service.actions.placing import Placed
from openfls.service.actor import Actor
from openfls.service.by_hand.telling import Added, Told, tell
from openfls.service.models import FeedRow, Person

TOLD = Told(
    placed=Placed(world.TODAY - timedelta(days=3), Site.HIP, Side.RIGHT),
    certainty=Certainty.PRESENT,
    energy=Energy.LOW,
    channel="telephone",
    teller="the ward sister",
)


def by_hand(by: Actor, *, person: Any = None, **placed: Any) -> Added:
    """A fracture that the ward told of on the telephone, of somebody whom nobody knew."""
    told = replace(TOLD, placed=replace(TOLD.placed, **placed))
    if person is None or not hasattr(person, "pk"):
        return tell(told=told, new=person or world.demographics(), by=by)
    return tell(told=told, person=person, by=by)


def row_by_hand(by: Actor, **columns: Any) -> FeedRow:
    """The row of one that nobody has decided about; ``columns`` are those of `world.report`."""
    return by_hand(by, person=columns.get("person")).row


def unnumbered(by: Actor) -> Person:
    """Somebody whom the hospital's own number alone names."""
    world.deliver(by.service, world.report(world.demographics(identifiers=(Identifier("RXX", "H1"),))))
    person: Person = Person.objects.get(identifiers__value="H1", service=by.service)
    return person
