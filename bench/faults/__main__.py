"""Faults put into the work, and what was lost by them.

    python bench/faults [TRIES] [--postgres | --both] [--only KINDS]

Each try works on a fresh copy of one database. Counted for each kind: faults tried, how many came before the work was
done, steps acknowledged, what was acknowledged and is gone, what is there twice, audit chains gone through and found
whole, and whatever else did not hold: a database that is not whole, work that does not come to its end afterwards.
Ends with exit code 1 where there is one. `--both` tries SQLite and PostgreSQL beside each other.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ground import Ground, Tally

    Faults = Callable[[], Iterable[tuple[str, Tally]]]

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Set up, try, count."""
    arguments = sys.argv[1:]
    tries = next((int(each) for each in arguments if each.isdigit()), 20)
    only = arguments[arguments.index("--only") + 1] if "--only" in arguments else ""
    if "--both" in arguments:
        return _both([each for each in arguments if each != "--both"])
    if "--postgres" in arguments and "OPENFLS_BENCH_SERVER" not in os.environ:
        return _with_postgres()
    with tempfile.TemporaryDirectory(prefix="openfls-faults-") as folder:
        os.environ["OPENFLS_DATA"] = folder
        os.environ.setdefault("OPENFLS_SECRET_KEY", "for faults alone")
        sys.path[:0] = [str(ROOT / "tests"), str(Path(__file__).parent)]
        _tables()
        return _count(Path(folder), tries, only)


def _tables() -> None:
    """The tables straight from the models, marked as migrated, with the triggers: a test compares the two."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "openfls.settings"
    import django

    django.setup()
    from django.apps import apps
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.recorder import MigrationRecorder

    from openfls.service.auditing import guarding

    settings.MIGRATION_MODULES = {each.label: None for each in apps.get_app_configs()}
    call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)
    settings.MIGRATION_MODULES = {}
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    for app, name in MigrationLoader(None).disk_migrations:
        recorder.record_applied(app, name)
    guarding.install(connection)


def _with_postgres() -> int:
    """The same with a PostgreSQL of our own, whose commits are on the disk before they are acknowledged."""
    sys.path.insert(0, str(ROOT / "tools"))
    import psycopg
    from run_tests import postgres

    with postgres() as address:
        with psycopg.connect(address, autocommit=True) as server:
            server.execute("ALTER ROLE openfls SET synchronous_commit = on")
            server.execute("CREATE DATABASE faults")
        own = {
            "OPENFLS_BENCH_SERVER": address,
            "OPENFLS_DATABASE": address.rsplit("/", 1)[0] + "/faults",
            "OPENFLS_CONNECTION_SECONDS": "0",
        }
        return subprocess.run([sys.executable, *sys.argv], env={**os.environ, **own}, check=False).returncode


def _both(arguments: list[str]) -> int:
    """SQLite and PostgreSQL, each a process of its own, at the same time."""
    command = [sys.executable, str(Path(__file__).parent), *arguments]
    running = [subprocess.Popen([*command, *more]) for more in ([], ["--postgres"])]
    return max(each.wait() for each in running)


def _kinds(ground: Ground, empty: Ground, tries: int, folder: Path) -> dict[str, Faults]:
    import filling
    import jumping
    import keeping
    import killing
    import requesting
    import sending
    import together
    from django.db import connection

    import web.conftest  # noqa: F401  what is needed is there before the first try

    fewer, few = max(1, tries // 2), max(1, tries // 4)
    kinds: dict[str, Faults] = {
        "work": lambda: killing.every(ground, tries, disk=connection.vendor == "sqlite"),
        "full": lambda: filling.full_disks(ground, fewer),
        "clock": lambda: jumping.clock_jumps(ground, fewer),
        "far": lambda: jumping.far_jumps(ground, few),
        "two": lambda: together.two_at_once(ground, tries),
        "listener": lambda: sending.on_the_way_in(ground, tries),
        "pages": lambda: requesting.of_pages(ground, tries),
        "files": lambda: sending.of_files(ground, fewer),
        "backup": lambda: keeping.backups(ground, tries).items(),
        "backup-full": lambda: filling.full_backups(ground, fewer),
        "export": lambda: keeping.exports(ground, fewer).items(),
    }
    if connection.vendor == "postgresql":
        return {**kinds, "gone": lambda: jumping.database_gone(ground, fewer)}
    return {
        **kinds,
        "restore": lambda: keeping.restores(ground, tries).items(),
        "everything": lambda: keeping.moves(ground, fewer, empty).items(),
        "migration": lambda: keeping.migrations(ground, fewer, _old(folder)).items(),
    }


def _count(folder: Path, tries: int, only: str) -> int:
    import acts
    from django.db import connection
    from ground import Ground, Tally

    ground = Ground(folder)
    empty = Ground(folder / "empty")
    if connection.vendor == "sqlite":
        empty.folder.mkdir()
        empty.keep()
    acts.prepare()
    ground.keep()
    head = "tried | before the end | acknowledged | lost | doubled | chains that hold | otherwise"
    print(f"| {connection.vendor}: fault | {head} |\n|---|---|---|---|---|---|---|---|", flush=True)
    total, groups = Tally(), defaultdict(Tally)
    for kind, run in _kinds(ground, empty, tries, folder).items():
        if only and kind not in only.split(","):
            continue
        began = time.monotonic()
        for name, tally in run():
            print(f"| {name} | {tally.row()} |", flush=True)
            for fault in tally.faults[:5]:
                print(f"  {fault}", file=sys.stderr, flush=True)
            total.add(tally)
            groups[name.partition(":")[0]].add(tally)
        print(f"  {connection.vendor}, {kind}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    print(f"\n| {connection.vendor}, by kind | {head} |\n|---|---|---|---|---|---|---|---|")
    for name, tally in groups.items():
        print(f"| {name} | {tally.row()} |")
    print(f"| {connection.vendor}: together | {total.row()} |", flush=True)
    return 1 if total.faults else 0


def _old(folder: Path) -> Path:
    """A database of the oldest release that is kept, with people in it: the longest way."""
    from service.of_release import OLDEST

    return OLDEST.make(folder / "release.sqlite3")


if __name__ == "__main__":
    sys.exit(main())
