"""Condition: a broken bone, and how sure the service is that it is a fragility fracture."""

from __future__ import annotations

from openfls.integration.fhir.parts import Json, coding, concept, finished, notes, reference
from openfls.integration.fhir.systems import OWN_SITE, SNOMED, TERMINOLOGY
from openfls.integration.fhir.values import BrokenBone, PersonRecord
from openfls.record.findings import FractureAge, Kind
from openfls.record.pathway import State
from openfls.record.sites import Side

FRAGILITY = coding(SNOMED, "306171000000106", "Fragility fracture")
"""The one code of which the fact sheet is sure (QOF cluster FF_COD); the site is in words and a code of our own."""
_STATUS = f"{TERMINOLOGY}condition-ver-status"


def condition(bone: BrokenBone, person: PersonRecord) -> Json:
    """One fracture. What nobody has confirmed is unconfirmed; what turned out to be none of ours is refuted."""
    is_fragility = bone.fragility is True
    code, display = _verification(bone)
    resource = {
        "resourceType": "Condition",
        "id": bone.key,
        "clinicalStatus": _clinical(bone) if code != "refuted" else None,
        "verificationStatus": concept(display, coding(_STATUS, code, display)),
        "category": [_category("encounter-diagnosis" if code == "refuted" else "problem-list-item")],
        "code": concept(
            f"{'Fragility fracture' if is_fragility else 'Fracture'}: {bone.words}",
            *([FRAGILITY] if is_fragility else []),
            coding(OWN_SITE, bone.site.value, bone.site.label),
        ),
        "bodySite": [concept(_place(bone), coding(OWN_SITE, bone.site.value, bone.site.label))],
        "subject": reference("Patient", person.key),
        "onsetDateTime": bone.on.isoformat(),
        "note": notes(
            f"Kind of fracture: {bone.kind.value}." if bone.kind is not Kind.TRAUMATIC else "",
            "Whether it is a fragility fracture has not been judged." if bone.fragility is None else "",
            "Kept as an earlier fracture." if bone.history else "",
        ),
    }
    return finished(resource, person.changed_at)


def _verification(bone: BrokenBone) -> tuple[str, str]:
    if bone.state is State.NOT_FOR_US and not bone.history:
        return "refuted", "Refuted"
    if bone.state is State.FOUND or bone.fragility is None:
        return "unconfirmed", "Unconfirmed"
    return "confirmed", "Confirmed"


def _category(code: str) -> Json:
    """What is refuted is no problem of the person, and needs no clinical status."""
    words = code.replace("-", " ").title()
    return concept(words, coding(f"{TERMINOLOGY}condition-category", code, words))


def _clinical(bone: BrokenBone) -> Json:
    """An old fracture is inactive; whether a new one has healed nobody here says."""
    code, words = (
        ("inactive", "Inactive") if bone.age is FractureAge.OLD or bone.history else ("active", "Active")
    )
    return concept(words, coding(f"{TERMINOLOGY}condition-clinical", code, words))


def _place(bone: BrokenBone) -> str:
    side = {Side.BOTH: ", both sides", Side.NONE: ""}.get(bone.side, f", {bone.side.value}")
    levels = f" {', '.join(bone.levels)}" if bone.levels else ""
    return f"{bone.site.label}{levels}{side}"
