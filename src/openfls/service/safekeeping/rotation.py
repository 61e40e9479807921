"""Which backups are kept: the newest of each of the last days, weeks and months; the newest of all always.

Nothing is removed but backups of this installation that hold nothing which the database of now does not (`ours`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from openfls.service.safekeeping.backing_up import ENDING, NAMED
from openfls.service.safekeeping.frames import is_backup
from openfls.service.safekeeping.manifest import Manifest
from openfls.service.safekeeping.ours import why_kept


@dataclass(frozen=True, slots=True)
class Keep:
    """How many days, weeks and months have a backup that is kept; with nothing but noughts all are kept."""

    days: int = 0
    weeks: int = 0
    months: int = 0


@dataclass(slots=True)
class Rotated:
    """What rotation did: what it removed, and what it left alone whatever the numbers say, by the reason why."""

    removed: list[Path] = field(default_factory=list)
    left: dict[str, list[Path]] = field(default_factory=dict)


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


def rotate(folder: Path, keep: Keep, now: Manifest, key: bytes | None = None) -> Rotated:
    """Remove the backups of ``folder`` that are not kept. ``now`` is the manifest of the backup that was just made.

    With nothing but noughts nothing is looked at.
    """
    done = Rotated()
    if keep == Keep():
        return done
    of_moment: dict[Path, datetime] = {}
    for path in sorted(folder.glob(f"*{ENDING}")):
        if not (path.is_file() and (at := made_at(path)) and _is_backup(path)):
            continue
        if why := why_kept(path, now, key):
            done.left.setdefault(why, []).append(path)
        else:
            of_moment[path] = at
    staying = kept(of_moment.values(), keep)
    done.removed = [path for path, at in of_moment.items() if at not in staying]
    for path in done.removed:
        path.unlink()
    return done


def _is_backup(path: Path) -> bool:
    with path.open("rb") as file:
        return is_backup(file.read(32))
