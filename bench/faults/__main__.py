"""Faults put into the work, and what was lost by them: `python bench/faults [TRIES] [--postgres] [--only WORDS]`.

Each try works on a fresh copy of one database. Counted for each kind: faults tried, how many came before the work was
done, steps acknowledged, and everything that did not hold afterwards: a step that was acknowledged and is gone, a row
twice, a broken chain of the audit log, a database that is not whole. Ends with exit code 1 where there is one.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Set up, try, count."""
    arguments = sys.argv[1:]
    tries = next((int(each) for each in arguments if each.isdigit()), 20)
    only = arguments[arguments.index("--only") + 1] if "--only" in arguments else ""
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


def _count(folder: Path, tries: int, only: str) -> int:
    import acts
    import jumping
    import keeping
    import killing
    import sending
    from django.db import connection
    from ground import Ground, Tally

    ground = Ground(folder)
    sqlite = connection.vendor == "sqlite"
    empty = Ground(folder / "empty")
    if sqlite:
        empty.folder.mkdir()
        empty = Ground(empty.folder)
        empty.keep()
    acts.prepare()
    ground.keep()
    kinds = {
        "work": lambda: killing.every(ground, tries, disk=sqlite),
        "clock": lambda: jumping.clock_jumps(ground, max(3, tries // 3)),
        "listener": lambda: sending.on_the_way_in(ground, tries),
        "files": lambda: sending.of_files(ground, tries),
    }
    if sqlite:
        kinds |= {
            "backup": lambda: keeping.backups(ground, tries).items(),
            "restore": lambda: keeping.restores(ground, tries).items(),
            "everything": lambda: keeping.moves(ground, max(5, tries // 2), empty).items(),
            "migration": lambda: keeping.migrations(ground, max(5, tries // 2), _old(folder)).items(),
        }
    else:
        kinds["gone"] = lambda: jumping.database_gone(ground, max(3, tries // 2))
    print(
        f"| {connection.vendor}: fault | tried | before the end | acknowledged | did not hold |\n|---|---|---|---|---|"
    )
    total = Tally()
    for kind, run in kinds.items():
        if only and kind not in only.split(","):
            continue
        began = time.monotonic()
        for name, tally in run():
            print(
                f"| {name} | {tally.tried} | {tally.hit} | {tally.acknowledged} | {len(tally.faults)} |",
                flush=True,
            )
            for fault in tally.faults[:5]:
                print(f"  {fault}", file=sys.stderr, flush=True)
            total.tried += tally.tried
            total.hit += tally.hit
            total.acknowledged += tally.acknowledged
            total.faults += tally.faults
        print(f"  {kind}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    print(f"| together | {total.tried} | {total.hit} | {total.acknowledged} | {len(total.faults)} |")
    return 1 if total.faults else 0


def _old(folder: Path) -> Path:
    """A database of the release before, with people in it."""
    from service import of_release_27

    return of_release_27.make(folder / "release-27.sqlite3")


if __name__ == "__main__":
    sys.exit(main())
