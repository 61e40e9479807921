"""The tables. One file a group; Django finds them all here."""

from openfls.service.models.access import (
    AccessRules,
    Counted,
    Emergency,
    EmergencyAccess,
    Invitation,
    Outcome,
    RoleReview,
    SecondFactor,
)
from openfls.service.models.aside import Brought, SaidOther, SetAside, SetAsideNumber
from openfls.service.models.audit import AccessReview, AuditEvent
from openfls.service.models.audit_row import FlsdbRow
from openfls.service.models.care import Answer, Assessment, Episode, Fracture, Plan, Review, Status
from openfls.service.models.clinic import CalendarFeed, ClinicAbsence, ClinicDayChosen, ClinicHours, Slot
from openfls.service.models.connections import ApiClient, OutboxMessage, Webhook
from openfls.service.models.contact import Contact, Letter, Task
from openfls.service.models.corrections import FractureCorrection, PersonCorrection
from openfls.service.models.feeds import Delivery, FeedRow, SourceRecord, TellsOf
from openfls.service.models.flags import PersonFlag
from openfls.service.models.guidance import GuidelineChange, GuidelineMove
from openfls.service.models.identity import MergedPerson, NotSamePerson, RowDecision
from openfls.service.models.inbox import InboxMessage
from openfls.service.models.installation import Installation
from openfls.service.models.letter_runs import LetterInRun, LetterRun
from openfls.service.models.loading import Loading
from openfls.service.models.operation import Job, SignOfLife
from openfls.service.models.own_codes import HeldResult, LabCode
from openfls.service.models.people import Person, PersonIdentifier
from openfls.service.models.posting import (
    LetterBatch,
    Letterhead,
    LetterInBatch,
    LetterSent,
    LocalWording,
)
from openfls.service.models.practice import Practice
from openfls.service.models.quality import (
    AuditSubmission,
    Change,
    Evidence,
    FacilitiesAnswer,
    GapAction,
    MeasuredFile,
    OptOut,
    Profile,
    SharedResult,
)
from openfls.service.models.questionnaire import PersonAnswer, Questionnaire, WrongCode
from openfls.service.models.sources import CodeList, FeedSource, UploadedFile
from openfls.service.models.staff import Membership, Service, User
from openfls.service.models.stuck import Stuck
from openfls.service.models.told import ToldValue
from openfls.service.models.toolkit import ToolkitCase
from openfls.service.models.training import (
    Certificate,
    CheckAnswer,
    CpdPoint,
    Enrolment,
    LessonRead,
    Reflection,
    SignOff,
    TrainingRules,
)
from openfls.service.models.training_papers import Attempt, AttemptItem, AttemptRest
from openfls.service.models.treating import Alert, Dose, PlanDetail, Treatment, TreatmentEntry
from openfls.service.models.verdicts import PassedOver, Verdict

__all__ = [
    "AccessReview",
    "AccessRules",
    "Alert",
    "Answer",
    "ApiClient",
    "Assessment",
    "Attempt",
    "AttemptItem",
    "AttemptRest",
    "AuditEvent",
    "AuditSubmission",
    "Brought",
    "CalendarFeed",
    "Certificate",
    "Change",
    "CheckAnswer",
    "ClinicAbsence",
    "ClinicDayChosen",
    "ClinicHours",
    "CodeList",
    "Contact",
    "Counted",
    "CpdPoint",
    "Delivery",
    "Dose",
    "Emergency",
    "EmergencyAccess",
    "Enrolment",
    "Episode",
    "Evidence",
    "FacilitiesAnswer",
    "FeedRow",
    "FeedSource",
    "FlsdbRow",
    "Fracture",
    "FractureCorrection",
    "GapAction",
    "GuidelineChange",
    "GuidelineMove",
    "HeldResult",
    "InboxMessage",
    "Installation",
    "Invitation",
    "Job",
    "LabCode",
    "LessonRead",
    "Letter",
    "LetterBatch",
    "LetterInBatch",
    "LetterInRun",
    "LetterRun",
    "LetterSent",
    "Letterhead",
    "Loading",
    "LocalWording",
    "MeasuredFile",
    "Membership",
    "MergedPerson",
    "NotSamePerson",
    "OptOut",
    "OutboxMessage",
    "Outcome",
    "PassedOver",
    "Person",
    "PersonAnswer",
    "PersonCorrection",
    "PersonFlag",
    "PersonIdentifier",
    "Plan",
    "PlanDetail",
    "Practice",
    "Profile",
    "Questionnaire",
    "Reflection",
    "Review",
    "RoleReview",
    "RowDecision",
    "SaidOther",
    "SecondFactor",
    "Service",
    "SetAside",
    "SetAsideNumber",
    "SharedResult",
    "SignOfLife",
    "SignOff",
    "Slot",
    "SourceRecord",
    "Status",
    "Stuck",
    "Task",
    "TellsOf",
    "ToldValue",
    "ToolkitCase",
    "TrainingRules",
    "Treatment",
    "TreatmentEntry",
    "UploadedFile",
    "User",
    "Verdict",
    "Webhook",
    "WrongCode",
]
