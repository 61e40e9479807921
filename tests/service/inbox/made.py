"""Messages for the tests of the inbox, and frames around them."""

from __future__ import annotations

from datetime import UTC, datetime

from openfls.service.inbox.arrivals import Arrival, arrival_of
from openfls.service.inbox.framing import Framer, framed

LONGEST = 100_000
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def message(control: str = "M1", kind: str = "ADT^A08", *segments: str, person: int = 1) -> bytes:
    """A message about one invented person."""
    pid = f"PID|1||A{person}^^^RXX^MR||EXAMPLE{person}^ADA||19500301|F"
    lines = [f"MSH|^~\\&|RIS|RXX|FLS|RXX|20260601110000||{kind}|{control}|P|2.4", pid, *segments]
    return "\r".join(lines).encode() + b"\r"


def report(
    control: str, text: str = "Comminuted fracture of the left distal radius.", person: int = 1
) -> bytes:
    """A radiology report."""
    obr = f"OBR|1||F{control}|XRWRI^XR Wrist|||202605301100|||||||||||||||||RAD|F"
    return message(control, "ORU^R01", obr, f"OBX|1|TX|R^Report||{text}||||||F", person=person)


def arrival(content: bytes, longest: int = LONGEST) -> Arrival:
    """A message as it arrives in one frame."""
    (frame,) = Framer(longest).feed(framed(content))
    return arrival_of(frame, NOON, longest)
