"""One measure by sex, age, care home, deprivation, site and source: who is compared, and where a comparison would lie.

Whether somebody lives in a care home is mostly asked at the assessment. Of those who were not assessed nobody knows it
then, so a table of assessments by care home only says that those who were asked were asked: nobody of *not recorded* is
met, and nearly everybody of the others. Such a split is not shown for a measure of the assessment itself; for a later
step it compares those who were assessed, and says so. Where a source tells it of most people before the assessment,
everybody is compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from openfls.quality import measure_set
from openfls.quality.counting import NOT_RECORDED, Judged, Mask, Result
from openfls.service.models import Service
from openfls.service.quality.judging import judged
from openfls.service.spans import Span

SPLIT_WORDS = {
    "sex": "Sex",
    "age_band": "Age",
    "care_home": "Care home",
    "deprivation_fifth": "Deprivation (fifth)",
    "index_site": "Site of the fracture",
    "found_by": "Found by",
}
_ASKED_AT_THE_ASSESSMENT = ("care_home",)
_OF_THE_ASSESSMENT = ("assessed", "path_assessed", "falls", "falls_assessed", "complete")
"""Rules that are met by the assessment itself."""
_MOSTLY = 0.5
"""The share of those not assessed of whom a split has to be known, or only those assessed are compared. Ours."""
OF_THE_ASSESSED = "of those assessed: it is asked at the assessment"
WHY_NOT = (
    "Not compared: it is asked at the assessment, so it is known only of those who were assessed. Where it is known of "
    "most others too (a feed, the questionnaire, an answer given early), the comparison stands here."
)


@dataclass(frozen=True, slots=True)
class Groups:
    """One measure by the values of a split. ``of`` says who is compared where it is not everybody; ``why_not`` why
    nobody is."""

    name: str
    lines: tuple[tuple[str, Result], ...]
    of: str = ""
    why_not: str = ""

    @property
    def words(self) -> str:
        """The name that a page shows."""
        return SPLIT_WORDS[self.name]


def compared(rows: Judged, chosen: Mask, name: str, rule: str) -> tuple[Mask, str, str]:
    """Who of the chosen rows is compared by a split for a measure of this rule; in words, or why nobody is."""
    if name not in _ASKED_AT_THE_ASSESSMENT:
        return chosen, "", ""
    assessed = ~np.isnan(rows.gaps["assessment_gap"])
    others = chosen & ~assessed
    known = np.count_nonzero(others & ~rows.in_group(name, NOT_RECORDED))
    if known >= _MOSTLY * np.count_nonzero(others):
        return chosen, "", ""
    if rule in _OF_THE_ASSESSMENT:
        return np.zeros_like(chosen), "", WHY_NOT
    return chosen & assessed, OF_THE_ASSESSED, ""


def groups(service: Service, set_id: str, key: str, as_of: date, span: Span) -> list[Groups]:
    """One measure by every split; what is not recorded is a group too."""
    rows = judged(service, set_id, as_of)
    chosen, rule = rows.between(span.since, span.until), measure_set(set_id).measure(key).rule
    found = []
    for name in SPLIT_WORDS:
        inside, of, why_not = compared(rows, chosen, name, rule)
        lines = tuple(
            (value, rows.count(inside & rows.in_group(name, value), span.years, (key,))[key])
            for value in rows.groups(name, inside)
        )
        found.append(Groups(name, lines, of, why_not))
    return found
