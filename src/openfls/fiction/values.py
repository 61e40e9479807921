"""What the fiction consists of: people, things that happened, reports, files to deliver, and courses of care.

Plain frozen values, with dates and no behaviour, so that whoever fills a database or a test can read them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from openfls.record.feeds import Energy
from openfls.record.findings import Finding, Kind
from openfls.record.people import Demographics
from openfls.record.picture import BoneDensity
from openfls.record.sites import Side, Site


class Role(StrEnum):
    """What a member of the fictional staff does."""

    COORDINATOR = "coordinator"
    NURSE = "nurse"
    LEAD = "lead"
    MANAGER = "manager"


@dataclass(frozen=True, slots=True)
class StaffMember:
    """One invented member of the service. ``username`` is what the courses' ``by`` fields hold."""

    username: str
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class FictionalPerson:
    """One invented person. ``nhs_number`` and ``hospital_number`` are as the hospital holds them: the first
    may be empty (not traced) or fail its check (mistyped), the second is always there.

    ``demographics`` holds what is true at the end of the year, a death included.
    """

    key: str
    demographics: Demographics
    nhs_number: str
    hospital_number: str
    care_home: bool
    address_lines: tuple[str, ...]
    practice_code: str
    died_on: date | None = None


class Story(StrEnum):
    """What an event really was; only ``fragility`` belongs to the service beyond doubt."""

    FRAGILITY = "fragility"
    HIGH_ENERGY = "high_energy"
    YOUNG = "young"  # under 50
    OUTSIDE_SITE = "outside_site"  # hand, foot, skull or face
    METASTATIC = "metastatic"
    PERIPROSTHETIC = "periprosthetic"
    POSSIBLE = "possible"  # the report hedges; a person must look
    OLD = "old"  # an old non-vertebral fracture seen by chance
    NO_FRACTURE = "no_fracture"  # looked for, not there


class Teller(StrEnum):
    """A hospital system that tells of an event."""

    EMERGENCY = "emergency"
    RADIOLOGY = "radiology"
    WARD = "ward"
    THEATRE = "theatre"


@dataclass(frozen=True, slots=True)
class BrokenBone:
    """One site and side that broke in an event; ``icd10`` is the code a UK coder would give it."""

    site: Site
    side: Side
    levels: tuple[str, ...]
    kind: Kind
    icd10: str


@dataclass(frozen=True, slots=True)
class Mechanism:
    """How it happened: the ICD-10 external cause (empty: not recorded), words, how hard the blow was."""

    icd10: str
    words: str
    energy: Energy


@dataclass(frozen=True, slots=True)
class Event:
    """One day on which a person's bone broke or was looked at. ``bones`` is empty where nothing had broken.

    ``told_by`` names the systems that send a record of it. ``incidental``: seen by chance on a scan.
    """

    key: str
    person: str
    on: date
    age: int
    story: Story
    bones: tuple[BrokenBone, ...]
    mechanism: Mechanism
    told_by: tuple[Teller, ...]
    incidental: bool = False
    refracture: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """One radiology report as text, and what the rule book says that it contains."""

    key: str
    event: str
    person: str
    on: date
    modality: str
    text: str
    expected: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class FeedFile:
    """One delivery of the system ``source``, byte for byte. ``planted``: what is wrong in it on purpose."""

    name: str
    source: str
    delivered_on: date
    content: bytes
    planted: tuple[str, ...] = ()


# --- what the service then does ---


class RefuteReason(StrEnum):
    """Why a found fracture is not one for the service."""

    HIGH_ENERGY = "high_energy"
    NOT_A_FRACTURE = "not_a_fracture"
    CANCER = "cancer"
    OLD_FRACTURE = "old_fracture"
    DIED = "died"


class PlanKind(StrEnum):
    """What was agreed about a bone-protecting drug."""

    DRUG = "drug"
    REFERRED_TO_GP = "referred_to_gp"
    SPECIALIST = "specialist"
    DECLINED = "declined"
    NOT_INDICATED = "not_indicated"


class ContactOutcome(StrEnum):
    """What came of an attempt to reach somebody."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    MESSAGE_LEFT = "message_left"
    WRONG_NUMBER = "wrong_number"


class ReviewOutcome(StrEnum):
    """What a review found: ``started`` at 16 weeks, ``continuing`` and ``stopped`` at 52 weeks."""

    STARTED = "started"
    NOT_STARTED = "not_started"
    CONTINUING = "continuing"
    STOPPED = "stopped"
    DECLINED = "declined"
    DIED = "died"
    NOT_REACHED = "not_reached"


class CloseReason(StrEnum):
    """Why a course ended."""

    COMPLETED = "completed"
    NO_TREATMENT = "no_treatment"
    DECLINED = "declined"
    NOT_REACHED = "not_reached"
    DIED = "died"


@dataclass(frozen=True, slots=True)
class Decision:
    """The queue's answer: confirmed as a fragility fracture (``refuted`` None), or refuted and why."""

    on: date
    by: str
    refuted: RefuteReason | None = None


@dataclass(frozen=True, slots=True)
class AssessmentStep:
    """A first assessment. ``answers`` maps a field of `openfls.record.picture.Picture` to its typed value;
    what is not known is not in it. ``falls_assessed``: the service itself made a falls assessment."""

    on: date
    by: str
    answers: Mapping[str, Any]
    falls_assessed: bool


@dataclass(frozen=True, slots=True)
class DxaStep:
    """A DXA asked for; ``on`` and ``result`` are None until the scan has been done."""

    requested_on: date
    on: date | None = None
    result: BoneDensity | None = None


@dataclass(frozen=True, slots=True)
class PlanStep:
    """A plan agreed. ``drug`` is a lower-case UK name and is there for `PlanKind.DRUG` alone."""

    on: date
    by: str
    kind: PlanKind
    drug: str | None
    calcium_vitamin_d: bool
    falls_referral: bool


@dataclass(frozen=True, slots=True)
class LetterStep:
    """A letter sent, to ``gp`` or ``person``."""

    on: date
    by: str
    to: str


@dataclass(frozen=True, slots=True)
class ContactStep:
    """One attempted call, for the step named in ``about``: ``assessment``, ``review_16`` or ``review_52``."""

    on: date
    by: str
    about: str
    outcome: ContactOutcome


@dataclass(frozen=True, slots=True)
class ReviewStep:
    """A review. ``drug``: what the person takes. ``strength_balance`` None: not asked."""

    due_on: date
    on: date
    by: str
    outcome: ReviewOutcome
    drug: str | None = None
    strength_balance: bool | None = None
    refractures: int | None = None


@dataclass(frozen=True, slots=True)
class CloseStep:
    """The end of a course."""

    on: date
    by: str
    reason: CloseReason


@dataclass(frozen=True, slots=True)
class Course:
    """What the service did about one found fracture up to the end of the year; no later step is there.

    The episode made from the feeds is found by the person's numbers, ``site`` and ``fracture_on``.
    ``sites`` holds every site of the event, the first being ``site``: all belong to one course.
    """

    event: str
    nhs_number: str
    hospital_number: str
    site: Site
    side: Side
    sites: tuple[Site, ...]
    fracture_on: date
    decision: Decision | None = None
    assessment: AssessmentStep | None = None
    dxa: DxaStep | None = None
    plan: PlanStep | None = None
    letters: tuple[LetterStep, ...] = ()
    contacts: tuple[ContactStep, ...] = ()
    review_16: ReviewStep | None = None
    review_52: ReviewStep | None = None
    closed: CloseStep | None = None


@dataclass(frozen=True, slots=True)
class Year:
    """A fictional hospital's year. The same ``seed``, ``end`` and ``size`` always give an equal value.

    ``size`` is the number of fragility fractures in twelve months; ``caseload`` the local estimate for the
    whole population served, of which the feeds tell a part.
    """

    seed: int
    start: date
    end: date
    size: int
    caseload: int
    service: str
    staff: tuple[StaffMember, ...]
    people: tuple[FictionalPerson, ...]
    events: tuple[Event, ...]
    reports: tuple[Report, ...]
    courses: tuple[Course, ...]
