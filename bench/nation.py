"""Ten million FLS-DB rows: `openfls measure` in flat memory.

Run with ``python bench/nation.py [ROWS]``. The rows of `bench/measure.py` are made as Parquet, a tenth of them and all;
the command counts both, each in a process of its own, and time and peak memory stand side by side. The files are
deleted afterwards.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from measure import MAKE, timed

ROWS = 10_000_000


def make(rows: int, path: Path) -> None:
    """The rows as Parquet, written by a stream."""
    import duckdb

    with duckdb.connect() as connection:
        connection.execute("SET memory_limit = '600MB'; SET preserve_insertion_order = false")
        connection.execute("CREATE MACRO pick(i, n, k) AS (hash(i, n) % k)::INT")
        connection.execute(f"COPY ({MAKE.format(rows=rows)}) TO '{path}' (FORMAT parquet)")


def main() -> None:
    """Make the rows, count them, print a table."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    first: tuple[float, float] | None = None
    with tempfile.TemporaryDirectory() as folder:
        for number in (rows // 10, rows):
            path = Path(folder) / f"rows-{number}.parquet"
            make(number, path)
            seconds, busy, peak, _ = min(timed("ours", str(path)) for _ in range(2))
            first = first or (busy, peak)
            print(
                f"{number:12,} rows, {path.stat().st_size / 1e6:6.0f} MB: {seconds:7.2f} s, processor {busy:7.2f} s "
                f"({busy / first[0]:5.1f} x), peak {peak:6.0f} MB ({peak / first[1]:4.2f} x)",
                flush=True,
            )
            path.unlink()


if __name__ == "__main__":
    main()
