"""A file between upload and loading: bounded, of one user, read as often as needed, and gone afterwards."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice

from openfls.identification.feeds import FeedOptions, read_bytes
from openfls.identification.feeds.csvfile.columns import check_columns
from openfls.identification.feeds.csvfile.layout import Layout, first_rows, layout_of
from openfls.identification.feeds.door import PEEK, WORKBOOKS, recognise
from openfls.identification.feeds.options import steady_name
from openfls.record.errors import BadInput
from openfls.record.feeds import Measured, Notice, Observation, Reading, Rejection
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actor import Actor
from openfls.service.feeds.sources import options_from, source_for
from openfls.service.models import FeedSource, Loading, UploadedFile
from openfls.service.roles import May

KEPT_FOR = timedelta(hours=2)
_UNDER_WAY = (Loading.State.WAITING, Loading.State.RUNNING)
SHOWN = 10
LOOKED_AT = 5_000
"""So many readings are counted for a preview, which takes about a second; loading reads the whole file first."""
KINDS = {"csv": "CSV", "hl7": "HL7 v2", "fhir": "FHIR R4 JSON"}
_ARCHIVES = (".zip", ".gz", ".tgz", ".tar", ".xz", ".txz", ".bz2", ".tbz2", ".7z", ".rar")
_PACKED = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"\xfd7zXZ", b"BZh", b"7z\xbc\xaf", b"Rar!")


@dataclass(frozen=True, slots=True)
class Preview:
    """A file as it would be read: the first rows with their readings, and the counts.

    ``whole`` is false where the file goes on behind what was counted.

    ``faults`` are what keeps the file as a whole from being loaded; ``reasons`` count why rows would be left out.
    """

    kind: str
    rows: tuple[tuple[str, tuple[Reading, ...]], ...]
    observations: int = 0
    measured: int = 0
    notices: int = 0
    others: int = 0
    left_out: int = 0
    reasons: tuple[tuple[str, int], ...] = ()
    refused: tuple[Rejection, ...] = ()
    faults: tuple[str, ...] = ()
    layout: Layout | None = None
    whole: bool = True

    @property
    def rows_in_all(self) -> int:
        """Rows of the part that was read, of every kind."""
        told = self.observations + self.measured + self.notices
        return told + self.others + self.left_out

    @property
    def loadable(self) -> bool:
        """Whether anything in it can be kept, and nothing is wrong with the file as a whole."""
        return not self.faults and bool(
            self.observations or self.measured or self.notices or self.left_out or self.others
        )


@action("upload.keep", May.LOAD_FEEDS)
def keep(*, name: str, data: bytes, source: FeedSource | None = None, by: Actor) -> UploadedFile:
    """Keep a file for its user until it is loaded. What has expired is removed at the same time.

    Raises:
        BadInput: it is empty, an archive, or of a kind that no reader knows.
    """
    remove_expired()
    name = _plain_name(name)
    kind_of(name, data)
    source = source or source_for(by.service, name)
    made = UploadedFile.objects.create(
        service=by.service,
        user=by.user,
        name=name,
        data=data,
        uploaded_at=clock.now(),
        expires_at=clock.now() + KEPT_FOR,
        source_name=source.name if source else steady_name(name)[:100],
        hospital_system=source.hospital_system if source else "",
        columns=source.columns if source else {},
    )
    note(by, "upload.keep", subject=f"upload {made.pk}", size=len(data))
    return made


def _plain_name(name: str) -> str:
    """The last part of a file's name without control characters: names come from another machine."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(character for character in last if character.isprintable())[:200] or "file"


def kind_of(name: str, data: bytes) -> str:
    """``csv``, ``hl7`` or ``fhir``.

    Raises:
        BadInput: it is none of them. An archive is not opened here at all, so that none can swell up.
    """
    lowered = name.lower()
    if lowered.endswith(_ARCHIVES) or (data.startswith(_PACKED) and not lowered.endswith(WORKBOOKS)):
        raise BadInput(
            "an archive is not taken here; unpack it and send the files, or use `openfls load`",
            where=name,
        )
    kind = recognise(name, data[:PEEK])
    if kind not in KINDS:
        raise BadInput(kind, where=name)
    return kind


def remove_expired() -> int:
    """Remove the files that nobody loaded in time. How many."""
    expired = UploadedFile.objects.filter(expires_at__lte=clock.now()).exclude(loadings__state__in=_UNDER_WAY)
    number: int = expired.count()
    if number:
        expired.delete()
    return number


def mine(by: Actor) -> list[UploadedFile]:
    """The user's own files that wait, without their bytes."""
    rows = UploadedFile.objects.filter(service=by.service, user=by.user, expires_at__gt=clock.now())
    return list(rows.exclude(loadings__state__in=_UNDER_WAY).defer("data").order_by("-uploaded_at"))


@action("upload.choose", May.LOAD_FEEDS)
def choose(
    *,
    upload: UploadedFile,
    columns: Mapping[str, str],
    source_name: str,
    hospital_system: str = "",
    by: Actor,
) -> UploadedFile:
    """Keep the choices made for a file so far.

    Read by other choices the file has other readings: a load of it that was stopped cannot go on where it stood.
    """
    before = (upload.columns, upload.source_name, upload.hospital_system)
    upload.columns = check_columns(dict(columns), upload.name)
    upload.source_name = source_name.strip()[:100]
    upload.hospital_system = hospital_system.strip()[:100]
    upload.save(update_fields=["columns", "source_name", "hospital_system"])
    if before != (upload.columns, upload.source_name, upload.hospital_system):
        Loading.objects.filter(upload=upload, done__gt=0).exclude(state__in=_UNDER_WAY).update(upload=None)
    note(by, "upload.choose", subject=f"upload {upload.pk}")
    return upload


def options_for(upload: UploadedFile) -> FeedOptions:
    """How the file would be read under the choices made so far."""
    base = options_from(upload.service)
    return replace(
        base,
        feed=upload.source_name,
        columns=upload.columns,
        hospital_system=upload.hospital_system or base.hospital_system,
    )


def layout(upload: UploadedFile) -> Layout | None:
    """The columns of a CSV file; None for any other."""
    data = bytes(upload.data)
    return layout_of(data, options_for(upload)) if kind_of(upload.name, data) == "csv" else None


def preview(
    upload: UploadedFile, most: int | None = LOOKED_AT, progress: Callable[[int], None] = lambda _: None
) -> Preview:
    """The file as it would be read, ``most`` readings of it or all. Nothing is written.

    ``progress`` is told now and then how many have been read.
    """
    data, options = bytes(upload.data), options_for(upload)
    kind = kind_of(upload.name, data)
    counts, reasons = Counter[str](), Counter[str]()
    faults: list[str] = []
    refused: list[Rejection] = []
    first: list[tuple[str, tuple[Reading, ...]]] = []
    readings = read_bytes(upload.name, data, options)
    for number, reading in enumerate(islice(readings, most)):
        if number and number % LOOKED_AT == 0:
            progress(number)
        match reading:
            case Rejection(source=source, reason=reason) if not source.record:
                faults.append(reason)
            case Rejection(reason=reason):
                counts["left out"] += 1
                reasons[_without_numbers(reason)] += 1
                refused += [reading] if len(refused) < SHOWN else []
            case Notice(about="other", count=many):
                counts["other"] += many
            case Notice():
                counts["notice"] += 1
            case Observation():
                counts["observation"] += 1
            case Measured():
                counts["measured"] += 1
        if kind != "csv" and len(first) < SHOWN and not _is_other(reading):
            first.append((reading.source.position, (reading,)))
    if kind == "csv":
        first = [
            (f"line {line}", tuple(readings))
            for line, readings in first_rows(upload.name, data, options, SHOWN)
            if line
        ]
    return Preview(
        kind=kind,
        rows=tuple(first),
        observations=counts["observation"],
        measured=counts["measured"],
        notices=counts["notice"],
        others=counts["other"],
        left_out=counts["left out"],
        reasons=tuple(reasons.most_common(SHOWN)),
        refused=tuple(refused),
        faults=tuple(dict.fromkeys(faults)),
        layout=layout_of(data, options) if kind == "csv" else None,
        whole=most is None or next(readings, None) is None,
    )


def _is_other(reading: Reading) -> bool:
    return isinstance(reading, Notice) and reading.about == "other"


def _without_numbers(reason: str) -> str:
    """A reason without the row that it names, so that equal ones are counted together."""
    return reason.partition(", ")[2] if reason.startswith("line ") and ", " in reason else reason


@action("upload.discard", May.LOAD_FEEDS)
def discard(*, upload: UploadedFile, by: Actor) -> uuid.UUID:
    """Let a file go."""
    key = upload.pk
    note(by, "upload.discard", subject=f"upload {key}")
    upload.delete()
    return key
