"""Loading files: each is a delivery, read as a stream and kept batch by batch."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from openfls.identification.feeds import FeedOptions, read_bytes, read_feed
from openfls.record.feeds import Reading
from openfls.service import clock
from openfls.service.actor import Actor
from openfls.service.feeds.sources import options_from, source_for
from openfls.service.feeds.taking_in import take_in
from openfls.service.models import Delivery

BATCH = 500
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of one file. ``read`` = ``new`` + ``known`` + ``left_out`` + ``other``."""

    key: int
    name: str
    read: int
    new: int
    known: int
    left_out: int
    other: int
    episodes: int


def load_path(
    path: Path, *, by: Actor, options: FeedOptions | None = None, progress: Progress = lambda _: None
) -> Iterator[Loaded]:
    """Load a file or an archive as one delivery, a folder as one for each of its files.

    Without ``options`` each file is read as the source that its name belongs to.

    Raises:
        BadInput: there is no such file or folder.
    """
    files = sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]
    for file in files:
        readings = read_feed(file, options or options_of(by, file.name))
        yield _deliver(file.name, _sha256(file), readings, by, progress)


def load_bytes(name: str, data: bytes, *, by: Actor, options: FeedOptions | None = None) -> Loaded:
    """Load one delivered file that is at hand as bytes."""
    readings = read_bytes(name, data, options or options_of(by, name))
    return _deliver(name, hashlib.sha256(data).hexdigest(), readings, by, lambda _: None)


def options_of(by: Actor, file_name: str = "") -> FeedOptions:
    """How the feeds of the actor's service are read; those of a source known by the file's name as it says."""
    return options_from(by.service, source_for(by.service, file_name) if file_name else None)


def _deliver(name: str, sha256: str, readings: Iterator[Reading], by: Actor, progress: Progress) -> Loaded:
    delivery = Delivery.objects.create(
        service=by.service, name=name[:300], sha256=sha256, received_at=clock.now(), received_by=by.user
    )
    episodes = 0
    while batch := list(islice(readings, BATCH)):
        episodes += take_in(delivery=delivery, readings=batch, by=by)
        progress(delivery.rows_read)
    delivery.finished_at = clock.now()
    delivery.save()
    counted = Delivery.objects.counted().get(pk=delivery.pk)
    return Loaded(
        key=delivery.pk,
        name=name,
        read=counted.rows_read,
        new=counted.rows_new,
        known=counted.rows_known,
        left_out=counted.rows_rejected,
        other=counted.rows_other,
        episodes=episodes,
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
