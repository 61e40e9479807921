"""What a backup or an export says of itself: version, tables, counts, heads of the audit log, hashes of its parts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from openfls.record.errors import BadInput

PRODUCT = "openfls"
Ask = Callable[[str], list[tuple[Any, ...]]]
"""Puts a question in SQL to the database that is described."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file inside."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class State:
    """What the database holds: rows of each table, applied migrations, and heads of the audit log."""

    migrations: tuple[str, ...]
    rows: Mapping[str, int]
    heads: tuple[str, ...]
    """Lines as `service.auditing.anchors` writes them."""
    installation: str = ""
    """Its key; empty in a backup of an earlier version, and in an export."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The whole of it. ``engine`` is sqlite or postgresql, or empty in an export, which any of them takes."""

    version: str
    made_at: str
    engine: str
    engine_version: str
    state: State
    parts: tuple[Part, ...]
    product: str = PRODUCT
    format: int = 1

    def text(self) -> str:
        """As it is kept."""
        return json.dumps(asdict(self), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def read_manifest(text: str, where: str) -> Manifest:
    """The manifest again.

    Raises:
        BadInput: it is none, or of another product or a newer format.
    """
    try:
        told = json.loads(text)
        if told["product"] != PRODUCT:
            raise BadInput("was not made by openfls", where=where)
        if told["format"] != 1:
            raise BadInput("was made by a newer version of openfls", where=where)
        state = told.pop("state")
        parts = tuple(Part(**part) for part in told.pop("parts"))
        kept = State(
            tuple(state["migrations"]),
            dict(state["rows"]),
            tuple(state["heads"]),
            state.get("installation", ""),
        )
        return Manifest(**told, state=kept, parts=parts)
    except (ValueError, TypeError, KeyError) as error:
        raise BadInput("has a manifest that cannot be read", where=where) from error


def part_of(path: Path, name: str) -> Part:
    """A file as a part."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Part(name, path.stat().st_size, digest)


def state_of(ask: Ask, tables: Iterable[str], columns_of_log: str) -> State:
    """What a database holds, asked in one snapshot. One that was never set up has no migrations and no heads.

    ``columns_of_log`` asks for the names of the columns of the audit log: one of an older version has no lanes.
    """
    names = sorted(tables)
    migrations: tuple[str, ...] = ()
    if "django_migrations" in names:
        applied = ask("SELECT app, name FROM django_migrations ORDER BY app, name")
        migrations = tuple(f"{app}.{name}" for app, name in applied)
    # The names are those of tables that exist, never anything that came from outside.
    rows = {name: int(ask(f'SELECT count(*) FROM "{name}"')[0][0]) for name in names}
    heads = _heads(ask, lanes=("lane",) in ask(columns_of_log)) if "audit_event" in names else ()
    of = ask("SELECT key FROM installation ORDER BY id") if "installation" in names else []
    return State(migrations, rows, heads, of[0][0] if of else "")


def _heads(ask: Ask, *, lanes: bool) -> tuple[str, ...]:
    lane = "lane" if lanes else "0"
    newest = "SELECT service_id, {lane} AS lane, max(number) AS number FROM audit_event GROUP BY 1, 2"
    of_lane = "AND e.lane = m.lane" if lanes else ""
    rows = ask(
        f"SELECT s.code, m.lane, m.number, e.hash FROM ({newest.format(lane=lane)}) m "
        f"JOIN audit_event e ON e.service_id = m.service_id AND e.number = m.number {of_lane} "
        "JOIN service s ON s.id = m.service_id ORDER BY 1, 2"
    )
    return tuple(f"{code} {lane} {number} {digest}" for code, lane, number, digest in rows)


def unlike(kept: State, now: State) -> list[str]:
    """Where two states differ, in words."""
    found = [
        f"{name}: {kept.rows.get(name, 0)} rows kept, {now.rows.get(name, 0)} there now"
        for name in sorted({*kept.rows, *now.rows})
        if kept.rows.get(name, 0) != now.rows.get(name, 0)
    ]
    return found + [f"audit log: {line}" for line in sorted(set(kept.heads) ^ set(now.heads))]
