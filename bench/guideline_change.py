"""Whom a change of guidance would move, among many people: the comparison beside evaluating all rules twice.

Pictures are those of the spec tables, over and over. On a page the rows of each person are fetched as well; how few
queries that takes is held by tests/service/test_rows.py.

Run: .venv/bin/python bench/guideline_change.py [people]
"""

from __future__ import annotations

import sys
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter

from openfls.investigation import build, pack
from openfls.investigation.change import who_would_move
from openfls.investigation.moving import comparison
from openfls.investigation.reference import PAGES, load_spec

SPEC = Path(__file__).parents[1] / "tests" / "investigation" / "spec"
NG259, NOGG = pack("NG259@2026-07-29"), pack("NOGG@2024")
CHANGES = {
    "one threshold": (NG259, build(NG259.key, {"consider_dxa_major_pct": 15})),
    "another pack": (NG259, NOGG),
}


def main(people: int) -> None:
    """Print both times and their ratio for each kind of change."""
    known = [case.picture for name in PAGES for case in load_spec(SPEC / f"{name}.toml")]
    pictures = list(islice(cycle(known), people))
    for words, (before, after) in CHANGES.items():
        compared = comparison([before], [after])
        start = perf_counter()
        moved = sum(compared.of(picture) is not None for picture in pictures)
        middle = perf_counter()
        twice = len(who_would_move(before, after, pictures))
        end = perf_counter()
        assert moved == twice
        print(
            f"{words}: {people} people, {moved} would move; {middle - start:.2f} s, "
            f"evaluated twice {end - middle:.2f} s, {(end - middle) / (middle - start):.1f} times"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000)
