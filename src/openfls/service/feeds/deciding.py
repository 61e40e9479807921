"""Whose row is it? What a person decides about a row that waits, and the way back while it harms nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import ProtectedError

from openfls.record.feeds import Measured, Observation, Reading
from openfls.record.pathway import NotPossible, State
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actions.dying import said_by_staff
from openfls.service.actor import Actor
from openfls.service.aside.bringing import keep_promises
from openfls.service.aside.going_back import death_told_less, go_back
from openfls.service.aside.telling_again import tell_again
from openfls.service.feeds.contradictions import standing
from openfls.service.feeds.identity import attach, new_person
from openfls.service.feeds.in_line import bring_in_line, tell_others
from openfls.service.feeds.kept_rows import (
    keep_observation,
    keep_result,
    people_of_record,
    withdraw_observation,
)
from openfls.service.feeds.results import forget, promise_to_look
from openfls.service.feeds.turns import take_turn
from openfls.service.feeds.values import reading_from
from openfls.service.models import (
    Brought,
    Episode,
    FeedRow,
    Person,
    PersonCorrection,
    RowDecision,
    SourceRecord,
)
from openfls.service.roles import May

Kind = RowDecision.Kind
_UNDECIDED = (State.FOUND, State.NOT_FOR_US)


@action("identity.this_person", May.WORK_THE_PATHWAY)
def this_person(*, row: FeedRow, person: Person, by: Actor) -> RowDecision:
    """The row tells of ``person``: it goes the way that it would have gone without the doubt.

    A number of the row that is somebody else's stays with that one; with ``person`` it is kept and not matched on.
    """
    row, reading = _waiting(row)
    if person.service_id != row.service_id or reading.person is None:
        raise NotPossible("The row cannot be given to this person.")
    # As she is now: the page was opened a while ago, and somebody may have put a detail right since.
    person = (
        Person.objects.select_for_update(of=("self",)).select_related("service").filter(pk=person.pk).first()
    )
    if person is None:
        raise NotPossible("The person's record has been put together with another since.")
    before, numbers = columns_of(person), set(person.identifiers.values_list("pk", flat=True))
    asked = {row.pk: row.told for row in standing(person).values()}
    attach(person, reading.person, row.version)
    added = sorted(set(person.identifiers.values_list("pk", flat=True)) - numbers)
    asked_now = {row.pk: row.told for row in standing(person).values()}
    contradicted = [[key, asked[key]] for key in asked if asked_now.get(key) != asked[key]]
    made = {
        "numbers": added,
        "before": before,
        "after": columns_of(person),
        "contradicted": contradicted,
    }
    decision = _decide(row, Kind.THIS_PERSON, person, "", made, by)
    told_of = _give(row, person, reading, by)
    note(by, "identity.this_person", person=person, subject=f"row {row.pk}")
    tell_others(by, "identity.this_person", told_of, person, f"row {row.pk}")
    return decision


@action("identity.somebody_else", May.WORK_THE_PATHWAY)
def somebody_else(*, row: FeedRow, by: Actor) -> RowDecision:
    """The row tells of somebody whom the service did not know: a new person.

    Numbers that belong to others are kept with the new person and not matched on.
    """
    row, reading = _waiting(row)
    if reading.person is None:
        raise NotPossible("The row tells of nobody.")
    person = new_person(row.service, reading.person, row.version)
    decision = _decide(row, Kind.SOMEBODY_ELSE, person, "", {}, by)
    told_of = _give(row, person, reading, by)
    note(by, "identity.somebody_else", person=person, subject=f"row {row.pk}")
    tell_others(by, "identity.somebody_else", told_of, person, f"row {row.pk}")
    return decision


@action("identity.leave_out", May.WORK_THE_PATHWAY)
def leave_out(*, row: FeedRow, reason: str, by: Actor) -> RowDecision:
    """The row is given to nobody, for a reason."""
    reason = reason.strip()
    if not reason:
        raise NotPossible("Say why it is left out.")
    row, _ = _waiting(row)
    decision = _decide(row, Kind.LEAVE_OUT, None, reason, {}, by)
    row.reason = f"left out by a person: {reason}"[:500]
    row.save(update_fields=["reason"])
    note(by, "identity.leave_out", subject=f"row {row.pk}", reason=reason[:300])
    return decision


def check_undo(decision: RowDecision) -> None:
    """Raise `NotPossible` where taking the decision back could harm somebody, with what to do instead."""
    reason = _why_not_back(decision, _facts([decision]))
    if reason:
        raise NotPossible(reason)


def can_undo(decision: RowDecision) -> bool:
    """Whether `check_undo` finds nothing against it."""
    return not _why_not_back(decision, _facts([decision]))


def with_way_back(decisions: Sequence[RowDecision]) -> list[tuple[RowDecision, bool]]:
    """Each decision with `can_undo`, in a constant number of queries."""
    facts = _facts(decisions)
    return [(each, not _why_not_back(each, facts)) for each in decisions]


@dataclass(frozen=True, slots=True)
class _Facts:
    """What speaks for or against taking decisions back: by row, and by person."""

    records: dict[int, SourceRecord]
    people: dict[object, Person]


def _facts(decisions: Sequence[RowDecision]) -> _Facts:
    records = SourceRecord.objects.filter(row__in=[each.row_id for each in decisions]).prefetch_related(
        "fractures__source_records", "fractures__episode__statuses"
    )
    people = Person.objects.filter(pk__in=[each.person_id for each in decisions if each.person_id])
    people = people.prefetch_related("merged", "episodes__statuses", "feed_rows__brought")
    return _Facts({each.row_id: each for each in records}, {each.pk: each for each in people})


def _why_not_back(decision: RowDecision, facts: _Facts) -> str:  # noqa: PLR0911 - one line a reason
    if decision.undone_at is not None:
        return "This decision has been taken back already."
    if decision.kind in (Kind.SAME_PERSON, Kind.NOT_SAME):
        return "Two records that were put together are taken apart on the person’s page."
    if decision.kind == Kind.LEAVE_OUT:
        return ""
    person = facts.people.get(decision.person_id)
    if person is None:
        return "The person's record has been put together with another since."
    if decision.kind == Kind.SOMEBODY_ELSE:
        rows = [row for row in person.feed_rows.all() if row.pk != decision.row_id]
        if not all(goes_back(row) for row in rows) or person.merged.all():
            return "More has been told of this person since."
        touched = list(person.episodes.all())
    else:
        record = facts.records.get(decision.row_id)
        touched = _only_told_by(record if record and record.person_id == person.pk else None)
    if any(each.state not in _UNDECIDED or len(each.statuses.all()) > 1 for each in touched):
        return "Somebody has decided about the fracture that it told of. Take that back first."
    return ""


def _only_told_by(record: SourceRecord | None) -> list[Episode]:
    """The episodes with a fracture that no other record tells of."""
    if record is None:
        return []
    alone = [
        fracture.episode
        for fracture in record.fractures.all()
        if all(each.superseded or each.pk == record.pk for each in fracture.source_records.all())
    ]
    return list(dict.fromkeys(alone))


@action("identity.undo", May.WORK_THE_PATHWAY)
def undo(*, decision: RowDecision, by: Actor) -> FeedRow:
    """The row waits again, and nothing of the decision is left but its mark."""
    take_turn(by.service)
    decision = RowDecision.objects.select_for_update().get(pk=decision.pk)
    check_undo(decision)
    row, person = decision.row, decision.person
    key = person.pk if person else None
    row.waiting = decision.reading
    row.outcome = FeedRow.Outcome.REJECTED
    row.reason = _waits_again(decision)
    row.person = None
    row.save(update_fields=["waiting", "outcome", "reason", "person"])
    others = people_of_record(row) - {person}
    withdraw_observation(row)
    forget(row)
    decision.undone_at = clock.now()
    if decision.kind == Kind.SOMEBODY_ELSE:
        decision.person = None
    decision.save(update_fields=["undone_at", "person"])
    lost: set[object] = set()
    went_back = 0
    if person is not None:
        gone = decision.kind != Kind.THIS_PERSON
        person.identifiers.filter(pk__in=decision.made.get("numbers", ())).delete()
        back = go_back(person, by=by, everything=gone)
        others, lost, went_back = others | back.people, back.fractures, back.rows
        if gone:
            others -= {person}
            remove_person(person)
            person = None
        else:
            tell_again(person, back.columns | _restore(person, decision.made))
            if decision.made.get("after", {}).get("deceased"):
                death_told_less(person, by)
    told_of = bring_in_line(others, by, lost=lost)
    note(by, "identity.undo", person=person, subject=f"row {row.pk}", kind=decision.kind, went_back=went_back)
    tell_others(by, "identity.undo", told_of, person, f"row {row.pk}", gone=key if person is None else None)
    return row


def goes_back(row: FeedRow) -> bool:
    """Whether a row goes back to where it came from when its person's numbers go: it tells of no bone."""
    return hasattr(row, "brought") and row.brought.reading is not None


def _waiting(row: FeedRow) -> tuple[FeedRow, Reading]:
    take_turn(row.service)
    row = FeedRow.objects.select_for_update(of=("self",)).select_related("service").get(pk=row.pk)
    if row.waiting is None:
        raise NotPossible("Somebody has decided about this row already.")
    return row, reading_from(row.waiting)


def _decide(
    row: FeedRow, kind: RowDecision.Kind, person: Person | None, words: str, made: dict[str, Any], by: Actor
) -> RowDecision:
    decision = RowDecision.objects.create(
        service=row.service,
        row=row,
        kind=kind,
        person=person,
        words=words[:300],
        reading=row.waiting,
        made={"reason": row.reason, **made},
        at=clock.now(),
        by=by.user,
    )
    row.waiting = None
    row.save(update_fields=["waiting"])
    Brought.objects.filter(row=row).delete()  # from now on it is hers by a decision, not by a number
    return decision


def settle_merge(
    row: FeedRow,
    kind: RowDecision.Kind,
    person: Person | None,
    words: str,
    by: Actor,
    gone: Person | None = None,
) -> RowDecision:
    """Keep what was decided about a row that says that two are the same; ``gone`` is who was put into ``person``."""
    row, _ = _waiting(row)
    decision = _decide(row, kind, person, words, {"gone": str(gone.pk)} if gone else {}, by)
    row.person = person
    row.outcome = FeedRow.Outcome.NEW if kind == Kind.SAME_PERSON else FeedRow.Outcome.REJECTED
    row.reason = "" if kind == Kind.SAME_PERSON else f"not the same person: {words}"[:500]
    row.save(update_fields=["person", "outcome", "reason"])
    return decision


def _give(row: FeedRow, person: Person, reading: Reading, by: Actor) -> set[Person]:
    row.person, row.outcome, row.reason = person, FeedRow.Outcome.NEW, ""
    row.save(update_fields=["person", "outcome", "reason"])
    if isinstance(reading, Observation):
        keep_observation(row, reading)
    elif isinstance(reading, Measured):
        keep_promises(promise_to_look(keep_result(row, reading)))
    return bring_in_line({person, *people_of_record(row)}, by, fresh={row.pk})


_TOLD = (
    *("family_name", "given_name", "birth_date", "sex", "deceased", "deceased_on"),
    *("address", "postcode", "telephone", "general_practice", "told_version"),
)


def columns_of(person: Person) -> dict[str, Any]:
    values = {name: getattr(person, name) for name in _TOLD}
    return {name: each.isoformat() if isinstance(each, date) else each for name, each in values.items()}


def _restore(person: Person, made: dict[str, Any]) -> set[str]:
    """What the decision changed of a person and nothing has changed since is as it was; which details."""
    now = columns_of(person)
    back = {name for name, was in made["before"].items() if was != made["after"][name] == now[name]}
    kept = {"deceased"} if "deceased" in back and said_by_staff(person) else set()
    for name in back - kept:
        setattr(person, name, made["before"][name])
    person.save()
    person.refresh_from_db()
    for key, told in made.get("contradicted", []):
        PersonCorrection.objects.filter(pk=key, ended_at=None).update(told=told)
    return back


def remove_person(person: Person) -> None:
    """A person of whom nothing is told any more and about whom nobody has decided anything."""
    for episode in Episode.objects.filter(person=person):
        if episode.contacts.exists() or episode.letters.exists():
            raise NotPossible("Something has been kept about this person since.")
        episode.tasks.all().delete()
        episode.fractures.all().delete()
        episode.statuses.all().delete()
        episode.delete()
    try:
        person.delete()
    except ProtectedError as error:
        raise NotPossible("Something has been kept about this person since.") from error


def _waits_again(decision: RowDecision) -> str:
    return str(decision.made.get("reason") or "waits for a person")
