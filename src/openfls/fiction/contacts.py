"""Who does the work, and the calls they make."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from openfls.fiction.tables import table
from openfls.fiction.values import ContactOutcome, ContactStep, Role

_IN_VAIN = (
    ContactOutcome.NO_ANSWER,
    ContactOutcome.NO_ANSWER,
    ContactOutcome.MESSAGE_LEFT,
    ContactOutcome.WRONG_NUMBER,
)
_CALLS_BEFORE_GIVING_UP = 3
_DAYS_BETWEEN = 7


def staff(role: Role) -> str:
    """The user name of the member of staff with ``role``."""
    return str(next(row["username"] for row in table("places")["staff"] if row["role"] == role))


def calls(
    chance: Random, on: date, by: str, about: str, *, reached: bool, after: date
) -> tuple[ContactStep, ...]:
    """The calls that ended on ``on``: up to two in vain before somebody answers, or three in vain.

    A week lies between two calls, so that each falls on a working day; none is made before ``after``.
    """
    before = chance.choice((0, 0, 0, 1, 1, 2)) if reached else _CALLS_BEFORE_GIVING_UP - 1
    last = ContactOutcome.REACHED if reached else chance.choice(_IN_VAIN)
    earlier = [on - timedelta(days=_DAYS_BETWEEN * weeks) for weeks in range(before, 0, -1)]
    return (
        *(ContactStep(day, by, about, chance.choice(_IN_VAIN)) for day in earlier if day >= after),
        ContactStep(on, by, about, last),
    )
