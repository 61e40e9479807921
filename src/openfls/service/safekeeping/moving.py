"""The whole installation out into a folder, and into an empty one again, whatever database each has."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.db import DatabaseError, connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model

from openfls import __version__
from openfls.record.errors import BadInput
from openfls.service import clock
from openfls.service.auditing.anchors import lines, read_lines
from openfls.service.auditing.verifying import verify
from openfls.service.models import Service
from openfls.service.safekeeping import private
from openfls.service.safekeeping.manifest import Manifest, Part, State, part_of, read_manifest, unlike
from openfls.service.safekeeping.moment import one_moment
from openfls.service.safekeeping.whole import made, models_kept, rows_of

MANIFEST = "manifest.json"
BATCH = 500
Progress = Callable[[str], None]


def _nothing(_: str) -> None:
    """For those who do not watch."""


def _migrations() -> tuple[str, ...]:
    applied = MigrationRecorder(connection).applied_migrations()
    # The first sixteen go by several names: step by step, or squashed into one.
    return tuple(sorted(f"{app}.{name}" for app, name in applied if app == "service" and name[:4] > "0016"))


def export_everything(folder: Path, progress: Progress = _nothing) -> Manifest:
    """Write every table into a new folder, as it is at one moment.

    Raises:
        BadInput: the folder is there already, or cannot be written.
    """
    if folder.exists():
        raise BadInput("is there already; name a folder that is not", where=str(folder))
    partial = folder.with_name(folder.name + ".partial")
    try:
        shutil.rmtree(partial, ignore_errors=True)  # left by one that was killed
        private.make_folder(partial)
        with one_moment():
            manifest = _write(partial, progress)
        with _new(partial / MANIFEST) as file:
            file.write(manifest.text())
        partial.rename(folder)
    except OSError as error:
        raise BadInput(f"cannot be written ({error.strerror or error})", where=str(folder)) from error
    finally:
        with suppress(OSError):
            shutil.rmtree(partial, ignore_errors=True)
    return manifest


def _new(path: Path) -> TextIO:
    private.make_file(path)
    return path.open("w", encoding="utf-8")


def _write(folder: Path, progress: Progress) -> Manifest:
    parts: list[Part] = []
    rows: dict[str, int] = {}
    for model in models_kept():
        table = model._meta.db_table
        progress(table)
        path = folder / f"{table}.jsonl"
        with _new(path) as file:
            count = 0
            for row in rows_of(model):
                file.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")
                count += 1
        rows[table] = count
        parts.append(part_of(path, path.name))
    return Manifest(
        version=__version__,
        made_at=clock.now().isoformat(),
        engine="",
        engine_version="",
        state=State(_migrations(), rows, _heads()),
        parts=tuple(parts),
    )


def _heads() -> tuple[str, ...]:
    return tuple(line for service in Service.objects.order_by("code") for line in lines(service))


def import_everything(folder: Path, progress: Progress = _nothing) -> Manifest:
    """Put an export into this installation, which must be empty: all of it in one transaction, or nothing.

    Raises:
        BadInput: the export is not whole or of another version, there is something here, or what came in is not what
            went out.
    """
    manifest = _checked(folder)
    _check_empty()
    try:
        with transaction.atomic():
            for model in models_kept():
                progress(model._meta.db_table)
                _read_table(model, folder)
            _prove(manifest)
            # With the rows: killed between the two, the next new row would be given a key that is taken.
            _go_on_counting()
    except DatabaseError as error:
        raise BadInput(f"the database refuses it ({str(error).splitlines()[0][:200]})") from error
    return manifest


def _checked(folder: Path) -> Manifest:
    try:
        manifest = read_manifest((folder / MANIFEST).read_text(encoding="utf-8"), folder.name)
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput("is no export of openfls: it has no manifest", where=str(folder)) from error
    if manifest.engine:
        raise BadInput("is a backup; put it back with `openfls restore`", where=str(folder))
    # The same tables may hold what another version means otherwise: both are asked for.
    if manifest.version != __version__ or manifest.state.migrations != _migrations():
        raise BadInput(
            f"was made by another version of openfls ({manifest.version}, and this is {__version__}); "
            "export and import with the same one",
            where=str(folder),
        )
    wanted = {f"{model._meta.db_table}.jsonl" for model in models_kept()}
    if {part.name for part in manifest.parts} != wanted:
        raise BadInput("has other tables than this version", where=str(folder))
    for part in manifest.parts:
        path = folder / part.name
        if not path.is_file() or part_of(path, part.name) != part:
            raise BadInput(f"is damaged: {part.name} is not what the manifest says", where=str(folder))
    return manifest


def _check_empty() -> None:
    for model in models_kept():
        if model._base_manager.exists():
            raise BadInput(
                f"this installation is not empty (there are rows in {model._meta.db_table}); "
                "an export goes into a new one only"
            )


def _read_table(model: type[Model], folder: Path) -> None:
    name = f"{model._meta.db_table}.jsonl"
    with (folder / name).open(encoding="utf-8") as file:
        for batch in _batches(enumerate(file, 1)):
            rows = []
            for number, line in batch:
                try:
                    rows.append(made(model, json.loads(line)))
                except (ValueError, TypeError, ValidationError) as error:
                    raise BadInput(
                        f"cannot be read ({type(error).__name__})", where=name, row=number
                    ) from error
            model._base_manager.bulk_create(rows, batch_size=BATCH)


def _batches(lines: Iterator[tuple[int, str]]) -> Iterator[tuple[tuple[int, str], ...]]:
    batch: list[tuple[int, str]] = []
    for each in lines:
        batch.append(each)
        if len(batch) == BATCH:
            yield tuple(batch)
            batch = []
    if batch:
        yield tuple(batch)


def _prove(manifest: Manifest) -> None:
    """The same rows, the same heads, and chains that hold."""
    counts = {model._meta.db_table: model._base_manager.count() for model in models_kept()}
    now = State(manifest.state.migrations, counts, _heads())
    if other := unlike(manifest.state, now):
        raise BadInput(f"what came in is not what went out ({other[0]})")
    held = read_lines(manifest.state.heads)
    for service in Service.objects.order_by("code"):
        _, faults = verify(service, held.get(service.code, ()))
        if faults:
            raise BadInput(f"the audit log does not hold: {service.code}, {faults[0].words}")


def _go_on_counting() -> None:
    """The next key of each table follows the greatest that came in."""
    statements: list[Any] = connection.ops.sequence_reset_sql(no_style(), models_kept())
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
