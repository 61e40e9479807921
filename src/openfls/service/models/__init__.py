"""The tables. One file a group; Django finds them all here."""

from openfls.service.models.audit import AuditEvent
from openfls.service.models.audit_row import FlsdbRow
from openfls.service.models.care import Answer, Assessment, Episode, Fracture, Plan, Review, Status
from openfls.service.models.contact import Contact, Letter, Task
from openfls.service.models.feeds import Delivery, FeedRow, SourceRecord
from openfls.service.models.identity import MergedPerson, NotSamePerson, RowDecision
from openfls.service.models.inbox import InboxMessage
from openfls.service.models.people import Person, PersonIdentifier
from openfls.service.models.sources import CodeList, FeedSource, UploadedFile
from openfls.service.models.staff import Membership, Service, User
from openfls.service.models.verdicts import PassedOver, Verdict

__all__ = [
    "Answer",
    "Assessment",
    "AuditEvent",
    "CodeList",
    "Contact",
    "Delivery",
    "Episode",
    "FeedRow",
    "FeedSource",
    "FlsdbRow",
    "Fracture",
    "InboxMessage",
    "Letter",
    "Membership",
    "MergedPerson",
    "NotSamePerson",
    "PassedOver",
    "Person",
    "PersonIdentifier",
    "Plan",
    "Review",
    "RowDecision",
    "Service",
    "SourceRecord",
    "Status",
    "Task",
    "UploadedFile",
    "User",
    "Verdict",
]
