"""The team's competence: who is how far, who was signed off, and what of it stands as evidence for standard 9."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Sum

from openfls.service import clock
from openfls.service.models import Certificate, CpdPoint, Membership, Service
from openfls.service.training.progress import CourseProgress, team_progress
from openfls.service.training.sandbox.library import cases
from openfls.service.training.sandbox.standing import done_well, practised
from openfls.training.courses import Course, courses

YEAR = timedelta(days=365)
STANDARD = "9"
"""The clinical standard that asks for a competent team."""


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One person of the team: how far with each course, and points of the last twelve months."""

    member: Membership
    courses: tuple[CourseProgress, ...]
    points: Decimal
    done_well: int = 0
    """Virtual patients who were looked after well."""

    @property
    def signed_off(self) -> int:
        """Topics that a supervisor has signed off."""
        return sum(one.signed_off is not None for found in self.courses for one in found.topics)

    @property
    def valid(self) -> list[Certificate]:
        """Certificates that hold today."""
        return [found.valid for found in self.courses if found.valid]


@dataclass(frozen=True, slots=True)
class Team:
    """The whole team."""

    rows: tuple[MemberRow, ...]
    courses: tuple[Course, ...]
    cases: int = 0

    @property
    def certified(self) -> int:
        """People with a certificate that holds today."""
        return sum(bool(row.valid) for row in self.rows)

    @property
    def signed(self) -> int:
        """People with at least one topic signed off."""
        return sum(bool(row.signed_off) for row in self.rows)

    @property
    def learning(self) -> int:
        """People with points in the last twelve months."""
        return sum(row.points > 0 for row in self.rows)

    @property
    def first_to_expire(self) -> date | None:
        """When the first of the certificates that hold today runs out."""
        return min((held.expires_on for row in self.rows for held in row.valid), default=None)


def team(service: Service) -> Team:
    """Everybody with a role in a service."""
    members = list(Membership.objects.filter(service=service).select_related("user").order_by("pk"))
    every = tuple(courses().values())
    users = [member.user for member in members]
    found = [team_progress(service, users, course) for course in every]
    tries = practised(service, users)
    since = clock.today() - YEAR
    points = dict(
        CpdPoint.objects.filter(service=service, on__gt=since)
        .values_list("user")
        .annotate(sum=Sum("points"))
        .order_by()
    )
    rows = tuple(
        MemberRow(
            member,
            tuple(of_course[member.user_id] for of_course in found),
            points.get(member.user_id, Decimal(0)),
            done_well(tries[member.user_id]),
        )
        for member in members
    )
    return Team(rows, every, len(cases()))


def evidence_words(found: Team, kind: str) -> str:
    """What the team's record says for the standard, as of today; ``kind`` is ``competence`` or ``cpd``."""
    people = len(found.rows)
    if kind == "cpd":
        total = sum((row.points for row in found.rows), Decimal(0))
        return (
            f"{found.learning} of {people} people earned CPD points in the last twelve months, "
            f"{total.normalize():f} points in all (openfls training, no accreditation claimed)"
        )
    return (
        f"{found.certified} of {people} people hold a certificate that is valid today; {found.signed} have topics "
        "signed off by a supervisor (openfls training, no accreditation claimed)"
    )


def holds_until(found: Team) -> date:
    """Until when the record counts as evidence: a year, or the first certificate that runs out before."""
    year = clock.today() + YEAR
    return min(year, found.first_to_expire or year)
