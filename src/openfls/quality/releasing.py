"""Counts as they may leave: parts of rounded running totals, so that no files laid over each other tell a small one.

The counts of a sequence (months, one after the other; the reasons of a year, in their order) are added up from nought,
each total is rounded down to a multiple of 5, and a part is the difference of the two totals at its ends. So

* every part is a multiple of 5, and at most 4 away from the truth, however long it is;
* parts add up exactly: months to quarters, quarters to years, reasons to all that were missed. A file of other parts
  tells nothing that the finest parts do not tell already;
* a part shown as 0 may be each of 0 to 4, and one shown as 5 each of 1 to 9, whatever else of the sequence is shown: a
  total may lie anywhere in its five, the lower one at its lowest and the higher one at its highest. So 1, 2, 3 and 4
  cannot be told apart, by any number of files.

It is controlled rounding, as offices of statistics do it, for the one case in which it is simple: a sequence. What
would not be parts of one sequence (two splits across each other, say) does not leave.
"""

from __future__ import annotations

from collections.abc import Sequence

BASE = 5
MOST_OFF = BASE - 1
"""How far a part may be from the truth."""


def rounded(total: int) -> int:
    """A running total as it is used. Down, not to the nearest: who knows that the first total is nought would know of a
    first part that it is 0, 1 or 2."""
    return total // BASE * BASE


def part(before: int, upto: int) -> int:
    """What lies between two running totals, as it may leave."""
    return rounded(upto) - rounded(before)


def parts(counts: Sequence[int], before: int = 0) -> list[int]:
    """Each count of a sequence as it may leave; ``before`` is the running total with which the sequence begins."""
    found = []
    for count in counts:
        found.append(part(before, before + count))
        before += count
    return found
