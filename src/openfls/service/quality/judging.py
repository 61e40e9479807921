"""The judged rows of a service in memory: what pages count. Always as the database is now.

The states come from the one definition, run on the database (`quality.states_sql`). They are kept by row: before each
use the stamps of the rows are compared, and only rows that changed since are judged again. So the first look of a day
judges every row (`warming` does it before anybody asks), and every other one as many as were changed by somebody's
work. Nothing waits and nothing is locked: a writer only draws a new stamp for its row (`projection`).
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import connection
from django.db.models import Count, F, Sum

from openfls.quality import states_sql
from openfls.quality.counting import Judged
from openfls.quality.question import Question
from openfls.service.models import FlsdbRow, Service
from openfls.service.models.audit_row import LOW, lately
from openfls.service.quality.prepared import run, run_for

Fingerprint = tuple[int, int]
"""How many rows there are, and what the chance parts of their stamps add up to."""

SPLITS = ("sex", "age_band", "care_home", "deprivation_fifth", "index_site", "found_by")
GAPS = ("assessment_gap", "dxa_gap", "start_gap", "gp_letter_gap", "review_16_gap", "review_52_gap")
DIALECTS = {"sqlite": "sqlite", "postgresql": "postgres"}
_KEPT = 24
_AT_ONCE = 500


@dataclass(slots=True)
class _Shelf:
    """What is kept for one question: the judged rows, and the stamp that each had."""

    stamps: dict[str, int] = field(default_factory=dict)
    kept: Fingerprint | None = None
    judged: Judged | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


_shelves: OrderedDict[tuple[object, ...], _Shelf] = OrderedDict()
_door = threading.Lock()


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
        now = fingerprint(service)
        if shelf.judged is None or shelf.kept != now:
            _bring_in_line(shelf, service, question, now)
        assert shelf.judged is not None  # made just now
        return shelf.judged


def is_kept(service: Service, set_id: str, as_of: date) -> bool:
    """Whether the rows are judged already, but for what changed since."""
    question = question_of(service, set_id, as_of)
    shelf = _shelves.get((service.pk, service.code, connection.settings_dict["NAME"], question))
    return shelf is not None and shelf.judged is not None


def _shelf(*key: object) -> _Shelf:
    with _door:
        shelf = _shelves.setdefault(key, _Shelf())
        _shelves.move_to_end(key)
        while len(_shelves) > _KEPT:
            _shelves.popitem(last=False)
    return shelf


def fingerprint(service: Service) -> Fingerprint:
    """What the rows of a service have now; another one after every change."""
    low = Sum(F("stamp") % LOW)
    # Of stars: to count keys the table itself would be read.
    found = FlsdbRow.objects.filter(service=service.code).aggregate(rows=Count("*"), stamps=low)
    return found["rows"], int(found["stamps"] or 0)


def _bring_in_line(shelf: _Shelf, service: Service, question: Question, now: Fingerprint) -> None:
    """Judge what changed. Mostly that is among the rows stamped lately; where their stamps do not add up to what the
    table has now, all are compared."""
    try:
        _judge_changed(shelf, service, question, now)
    except BaseException:
        shelf.judged = (
            None  # the stamps are renewed before the rows are judged: what failed is asked for anew, whole
        )
        raise


def _judge_changed(shelf: _Shelf, service: Service, question: Question, now: Fingerprint) -> None:
    if shelf.judged is None:
        shelf.stamps, gone, changed = _stamps(service), [], []
        shelf.judged = Judged.of(question, *run(_sql(service, question)))
    else:
        gone, changed = _changed_lately(shelf, service, now) or _all_compared(shelf, service)
        if len(changed) > _AT_ONCE:
            shelf.judged = Judged.of(question, *run(_sql(service, question)))
        else:
            # What is named and not found any more has left the audit in the meantime.
            rows = run_for(changed, lambda keys: _sql(service, question, keys))
            shelf.judged = shelf.judged.changed([*gone, *changed], *rows)
    shelf.kept = len(shelf.stamps), sum(stamp % LOW for stamp in shelf.stamps.values())


def _changed_lately(shelf: _Shelf, service: Service, now: Fingerprint) -> tuple[list[str], list[str]] | None:
    """The keys of the rows that are gone (none) and that changed; None where that is not all."""
    recent = _stamps(service, since=lately(max(shelf.stamps.values(), default=0)))
    changed = [key for key, stamp in recent.items() if shelf.stamps.get(key) != stamp]
    rows, stamps = shelf.kept or (0, 0)
    for key in changed:
        before = shelf.stamps.get(key)
        rows += before is None
        stamps += recent[key] % LOW - (before or 0) % LOW
    if (rows, stamps) != now:
        return None
    shelf.stamps |= recent
    return [], changed


def _all_compared(shelf: _Shelf, service: Service) -> tuple[list[str], list[str]]:
    """The keys of the rows that are gone and that changed."""
    stamps, before = _stamps(service), shelf.stamps
    shelf.stamps = stamps
    changed = [key for key, stamp in stamps.items() if before.get(key) != stamp]
    return list(before.keys() - stamps.keys()), changed


def _stamps(service: Service, since: int = 0) -> dict[str, int]:
    rows = FlsdbRow.objects.filter(service=service.code, stamp__gte=since)
    return dict(rows.values_list("record_id", "stamp"))


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
