"""What a rule reads, in the words of the questions: a page never shows the name of a field."""

from __future__ import annotations

import re

from openfls.investigation.logic import field_words
from openfls.record.questions import by_field

_FRACTURE = re.compile(r"fractures\[(\d+)\]\.?(\w*)")
_OURS = {
    "frax": "FRAX result",
    "qfracture": "QFracture result",
    "frax.with_bmd": "FRAX with bone density",
    "bone_density": "Bone density (DXA)",
    "fractures": "Fractures",
    "fracture_history_taken": "Every earlier fracture has been asked about",
    "bmi": "Body-mass index",
    "qfracture.major_osteoporotic_pct": "QFracture, major osteoporotic fracture in ten years",
    "qfracture.hip_pct": "QFracture, hip fracture in ten years",
    "above_scanner_limit": "Above the scanner’s weight limit",
    "vfa_positive": "A vertebral fracture on the scan (VFA)",
    "bmd_falling": "Bone density is falling",
    "dxa_planned": "A scan (DXA) is planned",
    "dxa_delayed": "The scan (DXA) is delayed",
    "starting_bone_drug": "A bone-protecting drug is being started",
    "anabolic_likely": "An anabolic drug is likely",
    "first_degree_hip_fracture": "A parent, brother, sister or child broke a hip",
    "inpatient": "In hospital now",
    "on": "Day",
}
_FRACTURE_PARTS = {"fragility": "is it a fragility fracture?", "on": "when?", "": "details"}
_ORDINALS = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth")


def input_words(name: str) -> str:
    """For example ``Lives in a care home`` for ``care_home``; several names are joined as they stand."""
    for joint in (" or ", " and "):
        if joint in name:
            return joint.join(input_words(part) for part in name.split(joint))
    if found := _FRACTURE.fullmatch(name):
        at, part = int(found[1]), found[2]
        ordinal = _ORDINALS[at] if at < len(_ORDINALS) else f"{at + 1}th"
        return f"{ordinal} fracture on record: {_FRACTURE_PARTS.get(part, field_words(part))}"
    if name in _OURS:
        return _OURS[name]
    question = by_field().get(name)
    if question is not None:
        return question.label
    words = field_words(name.replace(".", ", "))
    return words[:1].upper() + words[1:]
