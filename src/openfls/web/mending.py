"""From a measure that is not met to the page where it is mended."""

from __future__ import annotations

from openfls.quality import Measure
from openfls.record.pathway import UNDER_CARE, State
from openfls.service.models import Episode

_WANTED = {
    "assessed": "assessment",
    "path_assessed": "assessment",
    "falls": "assessment",
    "falls_assessed": "assessment",
    "complete": "assessment",
    "scanned": "results",
    "therapy": "plan",
    "therapy_offered": "plan",
    "path_recommended": "plan",
    "dxa_ordered": "plan",
    "falls_referred": "plan",
    "exercise": "review",
    "exercise_any": "review",
    "reviewed": "review",
    "started": "review",
    "adherent": "review",
    "prescribed_52": "review",
    "path_started": "review",
    "path_on_16": "review",
    "path_on_52": "review",
    "reviewed_after_start": "review",
    "reviewed_at_a_year": "review",
    "information": "letters",
    "plan_shared": "letters",
    "gp_letter": "letters",
    "patient_letter": "letters",
}
"""The page that a rule's step is done on."""

_NEXT = {
    State.TO_ASSESS: "assessment",
    State.TO_PLAN: "plan",
    State.REVIEW_16: "review",
    State.REVIEW_52: "review",
}
_ORDER = ("assessment", "plan", "review")
_WORDS = {
    "assessment": "Assess",
    "plan": "Agree the plan",
    "review": "Review",
    "results": "Add results",
    "letters": "Write the letter",
    "correct": "Correct the record",
}


def mend_page(episode: Episode, measure: Measure) -> tuple[str, str] | None:
    """The name of the page and the words of its link; None where no page of this episode mends it.

    A step that lies ahead is reached by the next step; one that is done already is set right by a correction.
    """
    wanted = _WANTED.get(measure.rule)
    return None if wanted is None else _page(episode, wanted)


def _page(episode: Episode, wanted: str) -> tuple[str, str]:
    state = State(episode.state)
    if wanted == "letters":
        return wanted, _WORDS[wanted]
    if wanted == "results" and state in UNDER_CARE:
        return wanted, _WORDS[wanted]
    following = _NEXT.get(state)
    if following and wanted in _ORDER and _ORDER.index(following) <= _ORDER.index(wanted):
        return following, _WORDS[following]
    return "correct", _WORDS["correct"]


_COLUMNS = {
    "bone_therapy": "plan",
    "calcium_vitamin_d": "plan",
    "referrals": "plan",
    "dxa": "plan",
    "dxa_not_ordered_reason": "plan",
    "dxa_date": "results",
    "t_score": "results",
    "fls_assessment_date": "assessment",
    "fls_contact_date": "assessment",
    "height_cm": "assessment",
    "weight_kg": "assessment",
    "care_home": "assessment",
    "falls_assessment": "assessment",
    "strength_balance_started": "review",
    "refractures": "review",
}
_OF_THE_PERSON = ("age", "sex", "postcode", "deceased", "death_date")


def mend_column(episode: Episode, column: str) -> tuple[str, str] | None:
    """The name of the page on which a field of the audit is mended, and the words of its link."""
    if column in _OF_THE_PERSON:
        return "person-correct", "Correct the details"
    wanted = _COLUMNS.get(column, "review" if "_weeks" in column else "correct")
    return _page(episode, wanted)
