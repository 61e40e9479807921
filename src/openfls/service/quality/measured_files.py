"""A file of another system, measured: read, judged and forgotten. Only the result may be kept, where somebody asks."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openfls.integration.flsdb import TABLE, open_file
from openfls.integration.flsdb.source import ENDINGS
from openfls.quality import (
    Basis,
    measure_set,
    not_countable,
    sql,
    without_guessed_ratings,
    without_open_ratings,
    without_uncounted,
)
from openfls.record.errors import BadInput
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actor import Actor
from openfls.service.models import MeasuredFile
from openfls.service.roles import May

MOST_PROBLEMS = 200

LONGEST_WORD = 5_000
"""Bytes without a separator that a file on a page may hold: judging one of 400,000 digits took ten seconds."""
_WORD = re.compile(rb"[^\s,;|\"{}\[\]]+")


def measure_bytes(
    name: str,
    data: bytes,
    *,
    set_id: str = "flsdb",
    by: str = "all",
    columns: Mapping[str, str] | None = None,
    caseload: float | None = None,
) -> dict[str, Any]:
    """The result of a file: ``rows``, ``rejected``, the headings, the problems, and the measures by service and period.

    The file is on the disk only while it is read. Raises BadInput.
    """
    ending = Path(name).suffix.lower()
    if ending not in ENDINGS:
        raise BadInput(f"a name ending in one of {', '.join(ENDINGS)} is needed", where=name)
    if any(len(word[0]) > LONGEST_WORD for word in _WORD.finditer(data)) and ending != ".parquet":
        raise BadInput(
            f"a value in it has more than {LONGEST_WORD:,} letters: no value of the audit has", where=name
        )
    day = clock.today()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"rows{ending}"
        path.write_bytes(data)
        try:
            with open_file(path, day, columns=columns, service="this file") as file:
                uncounted = not_countable(set_id, file.headings.found)
                query = sql(set_id, "duckdb", TABLE, as_of=day, by=by, caseload=caseload)
                query = without_uncounted(query, uncounted)
                query = without_guessed_ratings(query, set_id, day, caseload)
                found = file.connection.execute(without_open_ratings(query, set_id, day, by))
                names = [item[0] for item in found.description]
                results = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
                for result in results:
                    result["open_until"] = result["open_until"] and result["open_until"].isoformat()
                    result["note"] = uncounted.get(result["measure"])
                    basis = measure_set(set_id).measure(result["measure"]).basis
                    result["guessed"] = caseload is None and basis == Basis.CASELOAD
                problems = list(file.problems())
                return {
                    "name": name,
                    "set": set_id,
                    "version": measure_set(set_id).version,
                    "as_of": day.isoformat(),
                    "by": by,
                    "caseload": caseload,
                    "rows": file.rows,
                    "rejected": file.rejected,
                    "strange": list(file.headings.strange),
                    "missing": list(file.headings.missing),
                    "problems": [
                        [each.row, each.column, each.problem, each.action, each.count]
                        for each in problems[:MOST_PROBLEMS]
                    ],
                    "problem_count": len(problems),
                    "results": results,
                }
        except BadInput as error:
            # Nobody knows the file by the name that it has here.
            raise BadInput(str(error).replace(str(path), name)) from error


@action("file.keep_result", May.IMPROVE)
def keep_result(*, result: Mapping[str, Any], by: Actor) -> MeasuredFile:
    """Keep the result of a measured file; no row of the file is in it."""
    made = MeasuredFile.objects.create(
        service=by.service, name=str(result["name"])[:200], result=dict(result), at=clock.now(), by=by.user
    )
    note(by, "file.keep_result", subject=f"measured file {made.pk}", rows=result["rows"])
    return made
