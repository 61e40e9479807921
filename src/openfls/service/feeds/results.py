"""Results of feeds into the record: refused where they cannot be, kept once, and the sender's last word counts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from openfls.investigation.ranges import Verdict, check_date, check_value, ranges
from openfls.record.feeds import Measured, ResultStatus
from openfls.record.pathway import UNDER_CARE
from openfls.record.questions import by_field
from openfls.record.reasons import TaskKind
from openfls.service import clock
from openfls.service.actions.tasks import ensure_task
from openfls.service.models import Answer, Episode, FeedRow, Person, Task, ToldValue

_SAYS_NOTHING = re.compile(r"^no person named|not readable|^waits for a person|^kept aside")
_TAKEN_BACK = re.compile(
    r": (?:deleted by its sender|sent in error|not obtained|not asked for|entered in error|cancelled)$"
)
OF_A_SCAN = ("bone_density.", "dxa.", "vfa.")


def why_not(reading: Measured, person: Person) -> str:
    """Why a result cannot be: its day or its value; empty where it can. The test is named, its value is not."""
    label = by_field()[reading.field].label
    day = check_date(label, reading.on, clock.today(), person.birth_date)
    if day.verdict is Verdict.REFUSE:
        return day.message.replace(f"{reading.on:%d/%m/%Y}", "was taken on a day that")
    number = isinstance(reading.value, int | float) and not isinstance(reading.value, bool)
    if not number or reading.field not in ranges():
        return ""
    limits = ranges()[reading.field]
    if check_value(reading.field, float(reading.value)).verdict is Verdict.REFUSE:
        span = f"{limits.refuse_below:g} to {limits.refuse_above:g} {limits.unit}".strip()
        return f"{label}: cannot be right, it is not within {span}"
    return ""


def told_of(row: FeedRow, person: Person, reading: Measured) -> ToldValue:
    """The row of the record for a result; not saved yet."""
    return ToldValue(
        row=row,
        service_id=row.service_id,
        person=person,
        field=reading.field,
        value=reading.value,
        comparator=reading.comparator,
        as_sent=reading.as_sent[:100],
        taken_on=reading.on,
        taken_at=reading.at[:5],
        origin=ToldValue.Origin.FEED,
        source=(reading.teller or reading.source.feed)[:200],
        reference=row.record,
        preliminary=reading.status is ResultStatus.PRELIMINARY,
        corrected=reading.status is ResultStatus.CORRECTED,
        recorded_at=clock.now(),
    )


def sort_versions(service: object, record: str) -> set[UUID]:
    """Let the last version of a result stand; the people whom that touches.

    Where the last one was taken back, or cannot be used, none stands: what it corrected is known to be wrong.
    """
    values = ToldValue.objects.filter(row__service=service, row__record=record)
    known = list(values.select_related("row"))
    if not known:
        return set()
    rows = FeedRow.objects.filter(service=service, record=record)
    speaking = [row for row in rows if not _SAYS_NOTHING.search(row.reason) and row.waiting is None]
    last = max(speaking, key=lambda row: (row.version, row.pk))
    for value in known:
        state = ToldValue.State.STANDING
        if value.row_id != last.pk:
            withdrawn = _TAKEN_BACK.search(last.reason) is not None
            state = ToldValue.State.WITHDRAWN if withdrawn else ToldValue.State.REPLACED
        if value.state != state:
            value.state = state
            value.save(update_fields=["state"])
    return {value.person_id for value in known}


def forget(row: FeedRow) -> None:
    """Take back what a row told, because it was given to the wrong person."""
    ToldValue.objects.filter(row=row).delete()
    sort_versions(row.service_id, row.record)


Promised = dict[str, list[Any]]
"""Tasks by what a scan did to them: ``made`` and ``booked`` have keys, ``moved`` pairs of key and earlier day."""


def promise_to_look(values: Iterable[ToldValue]) -> dict[int, Promised]:
    """A scan that came for somebody under care is to be looked at today, whatever day it was promised for.

    Returns what was done to tasks, by the key of the row that told of the scan.
    """
    today = clock.today()
    promised: dict[int, Promised] = {}
    scans = [value for value in values if value.field.startswith(OF_A_SCAN)]
    newest: dict[UUID, ToldValue] = {}
    for value in scans:
        if value.person_id not in newest or value.taken_on > newest[value.person_id].taken_on:
            newest[value.person_id] = value
    episodes = Episode.objects.filter(person__in=newest, state__in=UNDER_CARE).select_related("service")
    for episode in episodes:
        scanned_on = newest[episode.person_id].taken_on
        typed = Answer.objects.filter(
            assessment__episode=episode, field="bone_density.on", value=scanned_on.isoformat()
        )
        if scanned_on < episode.index_date or typed.exists():
            continue
        row = newest[episode.person_id].row_id
        if row is not None:
            done = promised.setdefault(row, {"made": [], "moved": [], "booked": []})
            for name, keys in _promise(episode, today).items():
                done[name] += keys
    return promised


def _promise(episode: Episode, today: date) -> Promised:
    before = set(episode.tasks.values_list("pk", flat=True))
    task = ensure_task(episode, TaskKind.DXA_RESULT, today)
    moved = [[task.pk, task.due.isoformat()]] if task.due > today else []
    Task.objects.filter(pk=task.pk, due__gt=today).update(due=today)
    booking = Task.objects.filter(episode=episode, kind=TaskKind.DXA_BOOKING, done_at=None, cancelled_at=None)
    booked = list(booking.values_list("pk", flat=True))
    booking.update(done_at=clock.now())
    return {"made": [] if task.pk in before else [task.pk], "moved": moved, "booked": booked}


def take_promise_back(promised: Promised) -> None:
    """What a scan did to tasks, undone where nobody has done anything with them since."""
    waiting = Task.objects.filter(done_at=None, cancelled_at=None)
    waiting.filter(pk__in=promised.get("made", [])).update(cancelled_at=clock.now())
    for key, due in promised.get("moved", []):
        waiting.filter(pk=key).update(due=date.fromisoformat(due))
    for task in Task.objects.filter(pk__in=promised.get("booked", []), episode__state__in=UNDER_CARE):
        ensure_task(task.episode, TaskKind(task.kind), task.due)
