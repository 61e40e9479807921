"""What was found, in words for the person: short, true, without blame or fear.

The classes of bone density are those of the World Health Organization (T-score -1 and -2.5; recalled, high). The words
themselves are data, see `words`.
"""

from __future__ import annotations

from openfls.information.phrases import uk_date
from openfls.information.words import said, say
from openfls.record.picture import BoneDensity, Picture
from openfls.record.sites import Side, Site

BROKEN_BONE = say("plain.broken_bone")
WHY_A_MEDICINE = say("plain.why_a_medicine")
KEEP_MOVING = say("plain.keep_moving")


def bone_for_person(site: str, side: str = "") -> str:
    """What somebody broke in words for them, after "You broke", from the keys of `openfls.record.sites`."""
    one_side = "".join(said("bones", (side,))) if side in (Side.LEFT, Side.RIGHT) else ""
    found = said("bones", (site,)) if site in set(Site) else ()
    if not found:
        return say("bones.any")
    words = " ".join(found[0].format(side=one_side).split())
    return say("bones.both", words=words) if side == Side.BOTH and "{side}" in found[0] else words


def findings_for_person(picture: Picture) -> tuple[str, ...]:
    """The lines of "What we found". What is not known is not in them."""
    lines = [BROKEN_BONE]
    if picture.bone_density and (lowest := _lowest(picture.bone_density)) is not None:
        lines.append(f"{say('plain.scan')} {_scan_words(lowest)}")
    if picture.falls_last_year is not None and picture.falls_last_year >= 2:
        lines.append(say("plain.falls", times=picture.falls_last_year))
    return tuple(lines)


def scan_for_person(picture: Picture) -> str:
    """What the scan shows, with its day; empty where there is no result."""
    density = picture.bone_density
    if density is None or (lowest := _lowest(density)) is None:
        return ""
    on = say("plain.scan_on", date=uk_date(density.on)) if density.on else say("plain.scan")
    return f"{on} {_scan_words(lowest)}"


def _lowest(density: BoneDensity) -> float | None:
    scores = (density.lumbar_spine_t, density.total_hip_t, density.femoral_neck_t)
    return min((score for score in scores if score is not None), default=None)


def _scan_words(lowest: float) -> str:
    if lowest <= -2.5:
        return say("plain.scan_low")
    return say("plain.scan_between") if lowest < -1 else say("plain.scan_good")
