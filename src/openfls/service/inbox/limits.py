"""What a listener takes at most. The figures are our own choice; no standard sets them."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes and seconds."""

    message: int = 8 * 1024 * 1024
    """The largest message in bytes; a larger one is refused with AR, and its connection goes on."""
    connections: int = 32
    """Senders at once. A further one takes the place of who has been here longest without a message that could be
    read; where each has sent one, it is closed at once."""
    senders: tuple[IPv4Network | IPv6Network, ...] = ()
    """Addresses from which messages are taken; any, where none is named."""
    idle: float = 30 * 60.0
    """Seconds that a connection may be silent between two messages."""
    within: float = 30.0
    """Seconds that a connection may be silent inside a message."""
    whole: float = 120.0
    """Seconds from the first byte of a message to its last, however steadily it drips in."""
    refused_in_a_row: int = 100
    """Frames of a connection that cannot be read, one behind the other, after which it is closed."""
    last_byte: float = 0.3
    """Seconds to wait for the carriage return behind an end block; some senders leave it out."""
    writing: float = 30.0
    """Seconds that a sender may take to accept its answers."""
    after_a_fault: float = 1.0
    """Seconds before AE is sent, so that a sender which repeats at once does not make things worse."""
    stopping: float = 25.0
    """Seconds in which what is in hand is finished when told to stop."""

    def takes_from(self, address: str) -> bool:
        """Whether a sender at that address is let in."""
        return not self.senders or any(ip_address(address) in network for network in self.senders)
