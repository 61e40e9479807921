"""A stream of batches through one of the engines: order kept, memory bounded."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Final, Literal, get_args

import pyarrow as pa

from openfls.identification.scale.batch import read_batch
from openfls.identification.scale.pool import read_in_pool
from openfls.identification.scale.spark import read_on_spark
from openfls.record.errors import BadInput

Engine = Literal["local", "pool", "spark"]
ENGINES: Final[tuple[Engine, ...]] = get_args(Engine)
ROWS: Final = 8192
BYTES: Final = 16 * 1024 * 1024
"""The most rows and bytes worked on at once: enough to make the cost of a batch vanish, few enough to share out."""


def read_stream(
    batches: Iterable[pa.RecordBatch],
    *,
    engine: Engine = "local",
    workers: int | None = None,
    evidence: bool = False,
) -> Iterator[pa.RecordBatch]:
    """The rows of `read_batch` for each row of ``batches``, in order, whichever the engine.

    Batches are asked for as they are needed: a slow reader of the output holds up the source, and no more than a few
    batches for each worker are in memory.

    Args:
        batches: with the columns ``id`` and ``text``; all of one schema. Of any size: large ones are cut.
        engine: ``local`` (this process), ``pool`` (processes of this machine) or ``spark``.
        workers: how many processes or, on Spark without a cluster, threads; every core by default.
        evidence: as in `read_batch`.

    Raises:
        BadInput: the engine is unknown, is not installed, or lost a worker.
    """
    if engine not in ENGINES:
        raise BadInput(f"{engine!r} is none of {', '.join(ENGINES)}", field="engine")
    if workers is not None and workers < 1:
        raise BadInput("at least one is needed", field="workers")
    pieces = slices(batches)
    if engine == "pool":
        return read_in_pool(pieces, workers=workers or cores(), evidence=evidence)
    if engine == "spark":
        return read_on_spark(pieces, workers=workers or cores(), evidence=evidence)
    return (read_batch(piece, evidence=evidence) for piece in pieces)


def slices(
    batches: Iterable[pa.RecordBatch], rows: int = ROWS, size: int = BYTES
) -> Iterator[pa.RecordBatch]:
    """The two columns that are read, in pieces of at most ``rows`` rows and about ``size`` bytes, none empty."""
    for batch in batches:
        needed = batch.select(["id", "text"])
        step = max(1, min(rows, needed.num_rows * size // max(needed.nbytes, 1)))
        for start in range(0, needed.num_rows, step):
            yield needed.slice(start, step)


def cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
