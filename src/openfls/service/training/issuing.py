"""Certificates: issued when a paper is passed, verified by anybody who has the code, revoked for a reason."""

from __future__ import annotations

import secrets

from django.db.models import Sum

from openfls.record.pathway import NotPossible
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actor import Actor
from openfls.service.models import Attempt, Certificate, CpdPoint
from openfls.service.roles import May
from openfls.service.training.learning import keep_points
from openfls.service.training.own import check_other
from openfls.training.badge import STATUS_BITS
from openfls.training.codes import new_code
from openfls.training.courses import Course
from openfls.training.timing import add_months


def issue(attempt: Attempt, course: Course, by: Actor) -> Certificate:
    """The certificate of a passed paper, and its points. Part of the action that marks the paper."""
    now = clock.now()
    made: Certificate = Certificate.objects.create(
        service=attempt.service,
        user=attempt.user,
        attempt=attempt,
        course=course.key,
        title=course.title,
        name=attempt.user.full_name,
        code=_free_code(),
        status_index=_free_index(),
        issued_at=now,
        expires_on=clock.day_of(add_months(now, course.valid_months)),
    )
    mine = {"service": attempt.service, "user": attempt.user, "course": course.key, "cycle": attempt.cycle}
    earned = CpdPoint.objects.filter(**mine).exclude(topic="").aggregate(sum=Sum("points"))["sum"] or 0
    first = attempt.cycle == 1
    points = max(0.0, course.points - float(earned)) if first else course.renewal_points
    words = f"{course.title}: " + (
        f"{course.points:g} points in all, with those of its topics" if first else "renewal"
    )
    keep_points(by, attempt.user, course, "", attempt.cycle, words, points)
    return made


def _free_code() -> str:
    while True:
        code = new_code(secrets.choice)
        if not Certificate.objects.filter(code=code).exists():
            return code


def _free_index() -> int:
    """A place in the status list, drawn by lot, so that it tells nothing of how many certificates there are."""
    taken = set(Certificate.objects.values_list("status_index", flat=True))
    most = STATUS_BITS
    while len(taken) > most // 2:
        most *= 2
    while True:
        index = secrets.randbelow(most)
        if index not in taken:
            return index


@action("certificate.revoke", May.SUPERVISE)
def revoke(*, certificate: Certificate, why: str, by: Actor) -> Certificate:
    """Revoke a certificate. Its public page, its badge and its standing in the team say so from now on."""
    check_other(certificate.user, by)
    if why not in Certificate.Why.values:
        raise NotPossible("Say why it is revoked.")
    if certificate.revoked_at is not None:
        raise NotPossible("It is revoked already.")
    certificate.revoked_at, certificate.revoked_why, certificate.revoked_by = clock.now(), why, by.user
    certificate.save(update_fields=["revoked_at", "revoked_why", "revoked_by"])
    note(by, "certificate.revoke", subject=f"certificate {certificate.pk}", why=why)
    return certificate


def standing(certificate: Certificate) -> str:
    """``valid``, ``expired`` or ``revoked``, today."""
    if certificate.revoked_at is not None:
        return "revoked"
    return "valid" if certificate.expires_on >= clock.today() else "expired"
