"""What was found, in words for the person: short, true, without blame or fear.

The classes of bone density are those of the World Health Organization (T-score -1 and -2.5; recalled, high).
"""

from __future__ import annotations

from openfls.record.picture import BoneDensity, Picture

BROKEN_BONE = (
    "You broke a bone. After the age of 50 this can be a sign that bones are not as strong as they were."
)
WHY_A_MEDICINE = "it lowers the chance that you break another bone"
KEEP_MOVING = "Keep moving. Walking is good for your bones. So is exercise for strength and balance."


def findings_for_person(picture: Picture) -> tuple[str, ...]:
    """The lines of "What we found". What is not known is not in them."""
    lines = [BROKEN_BONE]
    if picture.bone_density and (lowest := _lowest(picture.bone_density)) is not None:
        lines.append(f"You had a bone scan. {_scan_words(lowest)}")
    if picture.falls_last_year is not None and picture.falls_last_year >= 2:
        lines.append(f"You told us that you fell {picture.falls_last_year} times in the last year.")
    return tuple(lines)


def _lowest(density: BoneDensity) -> float | None:
    scores = (density.lumbar_spine_t, density.total_hip_t, density.femoral_neck_t)
    return min((score for score in scores if score is not None), default=None)


def _scan_words(lowest: float) -> str:
    if lowest <= -2.5:
        return "It shows that your bones have lost some of their strength. The name for this is osteoporosis."
    if lowest < -1:
        return "It shows that your bones have lost a little of their strength."
    return "It shows that your bones are as dense as we would hope. You can still break a bone."
