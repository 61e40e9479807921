"""Keeping the cases of the benefits calculator, which needs no sign-in.

A case is no record of the service: no person, no user and no service is in it, so its changes are no actions and leave
no audit event. What a stranger can make the database hold is bounded.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction

from openfls.record.errors import BadInput
from openfls.service import clock
from openfls.service.models.toolkit import ToolkitCase
from openfls.toolkit.analysis import STAGES, base
from openfls.toolkit.case.building import prepared_of
from openfls.toolkit.case.state import LARGEST, Case
from openfls.toolkit.evaluate import Prepared
from openfls.toolkit.run_record import digest
from openfls.toolkit.scenario_text import text_of

MOST = 5_000
"""Cases that are kept at the same time."""
FORGOTTEN = timedelta(days=400)
"""A case that nobody has changed for so long makes room for a new one."""


def make(case: Case) -> ToolkitCase:
    """Keep a new case.

    Raises:
        BadInput: there is no room.
    """
    with transaction.atomic():
        if ToolkitCase.objects.count() >= MOST:
            ToolkitCase.objects.filter(changed_at__lt=clock.now() - FORGOTTEN).delete()
            if ToolkitCase.objects.count() >= MOST:
                raise BadInput("There is no room for another case here. Ask those who run this server")
        now = clock.now()
        row: ToolkitCase = ToolkitCase.objects.create(
            key=secrets.token_urlsafe(16), content=_content(case), made_at=now, changed_at=now
        )
        return row


def case_of(row: ToolkitCase) -> Case:
    """The case that a row holds."""
    return Case.model_validate(row.content)


def change(key: str, edit: Callable[[Case], Case]) -> Case:
    """Change a case by what ``edit`` makes of it as it stands now, one change after the other.

    Raises:
        ToolkitCase.DoesNotExist: there is none with this key.
        BadInput: it has become too large.
    """
    with transaction.atomic():
        row = ToolkitCase.objects.select_for_update().get(key=key)
        case = edit(case_of(row))
        row.content = _content(case)
        row.version += 1
        row.changed_at = clock.now()
        row.save(update_fields=["content", "version", "changed_at"])
    return case


def _content(case: Case) -> dict[str, Any]:
    if len(case.model_dump_json()) > LARGEST:
        raise BadInput("The case holds too much text to be kept")
    return case.model_dump(mode="json")


def results(row: ToolkitCase, prepared: Prepared) -> dict[str, Any]:
    """What has been computed of the case as it stands: the base case always, later stages once they have run."""
    kept = row.results if row.results.get("of") == _of(prepared) else {}
    found = base(prepared)
    for stage in STAGES:
        found |= json.loads(kept.get("stages", {}).get(stage, "{}"))
    return found


def stages_done(row: ToolkitCase, prepared: Prepared) -> list[str]:
    """The stages that have been computed of the case as it stands."""
    return list(row.results.get("stages", {})) if row.results.get("of") == _of(prepared) else []


def stages_left(row: ToolkitCase, prepared: Prepared) -> list[str]:
    """The stages that are still to be computed."""
    done = stages_done(row, prepared)
    return [stage for stage in STAGES if stage not in done]


def compute_next(row: ToolkitCase, prepared: Prepared) -> str:
    """Compute the next stage and keep it; its name, empty where all have been."""
    done = stages_done(row, prepared)
    stage = next((name for name in STAGES if name not in done), "")
    if stage:
        found = STAGES[stage](prepared)
        with transaction.atomic():
            now = ToolkitCase.objects.select_for_update().get(pk=row.pk)
            same = now.results.get("of") == _of(prepared)
            before: Mapping[str, Any] = now.results["stages"] if same else {}
            # As text: a database that reads numbers itself would give some of them back in another form, and a run
            # record holds the hash of every digit.
            now.results = {"of": _of(prepared), "stages": {**before, stage: json.dumps(found)}}
            now.save(update_fields=["results"])
        row.results = now.results
    return stage


def everything(row: ToolkitCase) -> tuple[Prepared, dict[str, Any]]:
    """The whole analysis of a case, computing what has not been yet.

    Raises:
        BadInput: a figure is missing or means nothing.
    """
    prepared = prepared_of(case_of(row))
    while compute_next(row, prepared):
        pass
    return prepared, results(row, prepared)


def _of(prepared: Prepared) -> str:
    return digest(text_of(prepared.scenario))
