"""What each source says of one field, and which of them counts. Where two disagree, none does until somebody chooses.

The rules, in their order:

1. What a person answered after a result had come counts: the result stood before her eyes.
2. Of results, those of the newest day count; of one source on one day, the latest.
3. A result of a later day than the answer takes its place; the answer stays beside it.
4. Anything else that differs is a conflict: nothing counts, and both are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from openfls.investigation.bloods import Expiry
from openfls.record.questions import Question, Value

TYPED, FEED, PERSON, COMPUTED, EARLIER = "typed", "feed", "person", "computed", "earlier"
RECORD = "record"
"""What the record of the person's fractures says (`service.investigation.earlier_fractures`)."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One source's value. ``on`` is the day to which it belongs, ``time`` the time of that day, ``at`` when we knew.

    ``key`` names the row behind it (``answer-12``, ``told-7``), ``by`` the user who wrote it down.
    """

    kind: str
    value: Value
    on: date
    at: datetime
    source: str
    key: str = ""
    by: str = ""
    time: str = ""
    comparator: str = ""
    as_sent: str = ""
    preliminary: bool = False
    corrected: bool = False

    def words(self, question: Question) -> str:
        """The value as a reader sees it, with its unit."""
        return f"{self.comparator}{question.words(self.value)}"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one field.

    ``counts`` is what everything is reckoned with; None where nothing is known or where ``rivals`` disagree.
    ``beside`` are other claims that differ and do not count; ``waiting`` is what the person said, to be accepted;
    ``offered`` is what an earlier episode or an unjudged fracture on record says, to be confirmed.
    """

    field: str
    counts: Claim | None = None
    rivals: tuple[Claim, ...] = ()
    beside: tuple[Claim, ...] = ()
    waiting: tuple[Claim, ...] = ()
    offered: Claim | None = None
    expiry: Expiry | None = None

    @property
    def value(self) -> Value:
        """The value that counts; None where it is not known or in doubt."""
        return self.counts.value if self.counts else None

    @property
    def expired(self) -> bool:
        """Whether the value is older than it may be used for."""
        return self.expiry is not None and self.expiry.expired


def settle(field: str, answer: Claim | None, told: Sequence[Claim]) -> Known:
    """Which of the claims counts, by the rules above."""
    results = _newest(told)
    if not results:
        return Known(field, counts=answer if answer is not None and answer.value is not None else None)
    values = {_plain(claim.value) for claim in results}
    if answer is not None and answer.at >= max(claim.at for claim in results):
        differ = tuple(claim for claim in results if _plain(claim.value) != _plain(answer.value))
        return Known(field, counts=answer if answer.value is not None else None, beside=differ)
    newest = max(results, key=lambda claim: claim.at)
    if answer is None or answer.value is None or answer.on < newest.on:
        if len(values) > 1:
            return Known(field, rivals=tuple(results))
        differs = answer is not None and answer.value is not None and _plain(answer.value) not in values
        return Known(field, counts=newest, beside=(answer,) if answer is not None and differs else ())
    if values == {_plain(answer.value)}:
        return Known(field, counts=newest)
    return Known(field, rivals=(answer, *results))


def _newest(told: Sequence[Claim]) -> list[Claim]:
    """The results of the newest day: of one source the latest of that day, where it told the time."""
    if not told:
        return []
    day = max(claim.on for claim in told)
    last: dict[str, list[Claim]] = {}
    for claim in sorted((claim for claim in told if claim.on == day), key=lambda claim: claim.time):
        earlier = last.get(claim.source, [])
        superseded = claim.time and all(each.time and each.time < claim.time for each in earlier)
        last[claim.source] = [claim] if superseded else [*earlier, claim]
    return [claim for claims in last.values() for claim in claims]


def _plain(value: Value) -> Value:
    """A value for comparing: 82 and 82.0 are the same."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def same_value(one: Value, other: Value) -> bool:
    """Whether two values say the same: 82 and 82.0 do, yes and 1 do not."""
    return isinstance(one, bool) == isinstance(other, bool) and _plain(one) == _plain(other)


def moved_to(claim: Claim, on: date) -> Claim:
    """The claim as belonging to another day: a T-score belongs to the day of its scan."""
    return replace(claim, on=on)
