"""What breaks and how: a bone of a site with side, levels and code, and the blow that did it."""

from __future__ import annotations

from random import Random
from typing import Any

from openfls.fiction.tables import percent, table, weighted
from openfls.fiction.values import BrokenBone, Mechanism
from openfls.record.feeds import Energy
from openfls.record.findings import Kind
from openfls.record.sites import Side, Site

SPINE = (*(f"T{number}" for number in range(4, 13)), *(f"L{number}" for number in range(1, 6)))
_LEVELS = {"T7": 6, "T8": 8, "T9": 6, "T10": 5, "T11": 9, "T12": 20, "L1": 22, "L2": 11, "L3": 8, "L4": 5}
_THORACIC = {level: weight for level, weight in _LEVELS.items() if level.startswith("T")}
_LUMBAR = {level: weight for level, weight in _LEVELS.items() if level.startswith("L") or level == "T12"}
_REGIONS = {"": _LEVELS, "thoracic": _THORACIC, "lumbar": _LUMBAR}
_SEVERAL_LEVELS = 28.0
_BOTH_SIDES = {Site.WRIST: "S52.5", Site.HUMERUS: "S42.2", Site.PELVIS: "S32.5", Site.RIB: "S22.4"}
_COMPANIONS: dict[Site, tuple[Site, ...]] = {
    Site.HIP: (Site.WRIST, Site.HUMERUS),
    Site.WRIST: (Site.HUMERUS, Site.ANKLE, Site.FOREARM),
    Site.HUMERUS: (Site.WRIST, Site.RIB),
    Site.PELVIS: (Site.SACRUM, Site.WRIST),
    Site.RIB: (Site.CLAVICLE, Site.STERNUM, Site.VERTEBRA),
    Site.VERTEBRA: (Site.RIB, Site.WRIST),
}


def site_row(site: Site) -> dict[str, Any]:
    """The site's row of the data file."""
    row: dict[str, Any] = table("sites")[site.value]
    return row


def bone(chance: Random, site: Site, *, kind: Kind = Kind.TRAUMATIC, region: str = "") -> BrokenBone:
    """One broken bone of ``site``; ``region`` keeps a vertebra ``thoracic`` or ``lumbar``."""
    row = site_row(site)
    code = weighted(chance, row["icd10"])
    if site is Site.VERTEBRA:
        levels = _levels(chance, region)
        code = _spine_code(levels)
        return BrokenBone(site, Side.NONE, levels, kind, code)
    side = chance.choice((Side.LEFT, Side.RIGHT)) if row["sided"] and code != "S02.2" else Side.NONE
    if (
        kind is Kind.TRAUMATIC
        and site in _BOTH_SIDES
        and percent(chance, table("events")["within"]["both_sides"])
    ):
        side, code = Side.BOTH, _BOTH_SIDES[site]
    if site is Site.SACRUM:
        kind = Kind.STRESS
    return BrokenBone(site, side, (), kind, code)


def bones(chance: Random, site: Site) -> tuple[BrokenBone, ...]:
    """What breaks together in one fall: mostly one bone."""
    first = bone(chance, site)
    others = _COMPANIONS.get(site, ())
    if others and first.side is not Side.BOTH and percent(chance, table("events")["within"]["several_sites"]):
        return first, bone(chance, chance.choice(others))
    return (first,)


def fall(chance: Random, site: Site) -> Mechanism:
    """A low or unclear blow: a trip, a fall from bed, the stairs; now and then nobody wrote down what."""
    events = table("events")
    rows = [
        row for row in (*events["low"], *events["review"]) if row["icd10"] != "X50.0" or site is Site.VERTEBRA
    ]
    row = weighted(chance, {index: candidate["weight"] for index, candidate in enumerate(rows)})
    chosen = rows[row]
    energy = Energy.REVIEW if chosen in events["review"] else Energy.LOW
    if percent(chance, events["within"]["cause_not_recorded"]):
        return Mechanism("", "Fall", Energy.UNKNOWN)
    return Mechanism(chosen["icd10"], chosen["words"], energy)


def blow(chance: Random) -> Mechanism:
    """A hard blow: roads, ladders."""
    rows = table("events")["high"]
    row = rows[weighted(chance, {index: candidate["weight"] for index, candidate in enumerate(rows)})]
    return Mechanism(row["icd10"], row["words"], Energy.HIGH)


def _levels(chance: Random, region: str) -> tuple[str, ...]:
    weights = _REGIONS[region]
    first = weighted(chance, weights)
    found = {first}
    if percent(chance, _SEVERAL_LEVELS):
        found.add(weighted(chance, weights))
    return tuple(sorted(found, key=SPINE.index))


def _spine_code(levels: tuple[str, ...]) -> str:
    if not levels[0].startswith("T"):
        return "S32.0"
    several = sum(level.startswith("T") for level in levels) > 1
    return "S22.1" if several else "S22.0"
