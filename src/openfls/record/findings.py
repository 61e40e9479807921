"""What a report says about one person's bones, and what that asks of the service.

The values follow the project's rule book for reading reports; `triage` is its last section as a function.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from openfls.record.sites import OUTSIDE_FLS, Side, Site


class Certainty(StrEnum):
    """How sure the source is that there is a fracture."""

    PRESENT = "present"
    POSSIBLE = "possible"


class FractureAge(StrEnum):
    """Whether the fracture is new (also: no age given) or old (healed, known, long-standing)."""

    NEW = "new"
    OLD = "old"


class Kind(StrEnum):
    """What made the bone break."""

    TRAUMATIC = "traumatic"
    PATHOLOGICAL = "pathological"
    PERIPROSTHETIC = "periprosthetic"
    ATYPICAL = "atypical"
    STRESS = "stress"


class Triage(StrEnum):
    """What the finding asks for: the service's care, a person's look, or nothing."""

    CASE = "case"
    REVIEW = "review"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a report's text that led to a finding: ``text[start:end]``, and the rule that used it."""

    start: int
    end: int
    rule: str


@dataclass(frozen=True, slots=True)
class Finding:
    """All fractures of one site and side that share certainty, age and kind.

    ``levels`` holds vertebral levels from top to bottom, for example ``("T12", "L1")``.
    ``spans`` is the evidence: empty for a finding that came from a code.
    """

    site: Site
    side: Side = Side.NONE
    levels: tuple[str, ...] = ()
    certainty: Certainty = Certainty.PRESENT
    age: FractureAge = FractureAge.NEW
    kind: Kind = Kind.TRAUMATIC
    spans: tuple[Span, ...] = ()


_ALWAYS_REVIEWED = frozenset({Kind.PATHOLOGICAL, Kind.PERIPROSTHETIC, Kind.ATYPICAL})
_RANK = {Triage.NONE: 0, Triage.REVIEW: 1, Triage.CASE: 2}


def triage_of(finding: Finding) -> Triage:
    """The triage of one finding. The kind is weighed before site and age."""
    if finding.kind in _ALWAYS_REVIEWED:
        return Triage.REVIEW
    if finding.site in OUTSIDE_FLS:
        return Triage.NONE
    present = finding.certainty is Certainty.PRESENT
    if finding.site is Site.VERTEBRA:
        return Triage.CASE if present else Triage.REVIEW
    if finding.age is FractureAge.OLD:
        return Triage.NONE
    if finding.site is Site.UNSPECIFIED:
        return Triage.REVIEW
    return Triage.CASE if present else Triage.REVIEW


def triage(findings: Iterable[Finding]) -> Triage:
    """The highest triage that any finding reaches; ``none`` for no finding."""
    return max((triage_of(finding) for finding in findings), key=_RANK.__getitem__, default=Triage.NONE)
