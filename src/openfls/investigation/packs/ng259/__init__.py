"""NICE NG259, Osteoporosis: risk assessment (29 July 2026), as rules in our words.

Read in an unofficial copy of the guideline (43 pages), which is why each rule should be compared with the
original before a service relies on it. NG259 does not choose drugs: see NOGG 2024.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from openfls.investigation.guideline import Pack, Setting
from openfls.investigation.packs.ng259.assess import assess, tool
from openfls.investigation.packs.ng259.scan import dxa, vfa
from openfls.investigation.packs.ng259.treat import treat

VERSION = "2026-07-29"
DEFAULTS: Mapping[str, Setting] = MappingProxyType(
    {
        "consider_dxa_major_pct": 10.0,
        "treat_t_score": -2.5,
        "treat_t_score_with_factor": -1.5,
        "vfa_age_women": 60.0,
        "vfa_age_men": 70.0,
    }
)


def build(settings: Mapping[str, Setting] = DEFAULTS) -> Pack:
    """The pack with a service's settings."""
    return Pack(
        id="NG259",
        version=VERSION,
        title="NICE NG259 Osteoporosis: risk assessment",
        published=date(2026, 7, 29),
        source="NICE NG259, 29 July 2026",
        rules=(*assess(), *tool(), *dxa(settings), *vfa(settings), *treat(settings)),
        settings=settings,
        note="Read in an unofficial copy; replaces CG146. Silent on drug choice, calcium and vitamin D.",
    )
