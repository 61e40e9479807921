"""Figures that are taken away as a file: to pass on, rounded; or for the service's own use, exact and recorded.

Whoever downloads a file may send it to anybody. So a file is rounded unless its address says ``use=own``, and
either way the audit log keeps who took what.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.http import HttpResponse

from openfls.quality.disclosure import HIDDEN, Shown
from openfls.record.cells import safe_cell
from openfls.service import audit
from openfls.web.guard import Request

OWN = "own"
COLUMN = "numbers"
"""The last column of each file: what the numbers in it are."""


@dataclass(frozen=True, slots=True)
class Taking:
    """How a file is taken: ``exact`` for the own use, else as it may leave."""

    exact: bool

    @property
    def words(self) -> str:
        """What stands in the file."""
        return (
            "exact, for own use only"
            if self.exact
            else "people rounded to 5 on the running total, each up to 4 off; fields of the row as they are"
        )

    def name(self, stem: str) -> str:
        """The name of the file without its ending."""
        return f"{stem}-own-use" if self.exact else stem


def taking(request: Request, what: str) -> Taking:
    """How the address takes ``what``; the audit log keeps it."""
    exact = request.GET.get("use") == OWN
    audit.record(request.actor, "figures.take", subject=what, exact=exact)
    return Taking(exact)


def number(value: float | None) -> str:
    """A number of an exact file."""
    return HIDDEN if value is None else f"{value:.10g}"


def share(value: float | None) -> str:
    """A share from 0 to 1; blank where there is nothing to divide by."""
    return "" if value is None else repr(value)


def rounded_cells(shown: Shown) -> list[str]:
    """The cells numerator, denominator, not_eligible, unknown and value of a file to pass on."""
    value = None if shown.value is None else shown.value / 100
    return [shown.numerator_words, shown.denominator_words, HIDDEN, HIDDEN, share(value)]


def csv_file(
    taken: Taking, stem: str, columns: Sequence[str], lines: Iterable[Sequence[object]]
) -> HttpResponse:
    """A CSV whose last column says what its numbers are."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{taken.name(stem)}.csv"'
    writer = csv.writer(answer)
    writer.writerow([*columns, COLUMN])
    for line in lines:
        writer.writerow([*(safe_cell(str(cell)) for cell in line), taken.words])
    return answer
