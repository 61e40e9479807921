"""What the builders are given: values of the record with the keys of their rows, each about one person."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from openfls.record.findings import FractureAge, Kind
from openfls.record.pathway import State
from openfls.record.people import Demographics, Identifier
from openfls.record.picture import FraxResult, QFractureResult
from openfls.record.questions import Value
from openfls.record.reasons import CalciumVitaminD, DrugDecision, DxaDecision, FallsReferral, TaskKind
from openfls.record.sites import Side, Site


@dataclass(frozen=True, slots=True)
class BrokenBone:
    """A fracture. ``fragility`` None: nobody has judged it yet."""

    key: str
    on: date
    site: Site
    side: Side
    levels: tuple[str, ...]
    kind: Kind
    age: FractureAge
    fragility: bool | None
    state: State
    history: bool
    words: str


@dataclass(frozen=True, slots=True)
class Measured:
    """What counts for one field (`record.questions`) of a person. ``value`` None: not known, and ``absent`` says why.

    ``on`` is the day to which it belongs, ``at`` when the service knew; both None where nothing counts.
    """

    field: str
    value: Value
    on: date | None = None
    at: datetime | None = None
    source: str = ""
    comparator: str = ""
    preliminary: bool = False
    corrected: bool = False
    absent: str = ""


@dataclass(frozen=True, slots=True)
class AgreedPlan:
    """A plan. ``waits``: a prescriber has still to sign; ``courses`` what is known of drugs taken, oldest first."""

    key: str
    episode: str
    agreed_on: date
    by: str
    decision: DrugDecision
    drug: str
    decision_reason: str
    calcium_vitamin_d: CalciumVitaminD
    falls_referral: FallsReferral
    dxa: DxaDecision
    waits: bool
    withdrawn: bool
    closed: bool
    specialist: bool
    come_back_on: date | None = None
    courses: tuple[Course, ...] = ()
    answered: frozenset[TaskKind] = frozenset()
    """The referrals of which the answer has been seen: scan, falls team, specialist."""


@dataclass(frozen=True, slots=True)
class Course:
    """One course of a bone drug, and the days of its injections.

    ``paused``: it is not taken since ``stopped_on``, and is to go on. ``withdrawn``: it never was.
    """

    key: str
    drug: str
    started_on: date
    stopped_on: date | None
    stop_reason: str
    paused: bool
    at: datetime
    doses: tuple[date, ...] = ()
    withdrawn: bool = False

    @property
    def status(self) -> str:
        """How it stands, as FHIR names it for a MedicationStatement."""
        if self.withdrawn:
            return "entered-in-error"
        if self.paused:
            return "on-hold"
        return "stopped" if self.stopped_on else "active"


@dataclass(frozen=True, slots=True)
class Promise:
    """A task of the service about a person."""

    key: str
    kind: TaskKind
    due: date
    done_at: datetime | None
    cancelled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Scores:
    """The risk scores of one episode: FRAX as it was recorded, QFracture as the assessment was given it."""

    episode: str
    frax: FraxResult | None = None
    qfracture: QFractureResult | None = None
    disclaimer: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a letter: a heading with paragraphs, lists and tables in their order.

    A block is ``("text", (words,))``, ``("list", items)`` or ``("table", (header, *rows))`` with rows of two.
    """

    title: str
    blocks: tuple[tuple[str, tuple[object, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class ApprovedLetter:
    """A locked letter."""

    key: str
    kind: str
    label: str
    subject: str
    on: date
    approved_at: datetime
    approved_by: str
    replaced: bool
    replaces: str = ""
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """Everything that leaves about one person. ``changed_at`` is when anything about the person last changed."""

    key: str
    demographics: Demographics
    numbers: tuple[Identifier, ...]
    service: str
    changed_at: datetime
    fractures: tuple[BrokenBone, ...] = ()
    measured: tuple[Measured, ...] = ()
    plans: tuple[AgreedPlan, ...] = ()
    courses: tuple[Course, ...] = ()
    promises: tuple[Promise, ...] = ()
    scores: tuple[Scores, ...] = ()
    letters: tuple[ApprovedLetter, ...] = field(default=())
