"""Somebody's portfolio: progress, papers, certificates, reflections, signatures, and the statement of points."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from openfls.service.models import Certificate, CpdPoint, Reflection, Service, SignOff, User
from openfls.service.training.progress import CourseProgress, progress
from openfls.service.training.sandbox.standing import Practised, done_well, practised
from openfls.training.courses import courses


@dataclass(frozen=True, slots=True)
class Statement:
    """Points, in the order in which they were earned, and their sum."""

    rows: tuple[CpdPoint, ...]

    @property
    def total(self) -> Decimal:
        """All points."""
        return sum((row.points for row in self.rows), Decimal(0))


@dataclass(frozen=True, slots=True)
class Portfolio:
    """All that is kept of somebody's training in one service."""

    courses: tuple[CourseProgress, ...]
    reflections: tuple[Reflection, ...]
    signed: tuple[SignOff, ...]
    statement: Statement
    certificates: tuple[Certificate, ...]
    practised: tuple[Practised, ...] = ()

    @property
    def done_well(self) -> int:
        """Virtual patients who were looked after well."""
        return done_well(self.practised)


def portfolio(service: Service, user: User, *, only_shared: bool = False) -> Portfolio:
    """The portfolio of a user; with ``only_shared`` without the reflections that are nobody else's business."""
    mine = {"service": service, "user": user}
    reflections = Reflection.objects.filter(**mine, **({"shared": True} if only_shared else {}))
    return Portfolio(
        courses=tuple(progress(service, user, course) for course in courses().values()),
        reflections=tuple(reflections),
        signed=tuple(SignOff.objects.filter(**mine, withdrawn=False).select_related("by")),
        statement=Statement(tuple(CpdPoint.objects.filter(**mine))),
        certificates=tuple(Certificate.objects.filter(**mine)),
        practised=practised(service, [user])[user.pk],
    )
