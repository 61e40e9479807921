"""Rows of a delivery that were known already, and had been left out: counted by where they came first, and why."""

from __future__ import annotations

import re

from openfls.service.models import Delivery, FeedRow

MOST = 40
"""So many reasons are told apart; further ones are counted together."""
OTHERS = "other reasons"
_ROW = re.compile(r"^(?:line|row|message) \d+, ")


def count_left_out(delivery: Delivery, row: FeedRow) -> None:
    """Count a known row that stands left out. One that was put forward, or waits for a person, was not."""
    if row.outcome != FeedRow.Outcome.REJECTED or row.waiting is not None:
        return
    first = row.delivery_id or delivery.pk
    reason = _ROW.sub("", row.reason)
    told = delivery.left_out_before
    same = next((each for each in told if (each["delivery"], each["reason"]) == (first, reason)), None)
    if same is None and len(told) >= MOST:
        reason = OTHERS
        same = next((each for each in told if (each["delivery"], each["reason"]) == (first, reason)), None)
    if same is None:
        told.append({"delivery": first, "reason": reason, "rows": 1})
    else:
        same["rows"] += 1
