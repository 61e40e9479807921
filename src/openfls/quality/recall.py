"""How much a reader finds, from a sampled audit of what it passed over.

Of the reports passed over, one in ``one_in`` was drawn by chance; ``audited`` of these were read by a person, who found
something in ``missed``. With ``right`` reports that the reader put forward and a person confirmed:

    passed over  N = drawn × one_in
    misses       M = N × missed ÷ audited
    recall         = right ÷ (right + M)

The interval carries over that of the share missed ÷ audited (Wilson, 95 %); ``right`` and N are taken as known.
"""

from __future__ import annotations

from dataclasses import dataclass

from openfls.quality.intervals import Share, wilson

FEWEST = 30
"""Audited reports below which no recall is given; ours. Even 30 without a miss leave up to 11 % missed."""


@dataclass(frozen=True, slots=True)
class Recall:
    """The estimate and what it is made of. ``value`` and its bounds are None where too little is known."""

    right: int
    drawn: int
    one_in: int
    share_missed: Share
    value: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def passed_over(self) -> int:
        """How many reports were passed over, from the number drawn."""
        return self.drawn * self.one_in

    @property
    def misses(self) -> float | None:
        """How many of them tell of a fracture, as far as the sample can say."""
        share = self.share_missed.value
        return None if share is None else self.passed_over * share

    @property
    def too_few(self) -> bool:
        """Whether too few were audited to say."""
        return self.share_missed.of < FEWEST


def recall(*, right: int, drawn: int, one_in: int, audited: int, missed: int) -> Recall:
    """The recall of the reader by the formula above; without a value where fewer than `FEWEST` were audited, or
    nothing that it put forward was confirmed."""
    share = wilson(missed, audited)
    known = Recall(right, drawn, one_in, share)
    if known.too_few or right == 0:
        return known

    def at(part: float) -> float:
        return right / (right + known.passed_over * part)

    return Recall(right, drawn, one_in, share, at(share.value or 0.0), at(share.high), at(share.low))
