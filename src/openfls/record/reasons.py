"""Reasons and outcomes that a person picks from a list: the key that is kept, the words that are shown."""

from __future__ import annotations

from enum import StrEnum


class _Worded(StrEnum):
    """A choice with words; each member is written as ``key, words``."""

    label: str

    def __new__(cls, key: str, label: str) -> _Worded:
        member = str.__new__(cls, key)
        member._value_ = key
        member.label = label
        return member


class NotForUs(_Worded):
    """Why a found fracture is not for the service."""

    NO_FRACTURE = "no_fracture", "There is no fracture"
    HIGH_ENERGY = "high_energy", "High-energy injury"
    PATHOLOGICAL = "pathological", "Broke through a tumour"
    KNOWN = "known", "Already known to the service"
    OUT_OF_AREA = "out_of_area", "Lives outside our area"
    DIED = "died", "Has died"
    OTHER = "other", "Another reason"


class Closing(_Worded):
    """Why an episode is closed before the review at 52 weeks."""

    DIED = "died", "Has died"
    DECLINED = "declined", "Does not want the service"
    NOT_REACHED = "not_reached", "Could not be reached"
    MOVED = "moved", "Moved to another service"
    NOT_APPROPRIATE = "not_appropriate", "Not appropriate (for example end of life)"
    NOT_A_CASE = "not_a_case", "Turned out not to be a fragility fracture"


class DrugDecision(_Worded):
    """What was agreed about a bone-protecting drug (options of FLS-DB field 4.01, in our words)."""

    RECOMMENDED = "recommended", "A drug is recommended"
    REFER_GP = "refer_gp", "The GP is asked to decide"
    REFER_OPINION = "refer_opinion", "Referred for a specialist's opinion"
    DECLINED = "declined", "Offered, and declined after being informed"
    INAPPROPRIATE = "inappropriate", "Not appropriate for this person"


class Drug(_Worded):
    """Bone-protecting drugs: the options of FLS-DB field 4.01, then those that the audit has no option for."""

    ALENDRONATE = "alendronate", "Alendronate"
    RISEDRONATE = "risedronate", "Risedronate"
    IBANDRONATE = "ibandronate", "Ibandronate"
    ZOLEDRONATE = "zoledronate", "Zoledronate"
    DENOSUMAB = "denosumab", "Denosumab"
    TERIPARATIDE = "teriparatide", "Teriparatide"
    ROMOSOZUMAB = "romosozumab", "Romosozumab"
    ALFACALCIDOL = "alfacalcidol", "Alfacalcidol"
    OESTROGENS = "oestrogens", "Systemic oestrogens"
    IBANDRONATE_IV = "ibandronate_iv", "Ibandronate injection"
    RALOXIFENE = "raloxifene", "Raloxifene"
    ABALOPARATIDE = "abaloparatide", "Abaloparatide"
    STRONTIUM = "strontium", "Strontium ranelate"


class CalciumVitaminD(_Worded):
    """What was agreed about calcium and vitamin D."""

    BOTH = "both", "Calcium and vitamin D"
    VITAMIN_D = "vitamin_d", "Vitamin D alone"
    DIET = "diet", "Enough from food and sun"
    NONE = "none", "None, for a reason given"


class FallsReferral(_Worded):
    """What was agreed about falls."""

    REFERRED = "referred", "Referred to the falls team"
    ALREADY = "already", "Already with the falls team"
    DECLINED = "declined", "Offered, and declined"
    NOT_NEEDED = "not_needed", "No fall, or not needed"


class DxaDecision(_Worded):
    """Whether a bone density scan is asked for (FLS-DB field 3.01)."""

    ORDERED = "ordered", "Ordered or recommended"
    DONE = "done", "Already done"
    NOT_NEEDED = "not_needed", "Not needed to decide"
    NOT_FEASIBLE = "not_feasible", "Not possible for this person"
    DECLINED = "declined", "Offered, and declined"


class ReviewOutcome(_Worded):
    """What a review at 16 or 52 weeks found."""

    ON_TREATMENT = "on_treatment", "Taking the bone-protecting drug"
    NOT_STARTED = "not_started", "Not started"
    STOPPED = "stopped", "Started, and stopped"
    DECLINED = "declined", "Declined treatment"
    NO_LONGER = "no_longer", "No longer appropriate"
    REFERRED = "referred", "Referred for an opinion"
    UNKNOWN = "unknown", "Reached, but not known"
    NOT_REACHED = "not_reached", "Could not be reached"
    DIED = "died", "Has died"


class Channel(_Worded):
    """How somebody was contacted."""

    TELEPHONE = "telephone", "Telephone"
    CLINIC = "clinic", "In clinic"
    WARD = "ward", "On the ward"
    LETTER = "letter", "Letter"


class ContactOutcome(_Worded):
    """What came of an attempt to reach somebody."""

    REACHED = "reached", "Spoke with the person"
    CARER = "carer", "Spoke with a carer or relative"
    NO_ANSWER = "no_answer", "No answer"
    MESSAGE = "message", "Left a message"
    WRONG_NUMBER = "wrong_number", "Wrong number"


class TaskKind(_Worded):
    """What a task asks for."""

    REVIEW_16 = "review_16", "Review at 16 weeks"
    REVIEW_52 = "review_52", "Review at 52 weeks"
    DXA_RESULT = "dxa_result", "See the bone density result"
    DXA_BOOKING = "dxa_booking", "Check that the bone density scan is booked"
    CALL_AGAIN = "call_again", "Call again"
    SIGN_PLAN = "sign_plan", "Sign the plan as a prescriber"
    FALLS_ANSWER = "falls_answer", "See whether the falls team has answered"
    SPECIALIST_ANSWER = "specialist_answer", "See whether the specialist has answered"
    COME_BACK = "come_back", "Come back to the decision"
    EVIDENCE_CHANGED = "evidence_changed", "See what changed: the record behind this fracture was corrected"
