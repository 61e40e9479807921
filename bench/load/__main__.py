"""The load of a region on two cores.

    python bench/load                      # all of it: fill, measure at three sizes, a hundred co-ordinators
    python bench/load --people 20000 --episodes 6000 --rows 200000 --co-ordinators 20 --minutes 1     # a small one

Asked of the server: `openfls serve` with 2 processes and PostgreSQL on 2 cores, 200,000 people, 60,000 episodes,
2 million feed rows, 100 co-ordinators at once: the 95th percentile of all answers under 300 ms and no error; and a
worklist and a person's page that cost the same among 2,000, 20,000 and 200,000 people.

Think time: the seconds between an answer and the next click, drawn between a quarter and more than twice of the mean
(--think). A co-ordinator reads a report or a person's record, telephones, writes: the default of 15 seconds is a brisk
hour. 100 of them then ask for some seven pages a second. `--think 5` is three times that, to see where it ends.

The load generator runs on the same two cores and takes its share of them, which it tells.

`--keep FOLDER` keeps what was filled, at each of the three sizes; asked once more with the same folder, it measures
without filling again, in a few minutes.
"""

from __future__ import annotations

import argparse
import os
import secrets
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench"))
SIZES = (2_000, 20_000)
NAME, FILLED = "people_{}", "filled"
"""Of a database that is kept besides the largest, and of the file that says that all of it was filled."""


def arguments() -> argparse.Namespace:
    """What is asked."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--people", type=int, default=200_000)
    add("--episodes", type=int, default=60_000)
    add("--rows", type=int, default=2_000_000, help="feed rows")
    add("--co-ordinators", type=int, default=100, dest="many")
    add("--think", type=float, nargs="+", default=[15.0], help="mean seconds; several are tried in turn")
    add("--minutes", type=float, default=3.0, help="of each watch, after half a minute to warm up")
    add("--base", type=int, default=200, help="fractures a year of the fictional hospital that is copied")
    add("--port", type=int, default=8114)
    add("--serve", default="", help="options of `openfls serve`, for example '--processes 2'")
    add("--database", help="a filled PostgreSQL to use as it is, instead of one made for the purpose")
    add("--keep", type=Path, metavar="FOLDER", help="fill a database there once, and use it again")
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--only-cost", action="store_true", help="only the cost of pages; no co-ordinators")
    only.add_argument("--only-watch", action="store_true", help="only the co-ordinators")
    return parser.parse_args()


def main() -> None:
    """Fill, measure, say."""
    given = arguments()
    os.environ["OPENFLS_DATA"] = tempfile.mkdtemp(prefix="openfls-bench-")
    os.environ["OPENFLS_SECRET_KEY"] = secrets.token_urlsafe(60)
    os.environ.setdefault("OPENFLS_LOG_LEVEL", "WARNING")
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores before it began", flush=True)
    if given.database:
        _measure(given, given.database)
        return
    from load.server_database import postgres

    with postgres(given.keep and given.keep.resolve()) as server:
        filled = given.keep and given.keep / FILLED
        if not (filled and filled.exists()):
            os.environ["OPENFLS_DATABASE"] = f"{server}/postgres"
            _set_up()
            _fill(given)
            if filled:
                filled.touch()
            _watch(given)
            return
        if not given.only_watch:
            for size in (each for each in SIZES if each < given.people):
                # In a process of its own: what a process remembers of one database is not true of another.
                again = [sys.executable, __file__.rpartition("/")[0], "--only-cost", "--database"]
                subprocess.run([*again, f"{server}/{NAME.format(size)}"], check=True)
        _measure(given, f"{server}/postgres")


def _measure(given: argparse.Namespace, address: str) -> None:
    """A filled database as it is."""
    os.environ["OPENFLS_DATABASE"] = address
    _set_up()
    from load import many, pages

    print(f"\n{many.counted()}", flush=True)
    if not given.only_watch:
        pages.cost()
    _watch(given)


def _set_up() -> None:
    from openfls.commands.database import prepare_database

    prepare_database(begin=True)


def _fill(given: argparse.Namespace) -> None:
    """The fictional year, then copies of it, with the cost of pages on the way."""
    from load import many, pages
    from load.server_database import set_aside
    from openfls.service import clock
    from openfls.service.fictional.filling import fill

    began = time.monotonic()
    fill(clock.today(), given.base)
    base = many.keep_base()
    print(f"a fictional year of {base} after {time.monotonic() - began:.0f} s", flush=True)
    copies, others, people = 0, 0, base["person"]
    a_copy = base["episode"]
    wanted_copies = max(0, round(given.episodes / a_copy) - 1)
    without = max(0, given.people - people * (1 + wanted_copies))
    rows_each = max(1, round((given.rows - base["feed_row"] * (1 + wanted_copies)) / max(1, without)))
    for size in [*(each for each in SIZES if each < given.people), given.people]:
        part = size / given.people
        upto, upto_others = round(wanted_copies * part), round(without * part)
        for first in range(copies + 1, upto + 1, 10):
            many.copy(first, min(upto, first + 9))
        if upto_others > others:
            many.others(others + 1, upto_others, rows_each)
        many.settle()
        copies, others = max(copies, upto), max(others, upto_others)
        print(f"\n{many.counted()} after {time.monotonic() - began:.0f} s", flush=True)
        if not given.only_watch:
            pages.cost()
        if given.keep and size < given.people:
            set_aside(NAME.format(size))


def _watch(given: argparse.Namespace) -> None:
    if given.only_cost:
        return
    from load import watch

    for think in given.think:
        watch.watch(given.many, think, given.minutes, given.port, given.serve.split())


if __name__ == "__main__":
    main()
