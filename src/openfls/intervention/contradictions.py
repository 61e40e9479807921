"""What a plan says against the record: each is asked, and stands only with an answer."""

from __future__ import annotations

from dataclasses import dataclass

from openfls.intervention.packs import settings
from openfls.record.picture import Picture
from openfls.record.reasons import CalciumVitaminD, DrugDecision, DxaDecision, FallsReferral


@dataclass(frozen=True, slots=True)
class Said:
    """What a plan says. ``drug`` is empty for none."""

    decision: DrugDecision
    calcium_vitamin_d: CalciumVitaminD
    falls_referral: FallsReferral
    dxa: DxaDecision
    drug: str = ""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """The field of the plan, and the question that it raises."""

    field: str
    question: str


def contradictions(said: Said, picture: Picture) -> tuple[Contradiction, ...]:
    """Every point in which the plan does not go with what is on record."""
    found: list[Contradiction] = []
    scan = picture.bone_density
    if scan is not None and said.dxa is DxaDecision.NOT_FEASIBLE:
        found.append(
            Contradiction(
                "dxa", f"A scan of {scan.on:%d %B %Y} is on record, and the plan says that none is possible."
            )
        )
    if scan is None and said.dxa is DxaDecision.DONE:
        found.append(Contradiction("dxa", "The plan says that a scan is done, and none is on record."))
    if picture.dxa_possible is False and said.dxa is DxaDecision.ORDERED:
        found.append(
            Contradiction(
                "dxa", "The assessment says that a scan cannot be tolerated or arranged, and one is ordered."
            )
        )
    falls = picture.falls_last_year or 0
    if falls >= 2 and said.falls_referral is FallsReferral.NOT_NEEDED:
        found.append(
            Contradiction(
                "falls_referral", f"{falls} falls in the last year, and no referral to the falls team."
            )
        )
    if picture.falls_service_now is False and said.falls_referral is FallsReferral.ALREADY:
        found.append(
            Contradiction(
                "falls_referral", "The assessment says that the falls team does not see the person yet."
            )
        )
    vitamin_d = picture.vitamin_d_nmol_l
    without = said.calcium_vitamin_d in (CalciumVitaminD.NONE, CalciumVitaminD.DIET)
    if without and vitamin_d is not None and vitamin_d < settings()["vitamin_d_enough"]:
        found.append(
            Contradiction(
                "calcium_vitamin_d",
                f"25-hydroxyvitamin D is {vitamin_d:g} nmol/L, and no vitamin D is planned.",
            )
        )
    if said.drug and picture.bone_drug_now == said.drug:
        found.append(
            Contradiction(
                "drug", "The bone broke on this very drug: is it to go on, and was it taken as meant?"
            )
        )
    return tuple(found)
