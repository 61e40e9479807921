"""How much worse the cause of an alert is: steps, so that an alert that was decided comes back when it gets worse.

Written as ``egfr below 30, 25, 20``, ``denosumab_since from 7, 8, 9``, ``dialysis``, or ``not upright_30_min``. The
first step is where the alert begins; the steps after it are the service's own choice and decide nothing but when it is
asked again. What is not known is no step: it neither worsens nor betters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openfls.intervention.expression import Facts
from openfls.intervention.facts import WORDS
from openfls.record.errors import BadInput


@dataclass(frozen=True, slots=True)
class Worse:
    """The steps of one fact: numbers that it passes downwards (``below``) or reaches upwards, or a yes or no."""

    fact: str
    below: bool = False
    steps: tuple[float, ...] = ()
    no_is_bad: bool = False

    def level(self, facts: Facts) -> int:
        """How many steps have been passed; 0 where the fact is not known."""
        value = facts[self.fact].value
        if value is None or isinstance(value, frozenset):
            return 0
        if not self.steps:
            return int(bool(value) is not self.no_is_bad)
        return sum(value < step if self.below else value >= step for step in self.steps)

    @property
    def words(self) -> str:
        """For example ``eGFR below 30, 25, 20``."""
        if not self.steps:
            return f"not {WORDS[self.fact]}" if self.no_is_bad else WORDS[self.fact]
        steps = ", ".join(f"{step:g}" for step in self.steps)
        return f"{WORDS[self.fact]} {'below' if self.below else 'from'} {steps}"


def read_worse(text: str, where: str = "") -> Worse:
    """The steps that ``text`` writes.

    Raises:
        BadInput: it names no fact, or its steps are no numbers or do not get worse.
    """
    bare, no_is_bad = text.removeprefix("not "), text.startswith("not ")
    name, _, rest = bare.partition(" ")
    if name not in WORDS:
        raise BadInput(f"{name!r} in {text!r} is no fact", where=where)
    if not rest:
        return Worse(name, no_is_bad=no_is_bad)
    way, _, numbers = rest.partition(" ")
    try:
        steps = tuple(float(one) for one in numbers.split(","))
    except ValueError as error:
        raise BadInput(f"the steps of {text!r} are no numbers", where=where) from error
    below = way == "below"
    if way not in ("below", "from") or no_is_bad or list(steps) != sorted(set(steps), reverse=below):
        raise BadInput(f"the steps of {text!r} do not get worse", where=where)
    return Worse(name, below, steps)


def covers(known: Sequence[int], now: Sequence[int]) -> bool:
    """Whether what was ``known`` was at least as bad in every way as what is ``now``."""
    return len(known) == len(now) and all(was >= is_ for was, is_ in zip(known, now, strict=True))
