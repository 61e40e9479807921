"""Conditions about the fractures a person has had.

A fracture counts once a person has judged it a fragility fracture. Until somebody has asked for every earlier
fracture (`Picture.fracture_history_taken`), "none listed" is not "none".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from openfls.investigation.logic import NOT_KNOWN, Condition, Judgement, Trial
from openfls.record.advice import Answer
from openfls.record.picture import PastFracture, Picture
from openfls.record.sites import MAJOR_OSTEOPOROTIC, Site


def months_before(day: date, months: int) -> date:
    """The same day ``months`` earlier; the last day of the month where it is shorter."""
    total = day.year * 12 + day.month - 1 - months
    year, month = divmod(total, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError  # every month has 28 days


def _shown(fracture: PastFracture) -> str:
    judged = {True: "fragility", False: "not fragility", None: "not judged"}[fracture.fragility]
    when = fracture.on.isoformat() if fracture.on else "date not known"
    return f"{fracture.site.value}, {when}, {judged}"


@dataclass(frozen=True, slots=True)
class HadFractures(Condition):
    """At least ``count`` fragility fractures, of ``sites`` (None: any bone), within ``months`` (None: ever).

    ``vertebrae`` counts broken vertebrae, not fractures. A date after the picture's day is not believed.
    """

    count: int
    sites: frozenset[Site] | None
    months: int | None
    name: str
    vertebrae: bool = False

    def _one(self, fracture: PastFracture, picture: Picture) -> tuple[Answer, tuple[str, ...]]:
        lacking: list[str] = []
        if self.sites is not None and fracture.site not in self.sites:
            if fracture.site is not Site.UNSPECIFIED:
                return Answer.NO, ()
            lacking.append("site")
        if fracture.fragility is False:
            return Answer.NO, ()
        if fracture.fragility is None:
            lacking.append("fragility")
        if self.months is not None:
            if fracture.on is None or fracture.on > picture.on:
                lacking.append("on")
            elif fracture.on < months_before(picture.on, self.months):
                return Answer.NO, ()
        return (Answer.UNKNOWN, tuple(lacking)) if lacking else (Answer.YES, ())

    def judge(self, picture: Picture) -> Judgement:
        """NO only where the history has been taken and too few fractures could count."""
        sure = possible = 0
        inputs: list[tuple[str, str]] = []
        lacking: list[str] = []
        for index, fracture in enumerate(picture.fractures):
            answer, missing = self._one(fracture, picture)
            weight = max(1, len(fracture.levels)) if self.vertebrae else 1
            inputs.append((f"fractures[{index}]", _shown(fracture)))
            if answer is Answer.YES:
                sure += weight
            elif answer is Answer.UNKNOWN:
                possible += weight
                lacking.extend(f"fractures[{index}].{name}" for name in missing)
        if sure >= self.count:
            return Judgement(Answer.YES, tuple(inputs))
        taken = picture.fracture_history_taken
        inputs.append(("fracture_history_taken", {True: "yes", False: "no", None: NOT_KNOWN}[taken]))
        if not taken:
            return Judgement(Answer.UNKNOWN, tuple(inputs), (*lacking, "fracture_history_taken"))
        if sure + possible >= self.count:
            return Judgement(Answer.UNKNOWN, tuple(inputs), tuple(lacking))
        return Judgement(Answer.NO, tuple(inputs))

    def words(self) -> str:
        """The name."""
        return self.name

    def trials(self, picture: Picture) -> Iterator[Trial]:
        """Judging each open fracture, and taking the history without and with a further fracture."""
        for index, fracture in enumerate(picture.fractures):
            answer, missing = self._one(fracture, picture)
            if answer is Answer.UNKNOWN and "fragility" in missing:
                for value, shown in ((True, "yes"), (False, "no")):
                    changed = _with(picture, index, replace(fracture, fragility=value))
                    yield Trial(f"fractures[{index}].fragility", shown, changed)
            if answer is Answer.UNKNOWN and "on" in missing:
                changed = _with(picture, index, replace(fracture, on=picture.on))
                yield Trial(f"fractures[{index}].on", "recent", changed)
        if not picture.fracture_history_taken:
            asked = replace(picture, fracture_history_taken=True)
            yield Trial("fracture_history_taken", "nothing further", asked)
            site = min(self.sites) if self.sites else Site.OTHER
            further = PastFracture(site, picture.on if self.months is not None else None, fragility=True)
            grown = replace(asked, fractures=(*picture.fractures, *(further for _ in range(self.count))))
            yield Trial("fracture_history_taken", self.name, grown)


def _with(picture: Picture, index: int, fracture: PastFracture) -> Picture:
    fractures = list(picture.fractures)
    fractures[index] = fracture
    return replace(picture, fractures=tuple(fractures))


HIP_OR_SPINE = frozenset({Site.HIP, Site.VERTEBRA})

ANY_FRAGILITY = HadFractures(1, None, None, "a previous fragility fracture")
TWO_FRAGILITY = HadFractures(2, None, None, "two or more fragility fractures")
HIP_OR_VERTEBRAL = HadFractures(1, HIP_OR_SPINE, None, "a hip or vertebral fragility fracture, ever")
ANY_MAJOR = HadFractures(1, MAJOR_OSTEOPOROTIC, None, "a major osteoporotic fracture, ever")
TWO_MAJOR = HadFractures(2, MAJOR_OSTEOPOROTIC, None, "two or more major osteoporotic fractures")
RECENT_MAJOR = HadFractures(1, MAJOR_OSTEOPOROTIC, 24, "a major osteoporotic fracture in the last 24 months")
RECENT_FRAGILITY = HadFractures(1, None, 24, "a fragility fracture in the last 24 months")
RECENT_VERTEBRAL = HadFractures(
    1, frozenset({Site.VERTEBRA}), 24, "a vertebral fracture in the last 24 months"
)
TWO_VERTEBRAL = HadFractures(
    2, frozenset({Site.VERTEBRA}), None, "two or more vertebral fractures", vertebrae=True
)
