"""The areas of the UK that a case can be made for, by name and code. No population comes with an area: the user
brings it.

Names and codes: Office for National Statistics and NHS England, Open Government Licence v3; condensed by us.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

KINDS = {
    "nation": "Nations",
    "region": "Regions",
    "nhs-region": "NHS regions",
    "icb": "Integrated care boards",
    "sub-icb": "Sub-areas of integrated care boards",
    "authority": "Counties and unitary authorities",
    "district": "Districts",
}
SOURCE = "Names and codes: Office for National Statistics and NHS England, Open Government Licence v3.0"
UK = "K02000001"


@dataclass(frozen=True, slots=True)
class Area:
    """One area. ``within`` is the code of the integrated care board of a sub-area, else empty."""

    code: str
    name: str
    kind: str
    within: str = ""

    @property
    def words(self) -> str:
        """The name as a list shows it."""
        return f"{self.name} ({self.code})"


@cache
def areas() -> dict[str, Area]:
    """Every area by its code, in the order of `KINDS` and then by name."""
    text = resources.files("openfls.toolkit").joinpath("data/areas.csv").read_text(encoding="utf-8")
    return {row["code"]: Area(**row) for row in csv.DictReader(text.splitlines())}


def matching(words: str, limit: int = 40) -> list[Area]:
    """The areas whose name or code holds every one of the words, those that begin with them first."""
    wanted = words.casefold().split()
    if not wanted:
        return []
    found = [
        area
        for area in areas().values()
        if all(word in f"{area.name} {area.code}".casefold() for word in wanted)
    ]
    found.sort(key=lambda area: not area.name.casefold().startswith(wanted[0]))
    return found[:limit]
