"""The ten clinical standards of a service: what is measured, what is attested, what is missing and who sees to it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from openfls.quality.rating import percent_words
from openfls.record.advice import Confidence
from openfls.service.models import Evidence, GapAction, Profile, Service
from openfls.service.quality.measures import MeasureRow, measures_of
from openfls.service.spans import Span


class EvidenceKind(StrEnum):
    """What an attestation is about."""

    PEER_REVIEW = "peer_review"
    EXPERIENCE = "experience"
    COMPETENCE = "competence"
    CPD = "cpd"
    POLICY = "policy"
    AUDIT = "audit"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The words a page shows."""
        return {
            EvidenceKind.PEER_REVIEW: "Peer review",
            EvidenceKind.EXPERIENCE: "What people say of the service",
            EvidenceKind.COMPETENCE: "Competence",
            EvidenceKind.CPD: "Continuing professional development",
            EvidenceKind.POLICY: "Policy or pathway",
            EvidenceKind.AUDIT: "Audit",
            EvidenceKind.OTHER: "Other evidence",
        }[self]


@dataclass(frozen=True, slots=True)
class Standard:
    """One of the ten: what it asks, which measures show it, and which kinds of attestation it needs."""

    key: str
    number: int
    area: str
    asks: str
    limit: str
    measures: tuple[str, ...]
    attested_by: tuple[EvidenceKind, ...]
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Practice:
    """One standard of the international best-practice framework, with what each level asks as far as it is known."""

    key: str
    number: int
    title: str
    levels: dict[str, str]
    measure: str
    confidence: Confidence


def _data() -> dict[str, Any]:
    text = files("openfls.service").joinpath("data", "standards.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _standards() -> dict[str, Standard]:
    return {
        row["key"]: Standard(
            row["key"],
            row["number"],
            row["area"],
            row["asks"],
            row["limit"],
            tuple(row["measures"]),
            tuple(EvidenceKind(kind) for kind in row["attested_by"]),
            Confidence(row["confidence"]),
        )
        for row in _data()["standards"]
    }


@cache
def _profile() -> dict[str, Practice]:
    return {
        row["key"]: Practice(
            row["key"],
            row["number"],
            row["title"],
            {level: row[level] for level in LEVELS if level in row},
            row.get("measure", ""),
            Confidence(row["confidence"]),
        )
        for row in _data()["practices"]
    }


LEVELS = ("black", "bronze", "silver", "gold")
LEVEL_WORDS = {"black": "No information", "bronze": "Bronze", "silver": "Silver", "gold": "Gold"}
STANDARDS = _standards()
PROFILE = _profile()
SOURCE: str = _data()["source"]
PROFILE_SOURCE: str = _data()["profile_source"]


NOTHING_HOLDS = "nothing that holds today"


class Verdict(StrEnum):
    """What stands behind a standard: all of it, a part (some evidence, or a figure from 50 %), or nothing.

    No standard names a percentage, so none is called met by a number alone.
    """

    SHOWN = "shown"
    PARTLY = "partly"
    GAP = "gap"

    @property
    def label(self) -> str:
        """The words a page shows."""
        return {
            Verdict.SHOWN: "Evidence for all of it",
            Verdict.PARTLY: "Evidence for a part",
            Verdict.GAP: "Gap",
        }[self]


@dataclass(frozen=True, slots=True)
class StandardRow:
    """One standard of a service as of a day."""

    standard: Standard
    measured: tuple[MeasureRow, ...]
    evidence: tuple[Evidence, ...]
    lapsed: tuple[Evidence, ...]
    missing: tuple[str, ...]
    actions: tuple[GapAction, ...]

    @property
    def verdict(self) -> Verdict:
        """All of it shown, a part of it, or nothing."""
        if not self.missing:
            return Verdict.SHOWN
        has_some = bool(self.evidence) or any(row.standing in ("green", "amber") for row in self.measured)
        return Verdict.PARTLY if has_some else Verdict.GAP

    @property
    def unanswered(self) -> bool:
        """Whether there is a gap for which nobody has planned anything."""
        return bool(self.missing) and not any(action.done_on is None for action in self.actions)


def standards_of(service: Service, as_of: date, span: Span) -> list[StandardRow]:
    """The ten rows: the figures of a period, the evidence that holds on a day."""
    measured = {row.key: row for row in measures_of(service, as_of, "standards", span)}
    evidence = list(Evidence.objects.filter(service=service, withdrawn=False).select_related("by"))
    actions = list(GapAction.objects.filter(service=service))
    return [_row(standard, measured, evidence, actions, as_of) for standard in STANDARDS.values()]


def _row(
    standard: Standard,
    measured: dict[str, MeasureRow],
    evidence: list[Evidence],
    actions: list[GapAction],
    as_of: date,
) -> StandardRow:
    figures = tuple(measured[key] for key in standard.measures)
    own = [row for row in evidence if row.standard == standard.key and row.on <= as_of]
    holds = tuple(row for row in own if row.holds_until is None or row.holds_until >= as_of)
    kinds = {row.kind for row in holds}
    missing = [_figure_gap(row) for row in figures if row.standing != "green"]
    missing += [f"{kind.label}: {NOTHING_HOLDS}" for kind in standard.attested_by if kind not in kinds]
    return StandardRow(
        standard,
        figures,
        holds,
        tuple(row for row in own if row not in holds),
        tuple(missing),
        tuple(row for row in actions if row.standard == standard.key),
    )


def _figure_gap(row: MeasureRow) -> str:
    name = row.title.partition(": ")[2] or row.title
    if row.value is None:
        return f"{name}: nobody to count in this period" + (f"; {row.complete.words}" if row.complete else "")
    told = f"{name}: {percent_words(row.value)} % ({row.numerator:g} of {row.denominator:g})"
    if row.open_until is not None:
        told += f" so far, still open to {row.open_until.day} {row.open_until:%B %Y}"
        return f"{told}; {row.complete.words}" if row.complete else f"{told}; no complete year yet"
    return f"{told}; not rated, because the caseload is a guess" if row.estimate else told


def profile_of(service: Service) -> dict[str, Profile]:
    """The newest level of each standard of the best-practice framework."""
    found: dict[str, Profile] = {}
    for row in Profile.objects.filter(service=service).select_related("by").order_by("pk"):
        found[row.standard] = row
    return found
