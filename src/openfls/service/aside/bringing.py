"""What a row brings to a person whom its numbers name is kept with it, so that it can be taken back (decision 031)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from openfls.identification.episodes.persons import matchable
from openfls.record.feeds import Measured, Notice, Reading
from openfls.record.people import Demographics, Identifier
from openfls.service import clock
from openfls.service.feeds.identity import Change
from openfls.service.feeds.values import observation_from, reading_from, to_json
from openfls.service.models import Brought, FeedRow, Person

REPORT_REMOVED = "read for the audit of the reader, and removed: no fracture of this person was found"
"""What is left to say of a report that told of no fracture, when its time is over."""


def brought(
    row: FeedRow, person: Person, reading: Reading, change: Change | None, told_at: datetime | None = None
) -> list[Brought]:
    """The row to save for ``reading``; none where it made the person (``change`` is None).

    ``told_at`` is when it came, where that was before now.
    """
    if change is None:
        return []
    return [
        Brought(
            service_id=row.service_id,
            row=row,
            person=person,
            reading=to_json(reading) if isinstance(reading, Measured | Notice) else None,
            told_at=told_at or clock.now(),
            at=clock.now(),
            numbers=change.numbers,
            before=change.before,
            after=change.after,
            contradicted=change.contradicted,
        )
    ]


def keep_promises(promised: Mapping[int, dict[str, Any]]) -> None:
    """Keep what scans did to tasks (`results.promise_to_look`) with the rows that told of them."""
    rows = list(Brought.objects.filter(row__in=promised))
    for each in rows:
        each.promised = promised[each.row_id]
    Brought.objects.bulk_update(rows, ["promised"])


def told_by(row: Brought) -> Demographics:
    """Whom the row named; nobody, where it says nothing of a person any more.

    Of a report that was removed since, its numbers and its word of a death are left.
    """
    if row.reading is not None:
        person = reading_from(row.reading).person
        return person if person is not None else Demographics()
    record = getattr(row.row, "source_record", None)
    passed = getattr(row.row, "passed_over", None)
    if record is not None:
        return observation_from(record.observation).person
    if passed is not None:
        return observation_from(passed.report).person
    if row.named is None:
        return Demographics()
    died_on = row.named["deceased_on"]
    return Demographics(
        tuple(Identifier(system, value) for system, value in row.named["numbers"]),
        deceased=row.named["deceased"],
        deceased_on=date.fromisoformat(died_on) if died_on else None,
    )


def outlive_report(row: Brought) -> None:
    """What ``row`` brought is still hers when its report is removed: as long as one of the report's numbers is."""
    who = told_by(row)
    row.named = {
        "numbers": [[each.system, each.value] for each in matchable(who)],
        "deceased": who.deceased,
        "deceased_on": who.deceased_on.isoformat() if who.deceased_on else None,
    }
    row.save(update_fields=["named"])


def is_of_unknown_numbers(row: Brought) -> bool:
    """Whether its report was removed before the report's numbers were kept: nobody can say by which of hers it came."""
    return row.named is None and row.row.reason == REPORT_REMOVED


def own_results(rows: Iterable[Brought]) -> list[Brought]:
    """Those that tell of no bone: results and notices."""
    return [row for row in rows if row.reading is not None]
