"""Which backups are kept: the newest of each of the last days, weeks and months; the newest of all always."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from openfls.service.safekeeping.backing_up import ENDING, NAMED
from openfls.service.safekeeping.frames import is_backup


@dataclass(frozen=True, slots=True)
class Keep:
    """How many days, weeks and months have a backup that is kept; with nothing but noughts all are kept."""

    days: int = 0
    weeks: int = 0
    months: int = 0


def kept(moments: Iterable[datetime], keep: Keep) -> set[datetime]:
    """Which of the backups made at these moments are kept."""
    newest_first = sorted(moments, reverse=True)
    if not any((keep.days, keep.weeks, keep.months)):
        return set(newest_first)
    found = set(newest_first[:1])
    for count, span in (
        (keep.days, lambda at: at.date()),
        (keep.weeks, lambda at: at.isocalendar()[:2]),
        (keep.months, lambda at: (at.year, at.month)),
    ):
        found |= _newest_of(newest_first, count, span)
    return found


def _newest_of(
    newest_first: list[datetime], count: int, span: Callable[[datetime], Hashable]
) -> set[datetime]:
    found: dict[Hashable, datetime] = {}
    for at in newest_first:
        found.setdefault(span(at), at)
    return set(list(found.values())[:count])


def made_at(path: Path) -> datetime | None:
    """When a backup was made, as its name says; None where the name is no backup's."""
    # A second one of the same second has a number behind its moment.
    stem = path.name.removesuffix(ENDING)[: len("openfls-20260601T120000Z")]
    try:
        return datetime.strptime(stem, NAMED).replace(tzinfo=UTC)
    except ValueError:
        return None


def rotate(folder: Path, keep: Keep) -> list[Path]:
    """Remove the backups of ``folder`` that are not kept; which they were. Nothing but our own backups is touched."""
    of_moment = {
        path: at
        for path in folder.glob(f"*{ENDING}")
        if path.is_file() and (at := made_at(path)) and _is_ours(path)
    }
    staying = kept(of_moment.values(), keep)
    gone = [path for path, at in of_moment.items() if at not in staying]
    for path in gone:
        path.unlink()
    return sorted(gone)


def _is_ours(path: Path) -> bool:
    with path.open("rb") as file:
        return is_backup(file.read(32))
