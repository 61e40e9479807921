"""Several processes of one machine: batches go out in order and come back in order."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Final

import pyarrow as pa

from openfls.identification.scale.batch import read_batch
from openfls.record.errors import BadInput

AHEAD: Final = 3
"""Batches under way for each worker: one at work, the others so that it never waits."""


def read_in_pool(
    batches: Iterator[pa.RecordBatch], *, workers: int, evidence: bool = False
) -> Iterator[pa.RecordBatch]:
    """`read_batch` of each batch by ``workers`` processes, in order; at most ``AHEAD`` batches each are under way.

    Raises:
        BadInput: a worker process was ended from outside.
    """
    # Fresh processes: a fork of a process that holds Arrow's threads may stand still for ever.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, mp_context=context)
    under_way: deque[Future[bytes]] = deque()
    try:
        for batch in batches:
            under_way.append(pool.submit(_work, packed(batch), evidence))
            if len(under_way) >= workers * AHEAD:
                yield unpacked(under_way.popleft().result())
        while under_way:
            yield unpacked(under_way.popleft().result())
    except BrokenProcessPool as error:
        raise BadInput(
            "a worker process was ended from outside, perhaps for want of memory; try fewer", field="workers"
        ) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _work(sent: bytes, evidence: bool) -> bytes:
    return packed(read_batch(unpacked(sent), evidence=evidence))


def packed(batch: pa.RecordBatch) -> bytes:
    """A batch as an Arrow stream: of a slice only its own rows, which pickling would not promise."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return bytes(sink.getvalue())


def unpacked(sent: bytes) -> pa.RecordBatch:
    """The batch of such a stream."""
    with pa.ipc.open_stream(sent) as reader:
        return reader.read_next_batch()
