"""What a listener takes at most. The figures are our own choice; no standard sets them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes and seconds."""

    message: int = 8 * 1024 * 1024
    """The largest message in bytes; a larger one is refused with AR, and its connection goes on."""
    connections: int = 32
    """Senders at once; a further one is closed at once."""
    idle: float = 30 * 60.0
    """Seconds that a connection may be silent between two messages."""
    within: float = 30.0
    """Seconds that a connection may be silent inside a message."""
    last_byte: float = 0.3
    """Seconds to wait for the carriage return behind an end block; some senders leave it out."""
    writing: float = 30.0
    """Seconds that a sender may take to accept its answers."""
    after_a_fault: float = 1.0
    """Seconds before AE is sent, so that a sender which repeats at once does not make things worse."""
    stopping: float = 25.0
    """Seconds in which what is in hand is finished when told to stop."""
