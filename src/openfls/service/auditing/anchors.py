"""Anchors: the newest hash of every chain, kept where the chain cannot reach, so that a cut end is found.

The heads of the lanes of looks are chained into the lane of changes; all of them are written to a file that is printed
or kept on another machine. One line a lane: service, lane, number, hash.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from openfls.record.errors import BadInput
from openfls.service import audit
from openfls.service.actor import system_actor
from openfls.service.auditing.lanes import CHANGES, LOOKS
from openfls.service.auditing.verifying import ANCHORED, Heads, heads_from
from openfls.service.models import AuditEvent, Service


def heads(service: Service) -> Heads:
    """The newest number and hash of each lane that has a row."""
    found: dict[int, tuple[int, str]] = {}
    for lane in range(LOOKS + 1):
        rows = AuditEvent.objects.filter(service=service, lane=lane).order_by("-number")
        if last := rows.values_list("number", "hash").first():
            found[lane] = last
    return found


def anchor(service: Service) -> bool:
    """Chain the heads of the looks into the changes; False where nobody has looked since it was last done."""
    looks = {lane: head for lane, head in heads(service).items() if lane != CHANGES}
    changes = AuditEvent.objects.filter(service=service, lane=CHANGES, action=ANCHORED).order_by("-number")
    last = changes.first()
    if not looks or (last and heads_from(last.detail.get("heads")) == looks):
        return False
    kept = {str(lane): list(head) for lane, head in looks.items()}
    audit.record(system_actor(service), ANCHORED, subject=f"service {service.code}", heads=kept)
    return True


def lines(service: Service) -> Iterator[str]:
    """The anchor of a service as lines to print."""
    for lane, (number, digest) in heads(service).items():
        yield f"{service.code} {lane} {number} {digest}"


def read_lines(text: Iterable[str]) -> dict[str, list[Heads]]:
    """The heads of each service from the lines of one or several anchors.

    Raises:
        BadInput: a line is none.
    """
    found: dict[str, list[Heads]] = defaultdict(list)
    for number, line in enumerate(text, 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            code, lane, count, digest = line.split()
            found[code].append({int(lane): (int(count), digest)})
        except ValueError as error:
            raise BadInput(
                "is not “service lane number hash”", where=f"line {number} of the anchor"
            ) from error
    return found
