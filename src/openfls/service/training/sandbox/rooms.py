"""A practice from its beginning to its end: the room is made, days go on, it is finished or given up.

All of it is done by the trainee as who she is in her own service, on the real day, and stands in that service's log.
What she does in the room is done by the ordinary actions, on the simulated day, and stands in the room's own log.
"""

from __future__ import annotations

import uuid
from dataclasses import asdict

from openfls.record.pathway import NotPossible
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actor import Actor, system_actor
from openfls.service.feeds.loading import load_bytes
from openfls.service.models import Practice, Service
from openfls.service.nightly import nightly
from openfls.service.roles import May, Role
from openfls.service.training.own import check_own, trainee
from openfls.service.training.sandbox.library import case_called
from openfls.service.training.sandbox.recorded import recorded
from openfls.service.training.sandbox.simulated import day_of, living_in
from openfls.training.patients.facts import Facts
from openfls.training.patients.messages import HOSPITAL, delivery
from openfls.training.patients.predicates import holds
from openfls.training.patients.scoring import judge
from openfls.training.patients.values import Case, Event

LATER = 7
"""Days until what was asked for late has come."""


def actor_in(practice: Practice) -> Actor:
    """The trainee at work in the room of her practice."""
    return Actor(service=practice.room, role=Role.CLINICIAN, user=practice.user)


@action("practice.begin", May.PRACTISE)
def begin(*, case: Case, by: Actor) -> Practice:
    """Make a room for one try at a case, with what comes on its first day. Open tries at the same case are given up."""
    user, now = trainee(by), clock.now()
    Practice.objects.filter(
        service=by.service, user=user, case=case.key, finished_at=None, given_up_at=None
    ).update(given_up_at=now)
    key = uuid.uuid4()
    room = Service.objects.create(
        code=f"practice-{key.hex[:16]}",
        name="Saltmarsh Fracture Liaison Service (practice)",
        address="Fictional hospital\nSaltmarsh",
        telephone="01632 960 500",
        email="practice@saltmarsh.example",
        hospital_system=HOSPITAL,
        is_fictional=True,
        practice_of=user,
    )
    row: Practice = Practice.objects.create(
        id=key,
        service=by.service,
        user=user,
        room=room,
        case=case.key,
        case_version=case.version,
        began_at=now,
        day_since=now,
    )
    _let_happen(row, case)
    note(by, "practice.begin", subject=f"practice {row.pk}", case=case.key, version=case.version)
    return row


@action("practice.go_on", May.PRACTISE)
def go_on(*, practice: Practice, by: Actor) -> Practice:
    """Go on to the next day on which something happens.

    Raises:
        NotPossible: it is over, or nothing more happens in it.
    """
    row, case = _open(practice, by)
    due = next_day(row, case)
    if due is None:
        raise NotPossible("Nothing more happens in this case. Finish it to see what the expert did.")
    row.day, row.day_since = due, clock.now()
    row.save(update_fields=["day", "day_since"])
    _let_happen(row, case)
    with living_in(row):
        nightly(row.room)
    note(by, "practice.go_on", subject=f"practice {row.pk}", day=row.day)
    return row


@action("practice.finish", May.PRACTISE)
def finish(*, practice: Practice, by: Actor) -> Practice:
    """End a practice and judge it."""
    row, case = _open(practice, by)
    with living_in(row):
        found = judge(case, recorded(row, with_advice=True))
    row.finished_at, row.percent, row.well = clock.now(), found.percent, found.well
    row.dangers, row.result = len(found.dangers), asdict(found)
    row.save()
    note(
        by,
        "practice.finish",
        subject=f"practice {row.pk}",
        case=row.case,
        percent=row.percent,
        dangers=[one.id for one in found.dangers],
    )
    return row


@action("practice.give_up", May.PRACTISE)
def give_up(*, practice: Practice, by: Actor) -> Practice:
    """End a practice without judging it."""
    row, _ = _open(practice, by)
    row.given_up_at = clock.now()
    row.save(update_fields=["given_up_at"])
    note(by, "practice.give_up", subject=f"practice {row.pk}", case=row.case)
    return row


def next_day(practice: Practice, case: Case) -> int | None:
    """The next day on which something happens as things stand; None where nothing does.

    What was asked for after its own day, a scan say, comes `LATER`.
    """
    facts = facts_of(practice)
    due = [one for one in case.events if one.id not in practice.happened and _happens(one, facts)]
    days = [one.day if one.day > practice.day else practice.day + LATER for one in due if one.has_feed]
    days += [one.day for one in due if not one.has_feed and one.day > practice.day]
    return min(days, default=None)


def told(practice: Practice, case: Case) -> list[Event]:
    """What has happened by now, in its order. Words that hang on what was done appear as soon as it is done."""
    facts = facts_of(practice)
    return [
        one
        for one in sorted(case.events, key=lambda event: event.day)
        if one.id in practice.happened
        or (not one.has_feed and one.day <= practice.day and _happens(one, facts))
    ]


def facts_of(practice: Practice) -> Facts:
    """What is on record in the room now."""
    with living_in(practice):
        return recorded(practice)


def _happens(event: Event, facts: Facts) -> bool:
    return event.when is None or holds(event.when, facts)


def _let_happen(row: Practice, case: Case) -> None:
    """Deliver what is due by the feeds themselves, in the order of its days."""
    due = [one for one in case.events if one.id not in row.happened and one.day <= row.day]
    for event in sorted(due, key=lambda one: one.day):
        if event.when is not None and not holds(event.when, facts_of(row)):
            continue
        if event.has_feed:
            on = case.on(event.day) if event.day < 0 else day_of(row)
            name, data = delivery(row.pk.hex[:8], event, case.person(event.person), on)
            with living_in(row):
                load_bytes(name, data, by=system_actor(row.room))
        row.happened = [*row.happened, event.id]
    row.save(update_fields=["happened"])


def _open(practice: Practice, by: Actor) -> tuple[Practice, Case]:
    """The practice, locked, with its case; it is her own, and open."""
    rows = Practice.objects.select_for_update(of=("self",)).select_related("room", "user", "service")
    row = rows.get(pk=practice.pk)
    check_own(row, by)
    case = case_called(row.case)
    if not row.is_open:
        raise NotPossible("This practice is over.")
    if case is None:
        raise NotPossible("This case is no longer here. Leave the practice and choose another.")
    return row, case
