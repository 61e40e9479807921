"""The drugs by their keys, and the groups that rules speak of. A key of `openfls.record.reasons.Drug` is used where
there is one."""

from __future__ import annotations

from collections.abc import Mapping

ORAL_BISPHOSPHONATES = frozenset({"alendronate", "risedronate", "ibandronate"})
BISPHOSPHONATES = ORAL_BISPHOSPHONATES | {"ibandronate_iv", "zoledronate"}
ANTIRESORPTIVES = BISPHOSPHONATES | {"denosumab"}
ANABOLICS = frozenset({"teriparatide", "abaloparatide", "romosozumab"})

GROUPS: Mapping[str, frozenset[str]] = {
    "oral_bisphosphonates": ORAL_BISPHOSPHONATES,
    "bisphosphonates": BISPHOSPHONATES,
    "antiresorptives": ANTIRESORPTIVES,
    "anabolics": ANABOLICS,
    "alendronate_or_zoledronate": frozenset({"alendronate", "zoledronate"}),
    "risedronate_or_ibandronate": frozenset({"risedronate", "ibandronate", "ibandronate_iv"}),
    "parenteral_antiresorptives": frozenset({"zoledronate", "ibandronate_iv", "denosumab", "romosozumab"}),
    "needs_vitamin_d_first": frozenset({"zoledronate", "denosumab", "romosozumab"}),
    "needs_calcium": ANTIRESORPTIVES | {"romosozumab"},
    "renally_limited": BISPHOSPHONATES
    | {"denosumab", "teriparatide", "abaloparatide", "strontium", "raloxifene"},
    "denosumab_alone": frozenset({"denosumab"}),
    "romosozumab_alone": frozenset({"romosozumab"}),
    "parathyroid_analogues": frozenset({"teriparatide", "abaloparatide"}),
    "any_drug": ANTIRESORPTIVES | ANABOLICS | {"raloxifene", "oestrogens", "strontium"},
}
"""The groups by the names that conditions use."""

GROUP_WORDS: Mapping[str, str] = {
    "oral_bisphosphonates": "an oral bisphosphonate",
    "bisphosphonates": "a bisphosphonate",
    "antiresorptives": "an antiresorptive drug",
    "anabolics": "a drug that builds bone",
    "alendronate_or_zoledronate": "alendronate or zoledronate",
    "risedronate_or_ibandronate": "risedronate or ibandronate",
    "parenteral_antiresorptives": "an antiresorptive drug by injection or infusion",
    "needs_vitamin_d_first": "zoledronate, denosumab or romosozumab",
    "needs_calcium": "an antiresorptive drug or romosozumab",
    "renally_limited": "a drug with a limit of kidney function",
    "denosumab_alone": "denosumab",
    "romosozumab_alone": "romosozumab",
    "parathyroid_analogues": "teriparatide or abaloparatide",
    "any_drug": "any bone drug",
}
"""The groups in words."""
