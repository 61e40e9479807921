"""The national data opt-out of many people at once: a list of NHS numbers, matched with the people of the service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from openfls.integration.opt_out_list import Entry
from openfls.record.pathway import NotPossible
from openfls.record.people import NHS_NUMBER
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actor import Actor
from openfls.service.models import OptOut, PersonIdentifier, Service
from openfls.service.quality.audit_file import opt_outs, rows_of
from openfls.service.roles import May
from openfls.service.spans import Span


@dataclass(frozen=True, slots=True)
class Matched:
    """What a list says of the people of a service.

    ``said`` is whether each has opted out, by person: those of the list and, where it is whole, everybody else of the
    period who has an NHS number. ``changed`` of them were not known, or known otherwise. ``no_number`` of the period
    have none and cannot be looked up.
    """

    said: dict[UUID, bool]
    of_list: int
    changed: int
    unmatched: tuple[Entry, ...]
    refused: tuple[Entry, ...]
    no_number: int

    @property
    def others(self) -> int:
        """People who are not in the list, and of whom it says something all the same."""
        return len(self.said) - self.of_list


def match(
    service: Service, entries: Sequence[Entry], *, opted_out: bool, whole_of: Span | None = None
) -> Matched:
    """What ``entries`` say: each who is in the list has opted out, or has not.

    ``whole_of`` names the period whose people were all looked up: who is not in the list is the opposite.
    """
    numbers = dict(
        PersonIdentifier.objects.filter(service=service, system=NHS_NUMBER).values_list("value", "person_id")
    )
    listed = [entry for entry in entries if entry.number is not None]
    said = {numbers[entry.number]: opted_out for entry in listed if entry.number in numbers}
    of_list, no_number = len(said), 0
    if whole_of is not None:
        with_number = set(numbers.values())
        people = {person for person, _ in rows_of(service, whole_of)}
        no_number = len(people - with_number)
        said |= {person: not opted_out for person in (people & with_number) - said.keys()}
    known = opt_outs(service)
    return Matched(
        said,
        of_list,
        sum(known.get(person) is not value for person, value in said.items()),
        tuple(entry for entry in listed if entry.number not in numbers),
        tuple(entry for entry in entries if entry.number is None),
        no_number,
    )


@action("opt_outs.keep_list", May.IMPROVE)
def keep_list(
    *, entries: Sequence[Entry], opted_out: bool, checked_on: date, whole_of: Span | None = None, by: Actor
) -> Matched:
    """Keep what a list says of the people of the service.

    Raises:
        NotPossible: the day lies ahead, nobody of the list is a person of the service, or a line that cannot be read
            may name somebody of whom the rest of the list would say the opposite.
    """
    if checked_on > clock.today():
        raise NotPossible("It cannot have been looked up in the future.")
    found = match(by.service, entries, opted_out=opted_out, whole_of=whole_of)
    unread = [entry for entry in found.refused if not entry.is_repeated]
    if whole_of is not None and unread:
        raise NotPossible(
            f"Lines of the list that could not be read: {len(unread)}. Whoever they name would be kept as the "
            "opposite. Put them right, or keep what the list says without “everybody else”."
        )
    if not found.of_list:
        raise NotPossible("Nobody in the list is known to this service: nothing is kept.")
    now = clock.now()
    OptOut.objects.bulk_create(
        [
            OptOut(
                person_id=person,
                service=by.service,
                opted_out=value,
                checked_on=checked_on,
                at=now,
                by=by.user,
            )
            for person, value in found.said.items()
        ],
        batch_size=500,
    )
    note(
        by,
        "opt_outs.keep_list",
        subject=f"list of {len(entries)} NHS numbers",
        matched=found.of_list,
        others=found.others,
        changed=found.changed,
        unmatched=len(found.unmatched),
        refused=len(found.refused),
    )
    return found
