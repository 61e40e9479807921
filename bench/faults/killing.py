"""Killed, or without room on the disk, at a random point of the work; then done again to its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ground import CHANCE, Ground, Tally, database_full, how_long, in_child, look, pages
from works import WORKS, Work


def killed(work: Work, ground: Ground, tries: int) -> Tally:
    """SIGKILL at a random moment."""
    length = how_long(work.act, ground)
    return _each(work, ground, tries, lambda: {"until": CHANCE.uniform(0.1, 1.0) * length})


def full(work: Work, ground: Ground, tries: int) -> Tally:
    """The database may grow by a few pages only."""
    ground.fresh()
    before = pages()
    how_long(work.act, ground)
    grown = pages() - before
    return _each(work, ground, tries, lambda: {"limit": database_full(CHANCE.randint(0, grown))})


def _each(work: Work, ground: Ground, tries: int, fault: Callable[[], dict]) -> Tally:
    reference, tally = work.figures(), Tally()
    for _ in range(tries):
        ground.fresh()
        finished(work, tally, in_child(work.act, **fault()), reference)
    return tally


def finished(work: Work, tally: Tally, of_fault: tuple[list[str], bool], reference: object) -> None:
    """After a fault: what was acknowledged is there; done again, the work comes to the same end."""
    told, ended = of_fault
    tally.one(told, ended)
    tally.faults += work.kept(told)
    look(tally)
    again, ended = in_child(work.act)
    if not ended:
        tally.faults.append("it does not come to its end afterwards")
    tally.faults += work.kept(told + again)
    look(tally)
    tally.compare(work.figures(), reference)


def every(ground: Ground, tries: int, *, disk: bool) -> Iterator[tuple[str, Tally]]:
    """Every act with every fault."""
    for work in WORKS:
        yield f"killed: {work.name}", killed(work, ground, tries)
        if disk:
            yield f"disk full: {work.name}", full(work, ground, tries)
