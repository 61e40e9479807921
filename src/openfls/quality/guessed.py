"""A caseload that is guessed at (five times the hips) gives a percentage to look at, and no rating to be judged by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from openfls.quality.aggregate import literal
from openfls.quality.packs import Basis
from openfls.quality.question import Question


def without_guessed_ratings(
    query: str,
    set_id: str,
    as_of: date,
    caseload: float | Mapping[str, float] | None,
    switches: Mapping[str, str] | None = None,
) -> str:
    """The SQL (DuckDB) of results, with no rating where the denominator is a guessed caseload."""
    question = Question.ask(set_id, as_of, switches=switches, caseload=caseload)
    if not isinstance(question.caseload, tuple):
        return query
    guessed = [each.id for each in question.chosen if question.basis(each) is Basis.CASELOAD]
    if not guessed:
        return query
    condition = f"measure IN ({', '.join(map(literal, guessed))})"
    if question.caseload:
        known = ", ".join(literal(name) for name, _ in question.caseload)
        condition += f" AND (service IS NULL OR service NOT IN ({known}))"
    return f"SELECT * REPLACE (CASE WHEN {condition} THEN NULL ELSE rating END AS rating) FROM ({query})"
