"""Results and notices about strangers: set aside when they come, taken in when a fracture of that person is told.

A laboratory and a hospital's patient index tell of everybody. A record of each would fill the search, the counts and
the screen with people whom the service has no reason to know (decision 025).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from openfls.identification.episodes.persons import matchable
from openfls.record.feeds import Measured, Notice
from openfls.record.people import Identifier
from openfls.service import clock
from openfls.service.feeds.turns import take_turn
from openfls.service.feeds.values import to_json
from openfls.service.models import FeedRow, PersonIdentifier, SaidOther, Service, SetAside, SetAsideNumber

KEPT_FOR = timedelta(days=366)
"""How long it is kept; ours. A result older than that adds little to an assessment, and a stranger's is removed."""
WHY = "kept aside: of nobody who has a fracture here"
NO_NUMBER = "it names its person by no number, and tells of no fracture"
REMOVED = "removed after a year: no fracture of this person was told"


def is_of_people(reading: object) -> bool:
    """Whether a reading tells of a person alone, and so makes none."""
    return isinstance(reading, Measured) or (isinstance(reading, Notice) and reading.about != "merge")


def set_aside(row: FeedRow, reading: Measured | Notice) -> tuple[SetAside, list[SetAsideNumber]] | None:
    """The rows to save for a reading about a stranger; None where no number could ever find it again."""
    row.outcome = FeedRow.Outcome.REJECTED
    numbers = matchable(reading.person)
    if not numbers:
        row.reason = NO_NUMBER
        return None
    row.reason = WHY
    aside = SetAside(service=row.service, row=row, reading=to_json(reading), at=clock.now())
    return aside, [
        SetAsideNumber(aside=aside, service=row.service, system=each.system[:200], value=each.value[:100])
        for each in numbers
    ]


def of_people(service: Service, people: Collection[object]) -> list[SetAside]:
    """What was set aside under any number of these people, in the order in which it came."""
    if not people or not SetAside.objects.filter(service=service).exists():
        return []
    held = PersonIdentifier.objects.filter(service=service, person__in=people, valid=True)
    numbers = {Identifier(system, value) for system, value in held.values_list("system", "value")}
    rows = SetAsideNumber.objects.filter(service=service, value__in={each.value for each in numbers})
    keys = {row.aside_id for row in rows if Identifier(row.system, row.value) in numbers}
    found = SetAside.objects.filter(pk__in=keys).select_related("row__service")
    return list(found.order_by("row_id"))


def remove_old(service: Service) -> int:
    """Remove what nobody's fracture has asked for in time; its row keeps the reason. How many.

    Within a transaction, in the turn of the service: what is woken meanwhile is not stamped as removed.
    """
    take_turn(service)
    old = SetAside.objects.filter(service=service, at__lt=clock.now() - KEPT_FOR)
    rows = list(old.values_list("row_id", flat=True))
    FeedRow.objects.filter(pk__in=rows, reason=WHY).update(reason=REMOVED)
    old.delete()
    SaidOther.objects.filter(service=service, at__lt=clock.now() - KEPT_FOR).delete()
    return len(rows)
