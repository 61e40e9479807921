"""What identification hands on: something a feed said about a person, and the fracture made of it.

A feed of any format becomes a stream of `Reading` values: an `Observation` that something may have broken, a
`Notice` about the person alone, a `Measured` result, or a `Rejection`. Observations of one fracture by several
sources become one `FoundFracture`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from openfls.record.findings import Finding, Triage
from openfls.record.people import Demographics
from openfls.record.sites import Side, Site


class SourceKind(StrEnum):
    """What sort of record told us."""

    DIAGNOSIS = "diagnosis"
    EMERGENCY = "emergency"
    RADIOLOGY = "radiology"
    THEATRE = "theatre"
    ENCOUNTER = "encounter"
    RESULT = "result"  # a measurement: it tells of no bone that broke
    PERSON = "a person"  # no feed at all: somebody told it on the telephone, on the ward, in a letter


class Bearing(StrEnum):
    """What an observation can do: make a fracture, make one that a person looks at, or only add to another's.

    ``support`` never makes a fracture (a hip replacement beside a hip fracture is evidence, alone it is not);
    ``flag`` is a disease of bone without a finding: it sends the person's fractures to a person's look.
    """

    FRACTURE = "fracture"
    REVIEW = "review"
    SUPPORT = "support"
    FLAG = "flag"


class Energy(StrEnum):
    """How hard the blow was. Unknown never excludes."""

    LOW = "low"
    HIGH = "high"
    REVIEW = "review"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value came from: the feed, the record in it, and the place for a human to find.

    ``record`` identifies the record within ``feed`` for good: the same record delivered again has the same
    key. It is empty where a whole file could not be used. ``version`` orders two deliveries of one record (a
    message time or a FHIR ``lastUpdated``, as ISO text): the greater one is what the sender means now.
    """

    feed: str
    record: str
    kind: SourceKind
    position: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class Observation:
    """One record that says, in codes or in text, that a person's bone broke.

    ``text`` is the report as sent, ``code`` the code that was recognised as ``system|code``; one of them is
    there. ``bearing`` is what the observation can do, ``remark`` why a person must look, in words. An
    observation without findings is a ``flag``.
    """

    source: Source
    person: Demographics
    on: date | None
    findings: tuple[Finding, ...]
    energy: Energy = Energy.UNKNOWN
    code: str = ""
    display: str = ""
    text: str = ""
    bearing: Bearing = Bearing.FRACTURE
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A record that carries no fracture but tells about the person: an address, a death, a merge to be looked
    at.

    ``about`` is ``demographics``, ``death``, ``merge`` (``other`` is the person said to be the same; nobody
    is merged without a human) or ``other``: ``count`` records of the type named in ``detail``, not about
    fractures, counted and not kept; ``person`` is then empty.
    """

    source: Source
    person: Demographics
    about: str = "demographics"
    detail: str = ""
    count: int = 1
    other: Demographics | None = None


@dataclass(frozen=True, slots=True)
class Rejection:
    """A record, or a whole file, that was left out, and why. Nothing is left out without one.

    ``passed_over`` is the report itself where it was read and nothing in it is for the service: what an audit of
    the reader draws its sample from. It is not part of what the record is known by. ``unread`` is a result under a code
    of its sender's own, as it was sent.
    """

    source: Source
    reason: str
    person: Demographics | None = None
    passed_over: Observation | None = None
    unread: Unread | None = None


class ResultStatus(StrEnum):
    """How far a result is: a preliminary one is shown as such, a corrected one takes the place of the first."""

    PRELIMINARY = "preliminary"
    FINAL = "final"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True)
class Unread:
    """A result whose code nobody has mapped, as it was sent; the other fields are those of `Measured`."""

    code: str
    name: str
    value: str
    unit: str
    on: date
    at: str = ""
    status: ResultStatus = ResultStatus.FINAL
    teller: str = ""
    specimen: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """One result about a person, in our unit: a blood test, a T-score, a height.

    ``field`` is a name of `record.questions`, ``value`` its value, ``as_sent`` the value with its unit as the sender
    wrote them; ``comparator`` is ``<`` or ``>`` where the limit of the test was sent. ``at`` is the time of the day
    ``on`` as ``HH:MM``, empty where it was not told. ``teller`` is who says so, in words.
    """

    source: Source
    person: Demographics
    on: date
    field: str
    value: float | int | str
    as_sent: str = ""
    comparator: str = ""
    at: str = ""
    status: ResultStatus = ResultStatus.FINAL
    teller: str = ""


Reading = Observation | Notice | Measured | Rejection


@dataclass(frozen=True, slots=True)
class FoundFracture:
    """One fracture of one person, with everything that told of it; a row of ``openfls find``.

    ``on`` is the day of the earliest evidence. ``on`` or ``age_at_fracture`` is None where no source says it:
    such a fracture is for review, never dropped.
    """

    person: Demographics
    person_id: str
    on: date | None
    age_at_fracture: int | None
    site: Site
    side: Side
    levels: tuple[str, ...]
    triage: Triage
    reason: str
    observations: tuple[Observation, ...] = field(default=())
