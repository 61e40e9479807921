"""What the fiction calls a thing, as the record calls it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from openfls.fiction.values import CloseReason, ContactOutcome, PlanKind, RefuteReason, ReviewOutcome, Role
from openfls.record import reasons
from openfls.record.picture import BoneDensity, FraxResult, PastFracture
from openfls.record.questions import by_field
from openfls.record.sites import Site
from openfls.service import roles

ROLES = {
    Role.COORDINATOR: roles.Role.CO_ORDINATOR,
    Role.NURSE: roles.Role.CO_ORDINATOR,
    Role.LEAD: roles.Role.CLINICIAN,
    Role.MANAGER: roles.Role.MANAGER,
}
REFUTED = {
    RefuteReason.HIGH_ENERGY: reasons.NotForUs.HIGH_ENERGY,
    RefuteReason.NOT_A_FRACTURE: reasons.NotForUs.NO_FRACTURE,
    RefuteReason.CANCER: reasons.NotForUs.PATHOLOGICAL,
    RefuteReason.OLD_FRACTURE: reasons.NotForUs.KNOWN,
    RefuteReason.DIED: reasons.NotForUs.DIED,
}
DECISIONS = {
    PlanKind.DRUG: reasons.DrugDecision.RECOMMENDED,
    PlanKind.REFERRED_TO_GP: reasons.DrugDecision.REFER_GP,
    PlanKind.SPECIALIST: reasons.DrugDecision.REFER_OPINION,
    PlanKind.DECLINED: reasons.DrugDecision.DECLINED,
    PlanKind.NOT_INDICATED: reasons.DrugDecision.INAPPROPRIATE,
}
WHY_NO_DRUG = {
    PlanKind.DECLINED: "Prefers not to take a tablet for now",
    PlanKind.NOT_INDICATED: "Low risk of another fracture",
}
WEIGHED = "Talked through with the person and weighed; agreed as planned"
CONTACTS = {
    ContactOutcome.REACHED: reasons.ContactOutcome.REACHED,
    ContactOutcome.NO_ANSWER: reasons.ContactOutcome.NO_ANSWER,
    ContactOutcome.MESSAGE_LEFT: reasons.ContactOutcome.MESSAGE,
    ContactOutcome.WRONG_NUMBER: reasons.ContactOutcome.WRONG_NUMBER,
}
REVIEWS = {
    ReviewOutcome.STARTED: reasons.ReviewOutcome.ON_TREATMENT,
    ReviewOutcome.CONTINUING: reasons.ReviewOutcome.ON_TREATMENT,
    ReviewOutcome.NOT_STARTED: reasons.ReviewOutcome.NOT_STARTED,
    ReviewOutcome.STOPPED: reasons.ReviewOutcome.STOPPED,
    ReviewOutcome.DECLINED: reasons.ReviewOutcome.DECLINED,
    ReviewOutcome.DIED: reasons.ReviewOutcome.DIED,
    ReviewOutcome.NOT_REACHED: reasons.ReviewOutcome.NOT_REACHED,
}
CLOSINGS = {
    CloseReason.NO_TREATMENT: reasons.Closing.NOT_APPROPRIATE,
    CloseReason.DECLINED: reasons.Closing.DECLINED,
    CloseReason.NOT_REACHED: reasons.Closing.NOT_REACHED,
    CloseReason.DIED: reasons.Closing.DIED,
}


def answers_of(heard: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of a clinical picture as answers to the questions of the record."""
    flat: dict[str, Any] = {}
    for field, value in heard.items():
        if isinstance(value, FraxResult):
            flat |= _parts("frax", value)
        elif isinstance(value, BoneDensity):
            flat |= _parts("bone_density", value)
        elif field == "fractures":
            flat |= _earlier(value)
        elif field in by_field():
            flat[field] = value
    return flat


def _parts(prefix: str, value: Any) -> dict[str, Any]:
    parts = {f"{prefix}.{name}": getattr(value, name) for name in type(value).__slots__}
    return {
        field: part.isoformat() if isinstance(part, date) else part
        for field, part in parts.items()
        if field in by_field() and part is not None
    }


def _earlier(fractures: tuple[PastFracture, ...]) -> dict[str, bool]:
    sites = {fracture.site for fracture in fractures}
    return {
        "previous_fracture": bool(fractures),
        "previous_hip_fracture": Site.HIP in sites,
        "previous_vertebral_fracture": Site.VERTEBRA in sites,
    }


LIFESTYLE = ("exercise", "food")
"""What the fictional nurses talk about with everybody (keys of `information.words`)."""
DENTAL = {"zoledronate": "advice", "denosumab": "advice"}


def offered(drug: str | None) -> tuple[str, ...]:
    """The drugs that were talked about where one was agreed: that one, and one tablet."""
    return tuple(dict.fromkeys((drug, "alendronate"))) if drug else ()
