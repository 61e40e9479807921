"""Where a bone broke: the sites of the report rule book, and what each means to a Fracture Liaison Service.

Source of the site list: the project's rule book for reading reports. Source of the groups: FLS-DB field 1.11
(`SiteFirstFrac`), options of the 2023 and of the 2024 export.
"""

from __future__ import annotations

from enum import StrEnum


class Site(StrEnum):
    """The bone or region that broke."""

    HIP = "hip"
    FEMUR = "femur"
    VERTEBRA = "vertebra"
    WRIST = "wrist"
    FOREARM = "forearm"
    HUMERUS = "humerus"
    PELVIS = "pelvis"
    SACRUM = "sacrum"
    RIB = "rib"
    STERNUM = "sternum"
    CLAVICLE = "clavicle"
    SCAPULA = "scapula"
    TIBIA_FIBULA = "tibia_fibula"
    ANKLE = "ankle"
    PATELLA = "patella"
    HAND = "hand"
    FOOT = "foot"
    SKULL_FACE = "skull_face"
    OTHER = "other"
    UNSPECIFIED = "unspecified"

    @property
    def label(self) -> str:
        """The words a page shows, for example ``Tibia or fibula``."""
        return _LABELS.get(self, self.value.capitalize())


class Side(StrEnum):
    """The side of the body; empty where the source does not say or the bone has none."""

    NONE = ""
    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"


_LABELS = {
    Site.FEMUR: "Femur (shaft or lower end)",
    Site.VERTEBRA: "Spine",
    Site.WRIST: "Wrist",
    Site.FOREARM: "Forearm",
    Site.TIBIA_FIBULA: "Tibia or fibula",
    Site.SKULL_FACE: "Skull or face",
    Site.OTHER: "Other bone",
    Site.UNSPECIFIED: "Site not stated",
}

OUTSIDE_FLS: frozenset[Site] = frozenset({Site.HAND, Site.FOOT, Site.SKULL_FACE})
"""Sites that a service does not count as fragility fractures."""

MAJOR_OSTEOPOROTIC: frozenset[Site] = frozenset({Site.HIP, Site.VERTEBRA, Site.WRIST, Site.HUMERUS})
"""Major osteoporotic fracture: spine, hip, shoulder, wrist (NICE NG259)."""

_AUDIT_2024 = {
    Site.VERTEBRA: "Spine",
    Site.HIP: "Hip",
    Site.HUMERUS: "Humerus",
    Site.PELVIS: "Pelvis",
    Site.SACRUM: "Pelvis",
    Site.WRIST: "Wrist",
}


def audit_site(site: Site) -> str:
    """The option of FLS-DB field 1.11 (2024 export): Spine, Hip, Humerus, Pelvis, Wrist or Other.

    The sacrum is counted with the pelvis; that grouping is ours, the data set does not name it.
    """
    return _AUDIT_2024.get(site, "Other")
