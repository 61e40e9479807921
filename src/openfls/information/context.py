"""What a letter may speak of, gathered by the caller: facts only, no wording.

Every value may be missing: ``None``, an empty string or an empty tuple all mean *not known* (or: there is
none), and the wording decides by rule whether the sentence is left out or says so. Texts for the person are
separate from texts for the GP, because a clinician's words are seldom plain ones.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from openfls.information.words import ENGLISH
from openfls.record.advice import Confidence


@dataclass(frozen=True, slots=True)
class ServiceDetails:
    """The service that writes. ``letterhead``: lines above its name, such as trust and hospital;
    ``signature_lines``: lines below the name of who signs.
    """

    name: str
    address: tuple[str, ...] = ()
    phone: str = ""
    email: str = ""
    hours: str = ""
    letterhead: tuple[str, ...] = ()
    signature_lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonDetails:
    """The person. ``do_not_contact`` holds the reason (opted out, safeguarding) where letters must not go to
    them.
    """

    name: str
    salutation: str = ""
    address: tuple[str, ...] = ()
    birth_date: date | None = None
    nhs_number: str = ""
    hospital_number: str = ""
    phone: str = ""
    deceased: bool = False
    do_not_contact: str = ""


@dataclass(frozen=True, slots=True)
class Organisation:
    """A practice, a falls team, a scanning department: its name, whom to write to there, where it is."""

    name: str = ""
    contact: str = ""
    address: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SignOff:
    """The clinician who answers for the letter."""

    name: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class BrokenBone:
    """A fracture in words that follow "your": ``left wrist``, ``spine L3``.

    ``for_person``: what the person broke in words for them, after "You broke": ``a bone in your spine``.
    """

    words: str
    on: date | None = None
    for_person: str = ""


@dataclass(frozen=True, slots=True)
class RiskResult:
    """A risk result as shown. ``disclaimer`` is printed wherever the result is, as the tool's terms ask."""

    tool: str
    result: str
    on: date | None = None
    disclaimer: str = ""


@dataclass(frozen=True, slots=True)
class AdviceLine:
    """One advice with its source; what is not ``checked`` is printed with its mark."""

    text: str
    source: str = ""
    confidence: Confidence = Confidence.CHECKED


@dataclass(frozen=True, slots=True)
class Plan:
    """What was agreed.

    ``drug``: recommended; the GP is asked to prescribe it unless ``given_by_service``. ``reason`` is for the
    GP, ``reason_for_person`` follows "because". ``prescriber_open``: who gives it is not settled, nobody is
    asked to. ``declined``: what the person chose not to have,
    ``declined_reason`` why. ``no_drug``: what was decided instead of a drug, after "Medicine to strengthen
    bone:". ``calcium_vitamin_d`` follows "please consider". ``gp_actions``: further requests, each a whole
    sentence. ``offered``: the medicines that were talked about, by their keys; ``what_matters`` in the person's own
    words; ``talked`` and ``dental``: keys of `words` (``talked``); ``come_back_on``: when it is talked about again.
    """

    drug: str = ""
    reason: str = ""
    reason_for_person: str = ""
    given_by_service: bool = False
    prescriber_open: bool = False
    declined: str = ""
    declined_reason: str = ""
    no_drug: str = ""
    calcium_vitamin_d: str = ""
    gp_actions: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    what_matters: str = ""
    talked: tuple[str, ...] = ()
    dental: str = ""
    come_back_on: date | None = None


@dataclass(frozen=True, slots=True)
class Referral:
    """A referral or request: to whom, since when, and why."""

    to: Organisation = field(default_factory=Organisation)
    on: date | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A promised contact: ``label`` as in ``16-week review``."""

    label: str
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Appointment:
    """An appointment that is offered: day, time, where, and how (``by telephone``, ``in person``)."""

    on: date
    at: str = ""
    place: str = ""
    how: str = ""


@dataclass(frozen=True, slots=True)
class LetterContext:
    """Everything a letter may speak of. ``on`` is the date of the letter; ``findings`` are (label, value).

    ``scan_result``: what the bone density scan shows, in plain words; empty where there is no result.
    """

    on: date
    service: ServiceDetails
    person: PersonDetails
    gp: Organisation = field(default_factory=Organisation)
    sign_off: SignOff | None = None
    fractures: tuple[BrokenBone, ...] = ()
    findings: tuple[tuple[str, str], ...] = ()
    findings_for_person: tuple[str, ...] = ()
    risks: tuple[RiskResult, ...] = ()
    advice: tuple[AdviceLine, ...] = ()
    advice_for_person: tuple[str, ...] = ()
    plan: Plan = field(default_factory=Plan)
    falls_referral: Referral | None = None
    dxa_request: Referral | None = None
    specialist_referral: Referral | None = None
    scan_result: str = ""
    follow_ups: tuple[FollowUp, ...] = ()
    appointment: Appointment | None = None
    attempts: tuple[date, ...] = ()
    reference: str = ""
    language: str = ENGLISH
