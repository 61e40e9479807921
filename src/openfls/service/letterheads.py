"""A service's letterhead and wording as they hold now: its own where it has set them, else the standard."""

from __future__ import annotations

from functools import lru_cache

from openfls.information.context import ServiceDetails
from openfls.information.letter import LetterKind
from openfls.information.local_check import wording_with
from openfls.information.wording import LetterWording, Wording, default_wording
from openfls.record.errors import BadInput
from openfls.service.models import Letterhead, LocalWording, Service


def newest_letterhead(service: Service) -> Letterhead | None:
    """The letterhead that counts; none where the service has set none."""
    return Letterhead.objects.filter(service=service).order_by("-pk").first()


def letterhead_of(service: Service) -> ServiceDetails:
    """What stands around the letters of ``service``: its letterhead, or what is known of it without one."""
    row = newest_letterhead(service)
    if row is None:
        return ServiceDetails(
            name=service.name,
            address=tuple(service.address.splitlines()),
            phone=service.telephone,
            email=service.email,
        )
    return ServiceDetails(
        name=row.name,
        address=_lines(row.address),
        phone=row.telephone,
        email=row.email,
        hours=row.hours,
        letterhead=_lines(row.above),
        signature_lines=_lines(row.signature),
    )


def newest_wordings(service: Service) -> dict[str, LocalWording]:
    """The newest row of each kind, one that leads back to the standard included."""
    return {row.kind: row for row in LocalWording.objects.filter(service=service).order_by("pk")}


def wording_of(service: Service) -> Wording:
    """The wording that letters of ``service`` are written in.

    A wording that this version can no longer read (a field was renamed) gives way to the standard one, rather than
    stop every letter; `unreadable` tells of it.
    """
    own = {
        LetterKind(kind): found
        for kind, row in newest_wordings(service).items()
        if row.text and (found := _read(kind, row.text)) is not None
    }
    return {**default_wording(), **own}


def unreadable(row: LocalWording) -> bool:
    """Whether a kept wording can no longer be used."""
    return bool(row.text) and _read(row.kind, row.text) is None


@lru_cache(maxsize=64)
def _read(kind: str, text: str) -> LetterWording | None:
    try:
        return wording_with(LetterKind(kind), text)
    except (BadInput, ValueError):
        return None


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())
