"""Acknowledgements: what the sender is told, as bytes. Pure.

| | means | the sender should |
|---|---|---|
| AA | kept for good | go on |
| AE | not kept: the database could not | send it again |
| AR | cannot be used, whoever sends it how often; kept with the reason | mend it |
"""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum

from openfls.service.inbox.framing import framed
from openfls.service.inbox.header import Header

_REASON_LENGTH = 80  # MSA-3 before version 2.7
_OURSELVES = b"OPENFLS"
_PLAIN = Header(b"|", b"^~\\&", (b"MSH", b"|", b"^~\\&"), b"")


class Code(StrEnum):
    """MSA-1."""

    ACCEPT = "AA"
    ERROR = "AE"
    REJECT = "AR"


def answer(header: Header | None, code: Code, reason: str, *, at: datetime, own_id: str) -> bytes:
    """The framed acknowledgement of the message with that header, in its separators, echoing its control id.

    ``own_id`` is the answer's own control id, at most 20 characters.
    """
    to = header or _PLAIN
    mark = to.separator
    fields = [
        b"MSH",
        to.encoding,
        to.field(5) or _OURSELVES,
        to.field(6),
        to.field(3),
        to.field(4),
        at.strftime("%Y%m%d%H%M%S%z").encode(),
        b"",
        _kind(to),
        own_id.encode(),
        to.field(11) or b"P",
        to.field(12) or b"2.4",
    ]
    if to.field(18):
        # The echoed bytes are in the sender's character set.
        fields += [b""] * 5 + [to.field(18)]
    told = [b"MSA", code.value.encode(), to.control_id]
    if reason:
        told.append(_words(reason, to))
    return framed(mark.join(fields) + b"\r" + mark.join(told) + b"\r")


def _kind(header: Header) -> bytes:
    component = header.encoding[:1]
    parts = header.field(9).split(component)
    event = parts[1] if len(parts) > 1 else b""
    if not event:
        return b"ACK"
    return component.join([b"ACK", event, b"ACK"] if len(parts) > 2 else [b"ACK", event])


def _words(reason: str, header: Header) -> bytes:
    marks = header.separator + header.encoding
    plain = reason.encode("ascii", "replace")[:_REASON_LENGTH]
    return re.sub(b"[" + re.escape(marks) + rb"\x00-\x1f]", b" ", plain)
