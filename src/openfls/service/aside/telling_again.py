"""What else tells a detail tells it still, and goes with the row that tells it now: who tells what of a person."""

from __future__ import annotations

from datetime import datetime

from openfls.record.people import Demographics
from openfls.service.aside.bringing import told_by
from openfls.service.feeds.identity import Change, bring_up_to_date, moment_of
from openfls.service.feeds.values import observation_from, reading_from
from openfls.service.models import Brought, FeedRow, MergedPerson, Person, RowDecision, SourceRecord

_ROWS = FeedRow._meta.db_table


def tell_again(person: Person, columns: set[str]) -> None:
    """What else tells these details tells them still: each record in the order in which it came."""
    if not columns:
        return
    for row, who, why in sorted(_told(person), key=lambda each: each[0].pk):
        _answers_for(why, bring_up_to_date(person, who, moment_of(row.version), only=columns))


Told = tuple[FeedRow, Demographics, Brought | RowDecision | None]
"""A row that a person has, whom it names, and what gave it to her; None where it made her."""


def _told(person: Person) -> list[Told]:
    brought = Brought.objects.filter(person=person).select_related("row", "row__source_record")
    return [*((each.row, told_by(each), each) for each in brought), *given_to(person)]


def is_told_dead(person: Person, since: datetime | None = None) -> bool:
    """Whether a row that she has tells that she has died; one that is hers only after ``since``, where it is given.

    A row may have waited for a decision, or been another record's until the two were put together.
    """
    told = [(row, why) for row, who, why in _told(person) if _tells_of_death(who)]
    if since is None or not told:
        return bool(told)
    joined = MergedPerson.objects.filter(into=person, split_at=None, at__gte=since)
    came = {key for moved in joined.values_list("moved", flat=True) for key in moved.get(_ROWS, ())}
    return any(
        str(row.pk) in came or (row.delivery.received_at if why is None else why.at) >= since
        for row, why in told
    )


def tells_of_death(row: Brought) -> bool:
    """Whether a row told that she has died."""
    return _tells_of_death(told_by(row))


def _tells_of_death(who: Demographics) -> bool:
    return bool(who.deceased or who.deceased_on)


def answer_for_death(person: Person) -> None:
    """A death that stands goes with the rows that tell it: one of them takes it back, should it be another's.

    While a step of staff said so as well, the death stood already when they told it: it was no change of theirs.
    """
    tellers = sorted(
        (each for each in _told(person) if _tells_of_death(each[1])), key=lambda each: each[0].pk
    )
    if person.deceased and tellers and all(why and not _takes_back(why) for _, _, why in tellers):
        _answers_for(tellers[0][2], Change(before={"deceased": False}, after={"deceased": True}))


def _takes_back(why: Brought | RowDecision) -> bool:
    before, after = (
        (why.before, why.after)
        if isinstance(why, Brought)
        else (why.made.get("before", {}), why.made.get("after", {}))
    )
    return bool(after.get("deceased")) and not before.get("deceased")


def _answers_for(why: Brought | RowDecision | None, change: Change) -> None:
    """What was told again goes with the row that tells it now."""
    if not change.after:
        return
    if isinstance(why, Brought):
        why.before, why.after = {**why.before, **change.before}, {**why.after, **change.after}
        why.save(update_fields=["before", "after"])
    elif why is not None and why.made:
        for name in why.made["before"].keys() & change.after.keys():
            why.made["before"][name], why.made["after"][name] = change.before[name], change.after[name]
        why.save(update_fields=["made"])


def given_to(person: Person) -> list[Told]:
    """The rows that no number brought: those that made the person, and those that somebody gave to her."""
    decided = RowDecision.objects.filter(person=person, undone_at=None).select_related("row")
    chosen = {
        each.row_id: each
        for each in decided
        if each.kind in (RowDecision.Kind.THIS_PERSON, RowDecision.Kind.SOMEBODY_ELSE)
    }
    records = SourceRecord.objects.filter(person=person, row__brought=None).select_related("row")
    given: list[Told] = [
        (each.row, observation_from(each.observation).person, chosen.pop(each.row_id, None))
        for each in records
    ]
    for each in chosen.values():
        who = reading_from(each.reading).person if each.reading else None
        if who is not None:
            given.append((each.row, who, each))
    return given
