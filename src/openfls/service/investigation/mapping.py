"""Saying what a laboratory's own code means, and taking it back: what waited is taken in, and waits again."""

from __future__ import annotations

from uuid import UUID

from openfls.record.errors import BadInput
from openfls.record.feeds import Measured, Rejection
from openfls.record.pathway import NotPossible, State
from openfls.service import clock, watching
from openfls.service.actions.action import action, note_all
from openfls.service.actor import Actor
from openfls.service.aside.bringing import brought, keep_promises
from openfls.service.aside.keeping import set_aside
from openfls.service.audit import Happened
from openfls.service.feeds.identity import IdentityDoubt
from openfls.service.feeds.kept_rows import left_out
from openfls.service.feeds.registry import Registry
from openfls.service.feeds.results import promise_to_look, sort_versions, told_of, why_not
from openfls.service.feeds.turns import take_turn
from openfls.service.feeds.values import reading_from
from openfls.service.investigation.own_codes import as_meant, fields, units, waiting_of
from openfls.service.models import (
    Brought,
    Episode,
    FeedRow,
    HeldResult,
    LabCode,
    Person,
    SetAside,
    SetAsideNumber,
    ToldValue,
)
from openfls.service.projection import refresh
from openfls.service.roles import May


@action("labcode.map", May.MAP_RESULTS)
def map_code(*, teller: str, code: str, unit: str, field: str, as_unit: str = "", by: Actor) -> LabCode:
    """From now on ``code`` with ``unit`` of a sender means ``field``; what waits under it is taken in.

    An empty ``field`` says that the code is of no use here.

    Raises:
        BadInput: no result fills such a field, or its unit is not one that is converted.
        NotPossible: the code has a meaning already, or nothing ever came under it.
    """
    take_turn(by.service)
    if field and field not in fields():
        raise BadInput("no result fills this field", field="field")
    if field and as_unit not in units(field, unit):
        raise BadInput("not a unit that is converted, or another one than was sent", field="unit")
    own = {"teller": teller, "code": code, "unit": unit}
    if LabCode.objects.filter(service=by.service, ended_at=None, **own).exists():
        raise NotPossible("This code has a meaning already. End that one first.")
    rows = waiting_of(by.service, (teller, code, unit))
    if not rows:
        raise NotPossible("Nothing waits under this code.")
    name = str(rows[-1].reading["unread"]["name"])
    made: LabCode = LabCode.objects.create(
        service=by.service,
        **own,
        name=name,
        field=field,
        as_unit=as_unit if field else "",
        made_at=clock.now(),
        made_by=by.user,
    )
    taken, people = _take_in(rows, made)
    detail = {**own, "field": field, "as_unit": made.as_unit, "results": len(rows), "taken_in": taken}
    _tell(by, "labcode.map", made, people, detail)
    return made


@action("labcode.end", May.MAP_RESULTS)
def end(*, lab_code: LabCode, by: Actor) -> LabCode:
    """The meaning was wrong or is over: what was taken in by it counts no more and waits again.

    Raises:
        NotPossible: it has ended already.
    """
    take_turn(by.service)
    lab_code = LabCode.objects.get(pk=lab_code.pk)
    if lab_code.ended_at is not None:
        raise NotPossible("This meaning has ended already.")
    rows = list(HeldResult.objects.filter(lab_code=lab_code).select_related("row"))
    keys = [held.row_id for held in rows]
    told = ToldValue.objects.filter(row__in=keys)
    taken_back = told.order_by().values("person").distinct().count()
    people = _people(rows)
    told.delete()
    Brought.objects.filter(row__in=keys).delete()
    SetAside.objects.filter(row__in=keys).delete()
    for held in rows:
        left_out(held.row, str(held.reading["reason"]))
        held.row.person = None
        held.row.save(update_fields=["outcome", "reason", "waiting", "person"])
        held.lab_code = None
        held.save(update_fields=["lab_code"])
    for record in {held.row.record for held in rows}:
        people |= sort_versions(by.service, record)
    lab_code.ended_at, lab_code.ended_by = clock.now(), by.user
    lab_code.save(update_fields=["ended_at", "ended_by"])
    _tell(by, "labcode.end", lab_code, people, {"results": len(rows), "taken_back": taken_back})
    return lab_code


def _take_in(rows: list[HeldResult], meaning: LabCode) -> tuple[int, set[UUID]]:
    """Take in what waited; how many results now stand in somebody's record, and whom that concerns."""
    readings = [(held, reading_from(held.reading)) for held in rows]
    registry = Registry(meaning.service, (reading.person for _, reading in readings))
    told: list[ToldValue] = []
    for held, reading in readings:
        assert isinstance(reading, Rejection)
        told += _one(held.row, as_meant(reading, meaning), registry)
        held.lab_code = meaning
        held.save(update_fields=["lab_code"])
    people = _people(rows)
    for record in {held.row.record for held in rows}:
        people |= sort_versions(meaning.service, record)
    keep_promises(promise_to_look(told))
    return len(told), people


def _people(rows: list[HeldResult]) -> set[UUID]:
    """Whose record holds one of these rows, or what it told."""
    told = ToldValue.objects.filter(row__in=[held.row_id for held in rows]).values_list(
        "person_id", flat=True
    )
    return {held.row.person_id for held in rows if held.row.person_id} | set(told)


def _one(row: FeedRow, reading: Measured | Rejection, registry: Registry) -> list[ToldValue]:
    """One row by its meaning; saved."""
    made: list[ToldValue] = []
    row.outcome, row.reason, row.waiting = FeedRow.Outcome.NEW, "", None
    if isinstance(reading, Rejection):
        left_out(row, reading.reason)
    elif not registry.knows(reading.person):
        if (aside := set_aside(row, reading)) is not None:
            aside[0].save()
            SetAsideNumber.objects.bulk_create(aside[1])
    else:
        made = _of_a_person(row, reading, registry)
    row.save()
    for value in made:
        value.save()
    return made


def _of_a_person(row: FeedRow, reading: Measured, registry: Registry) -> list[ToldValue]:
    try:
        row.person = registry.person_for(reading.person, row.version)
    except IdentityDoubt as doubt:
        left_out(row, f"waits for a person: {doubt}", reading)
        return []
    registry.save()
    Brought.objects.bulk_create(brought(row, row.person, reading, registry.change))
    if why := why_not(reading, row.person):
        left_out(row, why)
        return []
    return [told_of(row, row.person, reading)]


def _tell(by: Actor, name: str, code: LabCode, people: set[UUID], detail: dict[str, object]) -> None:
    """Bring everything that rests on the values of these people in line, and write it into the log.

    An event for the code, and one for each person: by these, others who read the record learn whom to read again.
    """
    kept = Episode.objects.filter(person__in=people).exclude(state=State.FOUND)
    for key in kept.values_list("pk", flat=True):
        refresh(key)
    subject = f"laboratory code {code.pk}"
    concerned = Person.objects.filter(pk__in=people).order_by("pk")
    note_all(
        by,
        [Happened(name, None, subject, detail), *(Happened(name, person, subject) for person in concerned)],
    )
    seen = watching.to_look_at(by.service, clock.today()).filter(person__in=people)
    for key in list(seen.values_list("pk", flat=True)):
        watching.look(key)
