"""What follows from a change of what is told of people: fractures, episodes, rows of the audit, and those who read."""

from __future__ import annotations

from collections.abc import Collection

from openfls.record.pathway import State
from openfls.service.actions.action import note
from openfls.service.actor import Actor
from openfls.service.aside.waking import wake_up
from openfls.service.feeds.reconcile import reconcile
from openfls.service.models import Episode, Person
from openfls.service.projection import refresh
from openfls.service.sharing.outbox import tell_to_read_again


def bring_in_line(
    people: set[Person], by: Actor, *, fresh: Collection[int] = (), lost: Collection[object] = ()
) -> set[Person]:
    """Fractures and episodes of each, and the rows of the national audit; and of those of whom that woke more: all of
    them are returned.

    ``lost`` are the keys of the fractures of which a record was taken away.
    """
    woken: set[object] = set()
    for service in {person.service for person in people}:
        woken |= wake_up(service, {person.pk for person in people})
    everybody = people | set(Person.objects.filter(pk__in=woken).select_related("service"))
    for person in sorted(everybody, key=lambda each: str(each.pk)):
        reconcile(person, by, fresh=fresh, lost=lost)
        _refresh(person)
    return everybody


def tell_others(
    by: Actor, name: str, people: set[Person], person: Person | None, subject: str, *, gone: object = None
) -> None:
    """Let those who read the record know whom to read again: everybody concerned, not only ``person``.

    ``person`` has the event of the action already; ``gone`` is the key of a record that is no more.
    """
    for other in sorted(people - {person}, key=lambda each: str(each.pk)):
        note(by, name, person=other, subject=subject)
    keys = {each.pk for each in people} | {key for key in (person.pk if person else None, gone) if key}
    tell_to_read_again(by.service, keys)


def _refresh(person: Person) -> None:
    kept = Episode.objects.filter(person=person).exclude(state=State.FOUND)
    for key in kept.values_list("pk", flat=True):
        refresh(key)
