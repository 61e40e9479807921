"""What the audit's file tells of a death. It has no column for the day of one, only options of two follow-up fields.

6.01 (followed up by 16 weeks) takes *Died*, as we recall it: a death in the 16 weeks that nobody reviewed before
goes as that. 7.01 (followed up at 52 weeks) takes Yes and No only, so a later death is not told: it goes as No where a
review found it, and else as a blank.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from openfls.record.advice import Confidence

OPTION = "Died"
CONFIDENCE = Confidence.RECALLED_MEDIUM
"""How sure it is that 6.01 takes the option."""
_DAYS = timedelta(days=112)
_AT_16, _AT_52 = "followed_up_16_weeks", "followed_up_52_weeks"


def as_sent(row: dict[str, Any]) -> dict[str, Any]:
    """A row as it goes to the audit; the service's own rows stay as they are."""
    found = row
    died, index = _day(row["death_date"]), _day(row["index_diagnosis_date"])
    if row[_AT_16] is None and died and index and index <= died <= index + _DAYS:
        found = found | {_AT_16: OPTION}
    if row[_AT_52] == OPTION:
        found = found | {_AT_52: "No"}
    return found


def is_untold(row: dict[str, Any]) -> bool:
    """Whether somebody has died of whom the row as it goes does not say so."""
    return row["deceased"] == "Yes" and row[_AT_16] != OPTION


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value
