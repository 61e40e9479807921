"""Faults on the way in: a listener that is killed, a network that is cut, a file cut short, deliveries twice and in
any order."""

from __future__ import annotations

import gzip
import io
import json
import socket
import struct
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

from acts import by, table
from forked import Forked
from ground import CHANCE, Ground, Tally, look

from service.inbox.made import report

PATIENCE = 60.0


class _Listener(Forked):
    """The listener of the one service."""

    def listen(self, announce: Callable[[], object]) -> None:
        """Receive and process."""
        from openfls.service.inbox.listener import listen
        from openfls.service.models import Service

        listen(Service.objects.get(), "127.0.0.1", self.port, announce=lambda _, __: announce() and None)


def _send(port: int, content: bytes, cut: int | None) -> str:
    """Send one message; what it was answered, or nothing where the connection was lost. ``cut`` cuts it after so many
    bytes, without a farewell."""
    framed = b"\x0b" + content + b"\x1c\r"
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connected:
            if cut is not None:
                connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                connected.sendall(framed[:cut])
                return ""
            connected.sendall(framed)
            told = b""
            while not told.endswith(b"\x1c\r"):
                data = connected.recv(4096)
                if not data:
                    return ""
                told += data
            return next(line.decode() for line in told.split(b"\r") if line.startswith(b"MSA"))
    except OSError:
        return ""


def listening(ground: Ground, tries: int, *, kill: bool) -> Tally:
    """Messages until each is acknowledged, while the listener is killed or the network is cut."""
    from openfls.service.models import FeedRow, InboxMessage, Person

    ground.fresh()
    people, tally, listener = Person.objects.count(), Tally(), _Listener()
    listener.start()
    number, acknowledged = 0, set()
    waiting: list[str] = []
    while tally.tried < tries:
        number += 1
        control = f"F{number}"
        content = report(control, person=number // 4)
        if CHANCE.random() < 0.5:
            tally.tried += 1
            tally.hit += 1
            if kill:
                # It is on its way when the listener dies; the sender sends it again.
                with socket.create_connection(("127.0.0.1", listener.port), timeout=10) as connected:
                    connected.sendall(b"\x0b" + content + b"\x1c\r")
                    time.sleep(CHANCE.uniform(0, 0.03))
                    listener.kill()
                listener.start()
            else:
                _send(listener.port, content, CHANCE.randint(1, len(content) + 2))
        waiting.append(control)
        while _send(listener.port, content, None) != f"MSA|AA|{control}":
            time.sleep(0.05)
        acknowledged.add(control)
    until = time.monotonic() + PATIENCE
    while InboxMessage.objects.filter(state="received").exists() and time.monotonic() < until:
        time.sleep(0.1)
    listener.kill()
    tally.acknowledged = len(acknowledged)
    kept = list(InboxMessage.objects.exclude(control_id="").values_list("control_id", flat=True))
    if sorted(kept) != sorted(acknowledged):
        tally.faults.append(f"{len(acknowledged)} acknowledged, {len(kept)} kept, {len(set(kept))} different")
    rows = FeedRow.objects.filter(record__contains="F").exclude(delivery__name="radiology.hl7")
    if (rows.count(), Person.objects.count() - people) != (number, number // 4 + 1):
        tally.faults.append(
            f"{rows.count()} rows and {Person.objects.count() - people} people of {number} messages"
        )
    if InboxMessage.objects.filter(state__in=("received", "failed")).exists():
        tally.faults.append("messages were left waiting, or failed")
    look(tally)
    return tally


def _load(name: str, data: bytes, folder: Path) -> None:
    from openfls.record.errors import BadInput
    from openfls.service.actor import system_actor
    from openfls.service.feeds.loading import load_path

    file = folder / name
    file.write_bytes(data)
    # So little of it may be left that it is no file of any kind, and is refused with a reason.
    with suppress(BadInput):
        list(load_path(file, by=system_actor(by().service)))


def _formats() -> dict[str, bytes]:
    """A file of every format that is read, by a name that tells the format."""
    from openfls.fiction.feeds import feed_files
    from openfls.fiction.year import generate

    fiction = sorted(feed_files(generate(end=date.today(), size=40)), key=lambda file: len(file.content))
    bundle = next(file.content for file in fiction if file.name.endswith(".json"))
    resources = [json.dumps(entry["resource"]) for entry in json.loads(bundle)["entry"]]
    plain = {
        "ed.csv": table(40),
        "ward.hl7": next(file.content for file in fiction if "ward" in file.name),
        "radiology.hl7": b"".join(report(f"R{number}", person=number // 2) for number in range(20)),
        "theatre.json": bundle,
        "theatre.ndjson": "\n".join(resources).encode() + b"\n",
    }
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ed.csv", plain["ed.csv"])
        archive.writestr("radiology.hl7", plain["radiology.hl7"])
    return plain | {"ed.csv.gz": gzip.compress(plain["ed.csv"]), "both.zip": zipped.getvalue()}


def _holds() -> dict[str, object]:
    """People with their numbers, and each one's fractures and episodes, without keys."""
    from openfls.service.models import Person

    found = {}
    rows = Person.objects.prefetch_related("identifiers", "episodes__fractures")
    for person in rows:
        numbers = tuple(sorted(each.value for each in person.identifiers.all()))
        found[numbers, person.family_name] = sorted(
            (
                str(episode.index_date),
                episode.state,
                sorted(str(bone.site) for bone in episode.fractures.all()),
            )
            for episode in person.episodes.all()
        )
    return found


def truncated(ground: Ground, tries: int, name: str, data: bytes) -> Tally:
    """A file that was cut short at any byte, then the whole of it."""
    ground.fresh()
    _load(name, data, ground.folder)
    reference, tally = _holds(), Tally()
    for _ in range(tries):
        ground.fresh()
        _load(name, data[: CHANCE.randint(1, len(data) - 1)], ground.folder)
        tally.one([], False)
        look(tally)
        _load(name, data, ground.folder)
        tally.acknowledged += 1
        if _holds() != reference:
            tally.faults.append("the whole file after the short one is not what the whole file is")
        look(tally)
    return tally


def doubled_and_reordered(ground: Ground, tries: int, lines: list[bytes], first: bytes, ending: str) -> Tally:
    """The rows or messages of a file in pieces, in any order, some pieces twice."""
    ground.fresh()
    _load(f"all{ending}", b"".join([first, *lines]), ground.folder)
    reference, tally = _holds(), Tally()
    for _ in range(tries):
        ground.fresh()
        rows = list(lines)
        CHANCE.shuffle(rows)
        pieces = [rows[start : start + 15] for start in range(0, len(rows), 15)]
        pieces += CHANCE.sample(pieces, min(2, len(pieces)))
        for number, piece in enumerate(pieces):
            _load(f"part-{number}{ending}", b"".join([first, *piece]), ground.folder)
        tally.one([], False)
        tally.acknowledged += len(pieces)
        _compare(tally, _holds(), reference)
        look(tally)
    return tally


def _compare(tally: Tally, now: dict[object, list], wanted: dict[object, list]) -> None:
    counts = [{"people": len(each), "episodes": sum(map(len, each.values()))} for each in (now, wanted)]
    if counts[0] != counts[1]:
        tally.compare(*counts)
    elif now != wanted:
        tally.faults.append("not what the file in one piece and in order is")


def on_the_way_in(ground: Ground, tries: int) -> Iterator[tuple[str, Tally]]:
    """Everything that happens to a listener; a network is cut often."""
    yield "killed: listener", listening(ground, tries, kill=True)
    yield "network cut: listener", listening(ground, 10 * tries, kill=False)


def of_files(ground: Ground, tries: int) -> Iterator[tuple[str, Tally]]:
    """Everything that happens to a file."""
    for name, data in _formats().items():
        yield f"file cut short: {name}", truncated(ground, tries, name, data)
    header, *rows = table(60).splitlines(keepends=True)
    yield "delivered twice and in any order: rows", doubled_and_reordered(ground, tries, rows, header, ".csv")
    messages = [report(f"R{number}", person=number // 2) for number in range(40)]
    yield (
        "delivered twice and in any order: messages",
        doubled_and_reordered(ground, tries, messages, b"", ".hl7"),
    )
