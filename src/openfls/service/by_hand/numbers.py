"""The NHS number of somebody whom no feed named by one: found by a person, checked, and taken away again."""

from __future__ import annotations

from openfls.record.pathway import NotPossible
from openfls.record.people import NHS_NUMBER, is_valid_nhs_number, nhs_number_digits
from openfls.service.actions.action import action, note
from openfls.service.actor import Actor
from openfls.service.aside.going_back import Returned, go_back
from openfls.service.feeds.in_line import bring_in_line, tell_others
from openfls.service.feeds.turns import take_turn
from openfls.service.models import Brought, Episode, Person, PersonIdentifier
from openfls.service.roles import May
from openfls.service.watching import look


class NumberTaken(NotPossible):
    """The number is of ``owner``: two records may be of one person."""

    def __init__(self, owner: Person) -> None:
        super().__init__("That NHS number is of somebody who is known already. They may be one person.")
        self.owner = owner


@action("identity.number", May.WORK_THE_PATHWAY)
def add_number(*, person: Person, number: str, how: str, by: Actor) -> PersonIdentifier:
    """Keep the NHS number of ``person``; ``how`` is where it is known from. What waited for it is taken in.

    Raises:
        NotPossible: it fails its check, she has one already, or nobody says how it is known.
        NumberTaken: it is somebody else's.
    """
    digits = nhs_number_digits(number.strip())
    if not is_valid_nhs_number(digits):
        raise NotPossible("This is no NHS number: its last digit does not fit.")
    if not how.strip():
        raise NotPossible("Say how the number is known.")
    take_turn(by.service)
    person = Person.objects.select_for_update(of=("self",)).select_related("service").get(pk=person.pk)
    if nhs_numbers_of(person):
        raise NotPossible("She or he has an NHS number already. Say first that it is not right.")
    taken = PersonIdentifier.objects.filter(
        service=by.service, system=NHS_NUMBER, value=digits, valid=True
    ).select_related("person")
    owner = taken.exclude(person=person).first()
    if owner is not None:
        raise NumberTaken(owner.person)
    kept = PersonIdentifier.objects.filter(person=person, system=NHS_NUMBER, value=digits).first()
    made = kept or PersonIdentifier(service=by.service, person=person, system=NHS_NUMBER, value=digits)
    made.valid = True
    made.save()
    told_of = _follow(person, by)
    subject = f"person {person.pk}"
    note(by, "identity.number", person=person, subject=subject, how=how.strip()[:300])
    tell_others(by, "identity.number", told_of, person, subject)
    return made


@action("identity.no_number", May.WORK_THE_PATHWAY)
def drop_number(*, person: Person, reason: str, by: Actor) -> int:
    """The NHS number on the record is not hers, for a reason: it is kept as wrong, so that no message brings it back
    as right, and never matched on. What came by it alone goes back: results and notices are set aside under it, a
    death that they told is none, reports wait for a person. Returns how many rows of feeds went back.

    Raises:
        NotPossible: there is no reason, or no number.
    """
    if not reason.strip():
        raise NotPossible("Say why the number is not right.")
    take_turn(by.service)
    person = Person.objects.select_for_update(of=("self",)).select_related("service").get(pk=person.pk)
    numbers = nhs_numbers_of(person)
    if not numbers:
        raise NotPossible("There is no NHS number on this record.")
    PersonIdentifier.objects.filter(pk__in=[each.pk for each in numbers]).update(valid=False)
    _stays_as_wrong(person, numbers)
    back = go_back(person, by=by)
    told_of = _follow(person, by, back)
    subject = f"person {person.pk}"
    why = reason.strip()[:300]
    note(by, "identity.no_number", person=person, subject=subject, reason=why, went_back=back.rows)
    tell_others(by, "identity.no_number", told_of, person, subject)
    return back.rows


def nhs_numbers_of(person: Person) -> list[PersonIdentifier]:
    """The NHS numbers by which a person is known."""
    return list(PersonIdentifier.objects.filter(person=person, system=NHS_NUMBER, valid=True))


def _stays_as_wrong(person: Person, numbers: list[PersonIdentifier]) -> None:
    """A number that was said to be wrong does not go with the row that brought it."""
    wrong = [[each.system, each.value] for each in numbers]
    for each in Brought.objects.filter(person=person).exclude(numbers=[]):
        each.numbers = [number for number in each.numbers if number not in wrong]
        each.save(update_fields=["numbers"])


def _follow(person: Person, by: Actor, back: Returned | None = None) -> set[Person]:
    back = back or Returned()
    told_of = bring_in_line({person} | back.people, by, lost=back.fractures)
    for key in Episode.objects.filter(person=person).values_list("pk", flat=True):
        look(key)
    return told_of
