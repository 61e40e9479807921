"""From observations to fractures: one fracture told by many is one, and a later one at the site is another.

Everything here is pure and about one person at a time; `same_person` says which readings are of one person.
"""

from __future__ import annotations

from openfls.identification.episodes.clusters import GAP_DAYS
from openfls.identification.episodes.grouping import LeftOut, Outcome, group, sort_out
from openfls.identification.episodes.judging import MINIMUM_AGE
from openfls.identification.episodes.persons import INVALID_NHS_NUMBER, merged, name_of_person, partition

__all__ = [
    "GAP_DAYS",
    "INVALID_NHS_NUMBER",
    "MINIMUM_AGE",
    "LeftOut",
    "Outcome",
    "group",
    "merged",
    "name_of_person",
    "partition",
    "sort_out",
]
