"""Code lists for case finding: dated packs, and the one question asked of them.

`lookup(system, code)` answers what a code means to a Fracture Liaison Service; `energy(system, code)` how
hard the blow was. A trust lays its own list over ours with `load_list`.
"""

from __future__ import annotations

from openfls.identification.codes.entries import CodeClass, CodeEntry, Pack
from openfls.identification.codes.lists import CodeLists, energy, load_list, lookup, our_lists, our_packs
from openfls.identification.codes.packs import Refused, TrustList, parse_trust_list
from openfls.identification.codes.systems import CodeSystem, system_named

__all__ = [
    "CodeClass",
    "CodeEntry",
    "CodeLists",
    "CodeSystem",
    "Pack",
    "Refused",
    "TrustList",
    "energy",
    "load_list",
    "lookup",
    "our_lists",
    "our_packs",
    "parse_trust_list",
    "system_named",
]
