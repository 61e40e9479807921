"""Does the log hold? Every place where a row was altered, put in, taken out or moved, and where an end was cut off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from openfls.service.auditing.chain import START, hash_of
from openfls.service.auditing.lanes import CHANGES, LOOKS
from openfls.service.models import AuditEvent, Person, Service

ANCHORED = "audit.anchor"
"""The event in the lane of changes that holds the newest number and hash of every lane of looks."""
Heads = Mapping[int, tuple[int, str]]
"""The newest number and hash of each lane that has a row."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A place where a chain does not hold."""

    service: str
    number: int
    reason: str
    lane: int = CHANGES

    @property
    def words(self) -> str:
        """Where and what, in one line."""
        of = f" of lane {self.lane}" if self.lane else ""
        return f"event {self.number}{of}: {self.reason}"


@dataclass(slots=True)
class _Lane:
    """What is expected of one lane beside its own hashes."""

    expected: dict[int, str] = field(default_factory=dict)


def verify(service: Service, anchors: Iterable[Heads] = ()) -> tuple[int, list[Fault]]:
    """How many events the log of ``service`` has, and every fault of its chains.

    ``anchors`` are heads that were taken down before, outside of this database: the log must still hold them. Those
    that stand in the log itself are asked too. A record of people without one event of how they came in is a fault,
    whatever was anchored.
    """
    lanes = {lane: _Lane() for lane in range(LOOKS + 1)}
    for heads in anchors:
        _expect(lanes, heads)
    found = [_walk(service, lane, lanes) for lane in lanes]
    faults = [fault for _, faults in found for fault in faults]
    if not found[CHANGES][0] and Person.objects.filter(service=service).exists():
        faults.append(
            Fault(service.code, 1, "is missing, with every change: the record has people, its log is empty")
        )
    return sum(count for count, _ in found), faults


def _expect(lanes: dict[int, _Lane], heads: Heads) -> None:
    for lane, (number, digest) in heads.items():
        lanes.setdefault(lane, _Lane()).expected[number] = digest


def _walk(service: Service, lane: int, lanes: dict[int, _Lane]) -> tuple[int, list[Fault]]:
    faults: list[Fault] = []

    def fault(number: int, reason: str) -> None:
        faults.append(Fault(service.code, number, reason, lane))

    previous, following, count = START, 1, 0
    expected = lanes[lane].expected
    seen: set[int] = set()
    for event in AuditEvent.objects.filter(service=service, lane=lane).order_by("number").iterator():
        count += 1
        if event.number != following:
            fault(event.number, f"event {following} is missing")
        if event.previous != previous:
            fault(event.number, "does not follow the event before it")
        if event.hash != hash_of(event):
            fault(event.number, "was altered")
        if event.number in expected:
            seen.add(event.number)
            if event.hash != expected[event.number]:
                fault(event.number, "is not the event that was anchored")
        previous, following = event.hash, event.number + 1
        if event.action == ANCHORED and lane == CHANGES:
            _expect(lanes, heads_from(event.detail.get("heads")))
    for number in sorted(set(expected) - seen):
        fault(number, "was anchored and is missing: the end was cut off")
    return count, faults


def heads_from(kept: object) -> Heads:
    """The heads as an event keeps them; none where they are of another shape, which its hash then tells."""
    if not isinstance(kept, dict):
        return {}
    return {int(lane): (int(number), str(digest)) for lane, (number, digest) in kept.items()}
