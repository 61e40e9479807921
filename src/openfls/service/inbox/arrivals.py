"""A frame with what is known of it at once: who sent it, and whether it can be read at all. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from openfls.service.inbox.framing import Fault, Frame
from openfls.service.inbox.header import Header, NoHeader, header_of


@dataclass(frozen=True, slots=True)
class Arrival:
    """One frame as it arrived. ``refusal`` is empty where the message can be read; it names no content."""

    frame: Frame
    header: Header | None
    refusal: str
    at: datetime

    @property
    def is_kept(self) -> bool:
        """Whether there is anything to keep. Of a message that was cut off its sender still has the whole."""
        return self.frame.fault is not Fault.CUT_OFF and bool(self.frame.content.strip())


def arrival_of(frame: Frame, at: datetime, longest: int) -> Arrival:
    """What a frame is; ``longest`` is the largest message taken, in bytes."""
    try:
        header, refusal = header_of(frame.content), ""
    except NoHeader as error:
        header, refusal = None, str(error)
    if frame.fault is Fault.TOO_LARGE:
        refusal = f"too large: {frame.size} bytes; the limit is {longest}"
    elif frame.fault is not Fault.NONE:
        refusal = f"not framed: {frame.fault.value}"
    return Arrival(frame, header, refusal, at)
