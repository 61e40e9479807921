"""The conditions that guideline packs share: age, sex, steroids, T-scores, risk from a recorded score."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from openfls.investigation.dxa import site_scores, with_site
from openfls.investigation.fractures import months_before
from openfls.investigation.logic import (
    NOT_KNOWN,
    Condition,
    Flag,
    Judgement,
    Named,
    SexIs,
    Shown,
    Trial,
)
from openfls.investigation.numbers import Number, Reading, field_number, shown_number
from openfls.record.advice import Answer
from openfls.record.people import Sex
from openfls.record.picture import BoneDensity, FraxResult, Picture, Smoking

AGE = field_number("age", "years")
WOMAN = SexIs(Sex.FEMALE)
MAN = SexIs(Sex.MALE)
POSTMENOPAUSAL = Flag("postmenopausal")

FIFTY_OR_POSTMENOPAUSAL = Named(
    AGE.at_least(50) | (WOMAN & POSTMENOPAUSAL), "age at least 50 or a postmenopausal woman"
)
UNDER_FIFTY_NOT_POSTMENOPAUSAL = Named(
    AGE.below(50) & (MAN | (WOMAN & ~POSTMENOPAUSAL)), "a man or premenopausal woman under 50"
)

PREDNISOLONE = field_number("prednisolone_mg_day", "mg a day", 0.5, "prednisolone or equivalent")
GLUCOCORTICOID_MONTHS = field_number("glucocorticoid_months", "months", label="glucocorticoids for")
GLUCOCORTICOIDS_NOW = Flag("glucocorticoids_now")


def glucocorticoids(mg_day: float, months: float, more_than: bool = False) -> Condition:
    """Prednisolone or its equivalent at ``mg_day`` or more, for at least (or more than) ``months`` months."""
    lasting = GLUCOCORTICOID_MONTHS.above(months) if more_than else GLUCOCORTICOID_MONTHS.at_least(months)
    return GLUCOCORTICOIDS_NOW & PREDNISOLONE.at_least(mg_day) & lasting


HEIGHT_LOSS = field_number("height_loss_cm", "cm", 0.5, "height loss")
EGFR = field_number("egfr", "mL/min/1.73 m²", label="eGFR")
FALLS = field_number("falls_last_year", "in the last year", label="falls")
GAIT_SPEED = field_number("gait_speed_m_s", "m/s", 0.1, "gait speed")
TIMED_UP_AND_GO = field_number("timed_up_and_go_s", "s", label="timed up and go")


def _read_frax(picture: Picture, hip: bool) -> Reading:
    name = "frax.hip_pct" if hip else "frax.major_osteoporotic_pct"
    value = None
    if picture.frax is not None:
        value = picture.frax.hip_pct if hip else picture.frax.major_osteoporotic_pct
    return Reading(value, ((name, shown_number(value, "%")),), () if value is not None else (name,))


def _learn_frax(picture: Picture, value: float, hip: bool) -> Picture:
    known = picture.frax or FraxResult(0.0, 0.0, picture.on, "UK", with_bmd=False)
    changed = replace(known, hip_pct=value) if hip else replace(known, major_osteoporotic_pct=value)
    return replace(picture, frax=changed)


FRAX_MAJOR = Number(
    "FRAX major osteoporotic fracture",
    "%",
    lambda picture: _read_frax(picture, hip=False),
    lambda picture, value: _learn_frax(picture, value, hip=False),
)
FRAX_HIP = Number(
    "FRAX hip fracture",
    "%",
    lambda picture: _read_frax(picture, hip=True),
    lambda picture, value: _learn_frax(picture, value, hip=True),
    0.1,
)


def _read_major_risk(picture: Picture) -> Reading:
    """The higher of the recorded scores; a QFracture over fewer than ten years is the least it can be."""
    frax = picture.frax.major_osteoporotic_pct if picture.frax else None
    qfracture = picture.qfracture.major_osteoporotic_pct if picture.qfracture else None
    known = [value for value in (frax, qfracture) if value is not None]
    inputs = (
        ("frax.major_osteoporotic_pct", shown_number(frax, "%")),
        ("qfracture.major_osteoporotic_pct", shown_number(qfracture, "%")),
    )
    missing = ("frax.major_osteoporotic_pct or qfracture.major_osteoporotic_pct",)
    return Reading(max(known), inputs) if known else Reading(None, inputs, missing)


MAJOR_RISK = Number(
    "10-year risk of a major osteoporotic fracture (FRAX or QFracture, the higher)",
    "%",
    _read_major_risk,
    lambda picture, value: _learn_frax(picture, value, hip=False),
)


def _read_z(picture: Picture) -> Reading:
    value = picture.bone_density.lowest_z if picture.bone_density else None
    name = "bone_density.lowest_z"
    return Reading(value, ((name, shown_number(value, "")),), () if value is not None else (name,))


def _learn_z(picture: Picture, value: float) -> Picture:
    return replace(
        picture, bone_density=replace(picture.bone_density or BoneDensity(picture.on), lowest_z=value)
    )


LOWEST_Z = Number("lowest Z-score", "", _read_z, _learn_z, 0.1)


@dataclass(frozen=True, slots=True)
class TScore(Condition):
    """The lowest valid T-score is ``limit`` or lower; a spine without a count of vertebrae cannot decide."""

    limit: float
    strictly: bool = False

    def _holds(self, t_score: float) -> bool:
        return t_score < self.limit if self.strictly else t_score <= self.limit

    def judge(self, picture: Picture) -> Judgement:
        """Missing where no site counts, or where only a doubtful spine is low."""
        if picture.bone_density is None:
            return Judgement(Answer.UNKNOWN, (("bone_density", NOT_KNOWN),), ("bone_density",))
        scores = site_scores(picture.bone_density)
        inputs = tuple(
            (f"bone_density.{one.field}", f"{one.t_score:g}" + (f" ({one.why})" if one.why else ""))
            for one in scores
        )
        sure = [self._holds(one.t_score) for one in scores if one.valid]
        doubtful = [self._holds(one.t_score) for one in scores if one.valid is None]
        # A doubtful spine and the forearm that would stand in for it: one of the two counts, whichever it is.
        one_of_two = len(doubtful) == 2
        if any(sure) or (one_of_two and all(doubtful)):
            return Judgement(Answer.YES, inputs)
        if any(doubtful) or (doubtful and not sure and not one_of_two):
            return Judgement(Answer.UNKNOWN, inputs, ("bone_density.lumbar_spine_vertebrae",))
        if sure or one_of_two:
            return Judgement(Answer.NO, inputs)
        inputs = inputs or (("bone_density", "no T-score that counts"),)
        return Judgement(Answer.UNKNOWN, inputs, ("bone_density.total_hip_t",))

    def words(self) -> str:
        """For example ``lowest valid T-score at most -2.5``."""
        return f"lowest valid T-score {'below' if self.strictly else 'at most'} {self.limit:g}"

    def trials(self, picture: Picture) -> Iterator[Trial]:
        """A scan on either side of the limit, or a count of vertebrae."""
        answer = self.judge(picture)
        if answer.answer is not Answer.UNKNOWN:
            return
        density = picture.bone_density
        if density is not None and answer.missing == ("bone_density.lumbar_spine_vertebrae",):
            for count in (4, 1):
                changed = replace(density, lumbar_spine_vertebrae=count)
                yield Trial(answer.missing[0], str(count), replace(picture, bone_density=changed))
            return
        for t_score in (self.limit - 0.1, self.limit, self.limit + 0.1):
            changed = with_site(density, picture.on, t_score)
            yield Trial(answer.missing[0], f"T-score {t_score:.1f}", replace(picture, bone_density=changed))


@dataclass(frozen=True, slots=True)
class DxaWithin(Condition):
    """A DXA result of the last ``months`` months is on record (None: of any age).

    None on record is NO, not UNKNOWN: the condition asks what this service holds, and is used only for
    advice about scans that have been done.
    """

    months: int | None

    def judge(self, picture: Picture) -> Judgement:
        """Never UNKNOWN."""
        density = picture.bone_density
        if density is None:
            return Judgement(Answer.NO, (("bone_density", "none on record"),))
        inputs = (("bone_density.on", density.on.isoformat()),)
        recent = self.months is None or density.on > months_before(picture.on, self.months)
        return Judgement(Answer.YES if recent else Answer.NO, inputs)

    def words(self) -> str:
        """For the reference page."""
        return "a DXA on record" + (f", less than {self.months} months old" if self.months else "")


@dataclass(frozen=True, slots=True)
class OnBoneDrug(Condition):
    """A bone drug is taken now; an empty name is none, after asking."""

    def judge(self, picture: Picture) -> Judgement:
        """Missing where nobody asked."""
        drug = picture.bone_drug_now
        if drug is None:
            return Judgement(Answer.UNKNOWN, (("bone_drug_now", NOT_KNOWN),), ("bone_drug_now",))
        return Judgement(Answer.YES if drug else Answer.NO, (("bone_drug_now", drug or "none"),))

    def words(self) -> str:
        """For the reference page."""
        return "takes a bone drug now"

    def trials(self, picture: Picture) -> Iterator[Trial]:
        """None."""
        if picture.bone_drug_now is None:
            yield Trial("bone_drug_now", "none", replace(picture, bone_drug_now=""))


@dataclass(frozen=True, slots=True)
class SmokesNow(Condition):
    """Smokes at present, any amount."""

    def judge(self, picture: Picture) -> Judgement:
        """Missing where smoking is."""
        if picture.smoking is None:
            return Judgement(Answer.UNKNOWN, (("smoking", NOT_KNOWN),), ("smoking",))
        smokes = picture.smoking not in (Smoking.NEVER, Smoking.FORMER)
        return Judgement(Answer.YES if smokes else Answer.NO, (("smoking", picture.smoking.value),))

    def words(self) -> str:
        """For the reference page."""
        return "smokes now"

    def trials(self, picture: Picture) -> Iterator[Trial]:
        """Yes and no."""
        if picture.smoking is None:
            for smoking in (Smoking.LIGHT, Smoking.NEVER):
                yield Trial("smoking", smoking.value, replace(picture, smoking=smoking))


ALCOHOL_THREE_A_DAY = field_number("alcohol_units_week", "units a week", 7, "alcohol").at_least(21)

DXA_STANDS = Named(
    ~Shown(~Flag("dxa_possible")) & ~Shown(~Flag("dxa_needed")), "nothing is known against a DXA scan"
)
