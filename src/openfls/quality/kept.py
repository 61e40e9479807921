"""Compiled stages: kept while the program runs, and some of them shipped, so that a command need not wait for Ibis.

What is shipped (``data/sql``) is made by `openfls docs` from the definitions; a test fails where it has fallen behind.
"""

from __future__ import annotations

import json
from functools import cache, lru_cache
from importlib.resources import files

from openfls.quality.dialects import EPOCH, Dialect
from openfls.quality.packs import SET_IDS
from openfls.quality.question import Question

Stage = tuple[tuple[str, ...], str]


def shipped_text(set_id: str) -> str:
    """The file of a set: the judged stage for DuckDB and the rows that it reads, as JSON."""
    from openfls.quality.compiling import judged_stage, prepared_text

    columns, judged = judged_stage(Question.ask(set_id, EPOCH, "all"), Dialect.DUCKDB)
    kept = {
        "columns": list(columns),
        "prepared": prepared_text(Dialect.DUCKDB, columns).splitlines(),
        "judged": judged.splitlines(),
    }
    return json.dumps(kept, indent=1) + "\n"


@cache
def _shipped(set_id: str) -> tuple[tuple[str, ...], str, str] | None:
    path = files("openfls.quality").joinpath("data", "sql", f"{set_id}.json")
    if not path.is_file():
        return None
    kept = json.loads(path.read_text(encoding="utf-8"))
    return tuple(kept["columns"]), "\n".join(kept["prepared"]), "\n".join(kept["judged"])


def judged(question: Question, dialect: Dialect, gaps: tuple[str, ...] | None = None) -> Stage:
    """The rows of ``prepared`` with a number for the state of each measure."""
    if dialect is Dialect.DUCKDB and gaps is None and question == Question.ask(question.set_id, EPOCH, "all"):
        found = _shipped(question.set_id)
        if found:
            return found[0], found[2]
    return _judged(question, dialect, gaps)


@lru_cache(maxsize=128)
def _judged(question: Question, dialect: Dialect, gaps: tuple[str, ...] | None) -> Stage:
    from openfls.quality.compiling import judged_stage

    return judged_stage(question, dialect, gaps)


@lru_cache(maxsize=128)
def people(question: Question, dialect: Dialect) -> Stage:
    """Person by measure, with state and reason."""
    from openfls.quality.compiling import people_stage

    return people_stage(question, dialect)


def prepared(dialect: Dialect, columns: tuple[str, ...]) -> str:
    """The rows of ``asked`` made ready for the rules, with these columns."""
    if dialect is Dialect.DUCKDB:
        for found in filter(None, map(_shipped, SET_IDS)):
            if found[0] == columns:
                return found[1]
    return _prepared(dialect, columns)


@lru_cache(maxsize=128)
def _prepared(dialect: Dialect, columns: tuple[str, ...]) -> str:
    from openfls.quality.compiling import prepared_text

    return prepared_text(dialect, columns)
