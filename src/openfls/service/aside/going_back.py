"""A number that is hers no more takes with it what it brought: results, a death, reports, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from openfls.identification.episodes.persons import matchable
from openfls.record.pathway import OPEN
from openfls.record.people import Identifier
from openfls.record.reasons import TaskKind
from openfls.service.actions.dying import known_from_staff_alone, said_by_staff
from openfls.service.actions.tasks import restore_cancelled
from openfls.service.actor import Actor
from openfls.service.aside.bringing import is_of_unknown_numbers, told_by
from openfls.service.aside.keeping import set_aside
from openfls.service.aside.telling_again import (
    answer_for_death,
    given_to,
    is_told_dead,
    tell_again,
    tells_of_death,
)
from openfls.service.feeds.contradictions import as_column, as_kept, standing
from openfls.service.feeds.identity import decided_before, owners_of
from openfls.service.feeds.kept_rows import left_out, people_of_record, withdraw_observation
from openfls.service.feeds.results import OF_A_SCAN, forget, take_promise_back
from openfls.service.feeds.values import observation_from, reading_from
from openfls.service.models import (
    Brought,
    FeedRow,
    PassedOver,
    Person,
    PersonCorrection,
    PersonIdentifier,
    SetAsideNumber,
    SourceRecord,
    ToldValue,
)

WHY = "waits for a person: it came by a number that is not this person’s"


@dataclass(slots=True)
class Returned:
    """What went back: how many ``rows``, the ``people`` whom that concerns, the ``fractures`` that lost evidence."""

    rows: int = 0
    people: set[Person] = field(default_factory=set)
    fractures: set[object] = field(default_factory=set)
    columns: set[str] = field(default_factory=set)
    promised: list[dict[str, Any]] = field(default_factory=list)


def go_back(person: Person, *, by: Actor, everything: bool = False) -> Returned:
    """Take back what no number of ``person`` names any more; or ``everything`` that numbers brought.

    A result or a notice is set aside again, a report waits for a person. The record then holds what the rest told, and
    is to be brought in line (`feeds.deciding.bring_in_line`).
    """
    rows = list(
        Brought.objects.filter(person=person)
        .select_related("row__service", "row__source_record", "row__passed_over")
        .order_by("pk")
    )
    gone = rows if everything else _unnamed(person, rows)
    told_dead = any(map(tells_of_death, gone))
    returned = Returned(rows=len(gone))
    for each in reversed(gone):
        _take_back(each, person, returned)
    values = ToldValue.objects.filter(person=person, state=ToldValue.State.STANDING)
    fields = values.values_list("field", flat=True)
    if not any(name.startswith(OF_A_SCAN) for name in fields):  # another scan is to be looked at still
        for promised in returned.promised:
            take_promise_back(promised)
    if gone and not everything:
        tell_again(person, returned.columns)
        if told_dead:
            death_told_less(person, by)
    returned.people |= {person}
    return returned


def death_told_less(person: Person, by: Actor) -> None:
    """One row fewer tells of her death: another answers for it, or the steps of staff are all who say so."""
    if is_told_dead(person):
        answer_for_death(person)
    elif person.deceased and "deceased" not in standing(person):
        known_from_staff_alone(person, by)


def _unnamed(person: Person, rows: list[Brought]) -> list[Brought]:
    """The rows to which no number leads that is hers without them."""
    valid = {
        Identifier(system, value)
        for system, value in person.identifiers.filter(valid=True).values_list("system", "value")
    }
    hers = valid - {Identifier(*number) for row in rows for number in row.numbers}
    hers |= {number for _, who, _ in given_to(person) for number in matchable(who)} & valid
    left = [row for row in rows if not is_of_unknown_numbers(row)]
    while named := [row for row in left if hers & set(matchable(told_by(row)))]:
        hers |= {number for row in named for number in matchable(told_by(row))} & valid
        left = [row for row in left if row not in named]
    return [row for row in left if decided_before(person.service, told_by(row)) != person]


def _take_back(brought: Brought, person: Person, returned: Returned) -> None:
    returned.columns |= _restore(person, brought)
    for system, value in brought.numbers:
        PersonIdentifier.objects.filter(person=person, system=system, value=value).delete()
    returned.promised.append(brought.promised)
    row = brought.row
    record: SourceRecord | None = getattr(row, "source_record", None)
    brought.delete()
    row.person = None
    if brought.reading is not None:
        forget(row)
        _set_aside_again(row, brought, returned)
    elif record is not None:
        returned.fractures |= set(record.fractures.values_list("pk", flat=True))
        returned.people |= people_of_record(row)
        left_out(row, WHY, observation_from(record.observation))
        row.save(update_fields=["outcome", "reason", "waiting", "person"])
        withdraw_observation(row)
    else:
        PassedOver.objects.filter(row=row, there_is=None).delete()
        row.save(update_fields=["person"])


def _set_aside_again(row: FeedRow, brought: Brought, returned: Returned) -> None:
    reading: Any = reading_from(brought.reading)
    row.waiting = None
    made = set_aside(row, reading)
    row.save(update_fields=["outcome", "reason", "waiting", "person"])
    if made is not None:
        aside, numbers = made
        aside.at = brought.told_at  # its year began when it came
        aside.save()
        SetAsideNumber.objects.bulk_create(numbers)
    returned.people |= set(owners_of(row.service, reading.person))


def _restore(person: Person, brought: Brought) -> set[str]:
    """The details that the row changed and nothing has changed since are as they were; which."""
    by_hand = standing(person)
    columns = {
        name
        for name, told in brought.after.items()
        if name not in by_hand and as_kept(getattr(person, name)) == told
    }
    kept = {"deceased"} if "deceased" in columns and said_by_staff(person) else set()
    for name in columns - kept:
        setattr(person, name, as_column(name, brought.before[name]))
    if columns - kept:
        person.save(update_fields=columns - kept)
    _mend_later(brought, brought.after.keys() - columns)
    if "deceased" in columns and not person.deceased:
        for episode in person.episodes.filter(state__in=OPEN):
            restore_cancelled(episode, since=brought.at, kind=TaskKind.CALL_AGAIN)
    for key, told in brought.contradicted:
        PersonCorrection.objects.filter(pk=key, ended_at=None).update(told=told)
    return columns


def _mend_later(brought: Brought, names: set[str]) -> None:
    """What a later row found as this one had told it was, without it, as this one found it."""
    later = (
        Brought.objects.filter(person=brought.person_id, pk__gt=brought.pk).order_by("pk") if names else []
    )
    for each in later:
        for name in [name for name in names if name in each.before]:
            if each.before[name] == brought.after[name]:
                each.before[name] = brought.before[name]
                each.save(update_fields=["before"])
            names -= {name}
