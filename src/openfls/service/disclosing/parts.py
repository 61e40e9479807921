"""Parts of a record that a timeline tells too shortly, as lines to read: alerts, plans, openings in an emergency."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone

from openfls.intervention import Severity
from openfls.record.reasons import CalciumVitaminD, DrugDecision, DxaDecision, FallsReferral
from openfls.service.models import Alert, EmergencyAccess, Person, Plan, PlanDetail

_GRAVE = [Severity.RED, Severity.AMBER, Severity.INFO]


def moment(at: datetime) -> str:
    """A moment by the clock on the wall: ``1 June 2026, 13:00``."""
    local = timezone.localtime(at)
    return f"{local.day} {local:%B %Y, %H:%M}"


def alerts_of(person: Person) -> list[tuple[str, ...]]:
    """Raised when, what, until when, and what was decided: first what stands, the gravest first, then the newest."""
    rows = (
        Alert.objects.filter(episode__person=person).select_related("decided_by").order_by("-raised_at", "pk")
    )
    in_order = sorted(rows, key=lambda row: (row.ended_at is not None, _GRAVE.index(row.severity)))
    return [
        (
            moment(row.raised_at),
            f"{row.severity.capitalize()}: {row.title}. {row.action}",
            moment(row.ended_at) if row.ended_at else "It stands",
            _decided(row),
        )
        for row in in_order
    ]


def _decided(row: Alert) -> str:
    if not row.decision or row.decided_at is None:
        return "Nothing was decided"
    by = row.decided_by.full_name if row.decided_by else ""
    return ", ".join(filter(None, (row.get_decision_display(), row.reason, by, moment(row.decided_at))))


def plans_of(person: Person) -> list[tuple[str, ...]]:
    """Agreed when, and everything in it, line by line; also a plan that was taken back."""
    rows = Plan.objects.filter(episode__person=person).select_related("by", "detail__signed_by")
    lines = []
    for row in rows.order_by("-agreed_on", "-pk"):
        day = f"{row.agreed_on.day} {row.agreed_on:%B %Y}"
        lines += [(day, label, words) for label, words in _of_plan(row) if words]
    return lines


def _of_plan(row: Plan) -> Iterator[tuple[str, str]]:
    detail = PlanDetail.objects.filter(plan=row).first()
    yield "Agreed by", row.by.full_name + (" (the plan was taken back)" if row.withdrawn else "")
    yield "Medicine for the bones", ": ".join(filter(None, (DrugDecision(row.decision).label, row.drug)))
    yield "Why", row.decision_reason
    yield "Calcium and vitamin D", CalciumVitaminD(row.calcium_vitamin_d).label
    yield "Why none", detail.calcium_reason if detail else ""
    yield "Falls", FallsReferral(row.falls_referral).label
    yield "Bone density scan", DxaDecision(row.dxa).label
    yield "What matters to the person", row.what_matters
    if detail and detail.signed_by and detail.signed_at:
        yield "Signed by", f"{detail.signed_by.full_name}, {moment(detail.signed_at)}"


def emergencies_of(person: Person) -> list[tuple[str, ...]]:
    """Opened when, from which service, why, and how it was judged; who it was the organisation knows (decision 044)."""
    rows = EmergencyAccess.objects.filter(person=person).select_related("from_service").order_by("-begun_at")
    return [
        (
            moment(row.begun_at),
            row.from_service.name,
            ": ".join(filter(None, (row.get_kind_display(), row.words))),
            row.get_outcome_display() if row.outcome else "Not judged yet",
        )
        for row in rows
    ]
