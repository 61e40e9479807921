"""The judged rows of a service in memory: what pages count. Always as the database is now.

The states come from the one definition, run on the database (`quality.states_sql`). They are kept by row: before each
use the stamps of the rows are compared, and only rows that changed since are judged again. So the first look of a day
judges every row, and every other one as many as were changed by somebody's work. Nothing waits and nothing is locked:
a writer only draws a new stamp for its row (`projection`).
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Count, Sum

from openfls.quality import states_sql
from openfls.quality.counting import Judged
from openfls.quality.question import Question
from openfls.service.models import FlsdbRow, Service

SPLITS = ("sex", "age_band", "care_home", "deprivation_fifth", "index_site", "found_by")
GAPS = ("assessment_gap", "dxa_gap", "start_gap", "gp_letter_gap", "review_16_gap", "review_52_gap")
DIALECTS = {"sqlite": "sqlite", "postgresql": "postgres"}
_KEPT = 24
_AT_ONCE = 500


@dataclass(slots=True)
class _Shelf:
    """What is kept for one question: the rows by key, and the columns made of them."""

    fingerprint: tuple[int, int] | None = None
    stamps: dict[str, int] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    rows: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    judged: Judged | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


_shelves: OrderedDict[tuple[object, ...], _Shelf] = OrderedDict()
_door = threading.Lock()


def run(statement: str) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """The names of the columns and the rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return tuple(column[0] for column in cursor.description), cursor.fetchall()


def question_of(
    service: Service, set_id: str, as_of: date, switches: tuple[tuple[str, str], ...] = ()
) -> Question:
    """What a service's pages ask of a set: its own caseload, every split."""
    return Question.ask(
        set_id, as_of, "month", dict(switches), caseload=service.expected_caseload, split=SPLITS
    )


def judged(service: Service, set_id: str, as_of: date, switches: tuple[tuple[str, str], ...] = ()) -> Judged:
    """The rows of ``service``, judged by a set as of a day."""
    question = question_of(service, set_id, as_of, switches)
    shelf = _shelf(service.pk, service.code, connection.settings_dict["NAME"], question)
    with shelf.lock:
        fingerprint = _fingerprint(service)
        if shelf.judged is None or shelf.fingerprint != fingerprint:
            _bring_in_line(shelf, service, question)
            shelf.fingerprint = fingerprint
        assert shelf.judged is not None  # made just now
        return shelf.judged


def _shelf(*key: object) -> _Shelf:
    with _door:
        shelf = _shelves.setdefault(key, _Shelf())
        _shelves.move_to_end(key)
        while len(_shelves) > _KEPT:
            _shelves.popitem(last=False)
    return shelf


def _fingerprint(service: Service) -> tuple[int, int]:
    found = FlsdbRow.objects.filter(service=service.code).aggregate(rows=Count("pk"), stamps=Sum("stamp"))
    return found["rows"], int(found["stamps"] or 0)


def _bring_in_line(shelf: _Shelf, service: Service, question: Question) -> None:
    stamps = dict(FlsdbRow.objects.filter(service=service.code).values_list("record_id", "stamp"))
    changed = [key for key, stamp in stamps.items() if shelf.stamps.get(key) != stamp]
    if len(changed) > _AT_ONCE:
        names, rows = run(_sql(service, question))
        shelf.names, shelf.rows = names, {row[names.index("record_id")]: row for row in rows}
    else:
        for key in shelf.stamps.keys() - stamps.keys():
            shelf.rows.pop(key, None)
        if changed or not shelf.names:
            shelf.names, rows = run(_sql(service, question, changed))
            place = shelf.names.index("record_id")
            shelf.rows |= {row[place]: row for row in rows}
    shelf.stamps = stamps
    shelf.judged = Judged.of(question, shelf.names, list(shelf.rows.values()))


def _sql(service: Service, question: Question, record_ids: Sequence[str] | None = None) -> str:
    return states_sql(
        question.set_id,
        DIALECTS[connection.vendor],
        as_of=question.as_of,
        switches=dict(question.switches),
        split=question.split,
        gaps=GAPS,
        record_ids=record_ids,
        service=service.code,
    )
