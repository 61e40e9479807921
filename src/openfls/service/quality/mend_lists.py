"""What is to be mended before a file goes, kept while nothing changes: a list of many pages is made once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Count, Max

from openfls.integration.flsdb import Problem
from openfls.record.flsdb import Dataset
from openfls.service.models import FlsdbRow, MergedPerson, OptOut, Service
from openfls.service.quality.audit_file import prepare, to_mend
from openfls.service.quality.judging import fingerprint
from openfls.service.spans import Span

_KEPT = 8


@dataclass(frozen=True, slots=True)
class MendList:
    """How many rows would go, how many are left out or not looked up, of how many who died it does not say so, and
    everything to look at, the worst first."""

    rows: int
    opted_out: int
    not_checked: int
    untold: int
    problems: tuple[Problem, ...]


_lists: OrderedDict[tuple[object, ...], MendList] = OrderedDict()
_door = threading.Lock()


def mend_list_of(service: Service, span: Span, dataset: Dataset, as_of: date) -> MendList:
    """The list of a period as the rows and the opt-outs are now."""
    key = _key(service, span, dataset, as_of)
    with _door:
        if key in _lists:
            _lists.move_to_end(key)
            return _lists[key]
    prepared = prepare(service, span)
    found = MendList(
        len(prepared.rows),
        prepared.opted_out,
        prepared.not_checked,
        prepared.untold,
        tuple(to_mend(prepared, dataset, as_of)),
    )
    with _door:
        _lists[key] = found
        while len(_lists) > _KEPT:
            _lists.popitem(last=False)
    return found


def is_kept(service: Service, span: Span, dataset: Dataset, as_of: date) -> bool:
    """Whether the list is made already, and nothing has changed since."""
    return _key(service, span, dataset, as_of) in _lists


def _key(service: Service, span: Span, dataset: Dataset, as_of: date) -> tuple[object, ...]:
    # Of the rows the sum of their stamps says whether one is another now; two sums may be alike by chance where a row
    # went and another came, so the newest stamp stands beside it.
    looked_up = OptOut.objects.filter(service=service).aggregate(rows=Count("*"), last=Max("pk"))
    newest = FlsdbRow.objects.filter(service=service.code).aggregate(stamp=Max("stamp"))
    # Who is who decides whose opt-out a row has.
    people = MergedPerson.objects.filter(service=service).aggregate(rows=Count("*"), split=Count("split_at"))
    now = (fingerprint(service), newest["stamp"], *looked_up.values(), *people.values())
    return (connection.settings_dict["NAME"], service.pk, service.code, span, dataset, as_of, now)
