"""Conditions on a recorded FRAX result against the NOGG thresholds. FRAX itself is never computed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from openfls.investigation.logic import NOT_KNOWN, Condition, Judgement, Trial
from openfls.investigation.nogg import AGES, Between, Classified, RiskClass, classify_picture, thresholds
from openfls.record.advice import Answer
from openfls.record.picture import FraxResult, Picture


@dataclass(frozen=True, slots=True)
class _Frax(Condition):
    """Something about the recorded FRAX result against the thresholds for the person's age."""

    between: Between

    def _holds(self, found: Classified) -> bool:
        raise NotImplementedError

    def judge(self, picture: Picture) -> Judgement:
        """Missing without age or FRAX. Below 50 the table does not reach: NO, and the trace says why."""
        age, frax = picture.age, picture.frax
        inputs = [
            ("age", NOT_KNOWN if age is None else f"{age} years"),
            (
                "frax",
                NOT_KNOWN
                if frax is None
                else f"major {frax.major_osteoporotic_pct:g} %, hip {frax.hip_pct:g} %",
            ),
        ]
        if age is not None and not AGES[0] <= age <= AGES[1]:
            return Judgement(
                Answer.NO, (*inputs, ("thresholds", f"none for the age of {age}; they begin at 50"))
            )
        if age is None or frax is None:
            lacking = (("age", age), ("frax", frax))
            return Judgement(
                Answer.UNKNOWN, tuple(inputs), tuple(name for name, value in lacking if value is None)
            )
        found = classify_picture(picture, self.between)
        assert found is not None
        inputs.append(("class", f"{found.risk.value} (major {found.major.value}, hip {found.hip.value})"))
        if found.other is not None:
            inputs.append(("class by the other rule between ages", found.other.value))
        return Judgement(Answer.YES if self._holds(found) else Answer.NO, tuple(inputs))

    def trials(self, picture: Picture) -> Iterator[Trial]:
        """An age, or a FRAX result in each class."""
        if picture.age is None:
            for age in (50, 60, 70):
                yield Trial("age", f"{age} years", replace(picture, age=age))
        elif picture.frax is None and AGES[0] <= picture.age <= AGES[1]:
            major, _ = thresholds(picture.age, self.between)
            steps = (0.0, major.lower, major.intervention, major.upper, major.very_high)
            for percent in steps:
                frax = FraxResult(percent, 0.0, picture.on, "UK", with_bmd=False)
                shown = f"major osteoporotic fracture {percent:g} %"
                yield Trial("frax", shown, replace(picture, frax=frax))


@dataclass(frozen=True, slots=True)
class FraxClass(_Frax):
    """The class is one of ``classes``."""

    classes: tuple[RiskClass, ...] = ()

    def _holds(self, found: Classified) -> bool:
        return found.risk in self.classes

    def words(self) -> str:
        """For example ``FRAX class high or very high``."""
        return "FRAX class " + " or ".join(one.value for one in self.classes)


@dataclass(frozen=True, slots=True)
class AboveIntervention(_Frax):
    """FRAX for a major or a hip fracture reaches the intervention threshold."""

    def _holds(self, found: Classified) -> bool:
        return found.above_intervention

    def words(self) -> str:
        """For the reference page."""
        return "FRAX (major or hip) at or above the intervention threshold"


@dataclass(frozen=True, slots=True)
class FraxWithBmd(Condition):
    """The recorded FRAX result was calculated with bone density."""

    def judge(self, picture: Picture) -> Judgement:
        """Missing without a FRAX result."""
        if picture.frax is None:
            return Judgement(Answer.UNKNOWN, (("frax.with_bmd", NOT_KNOWN),), ("frax",))
        shown = "yes" if picture.frax.with_bmd else "no"
        return Judgement(Answer.YES if picture.frax.with_bmd else Answer.NO, (("frax.with_bmd", shown),))

    def words(self) -> str:
        """For the reference page."""
        return "FRAX was calculated with bone density"
