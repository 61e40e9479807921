"""Badges of certificates, and what a verifier asks this installation for."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

from openfls.service import clock
from openfls.service.models import Certificate
from openfls.service.training.keys import badge_key
from openfls.training.badge import Addresses, Awarded, credential, jwk, signed, status_list
from openfls.training.courses import courses


def badge_of(certificate: Certificate, where: Addresses) -> str:
    """The signed badge of a certificate: the same bytes each time."""
    course = courses()[certificate.course]
    awarded = Awarded(
        id=str(certificate.pk),
        subject=str(certificate.attempt.enrolment.subject),
        name=certificate.name,
        code=certificate.code,
        status_index=certificate.status_index,
        since=certificate.issued_at,
        # Good to the end of the last day.
        until=datetime.combine(certificate.expires_on, time(23, 59, 59), tzinfo=UTC),
    )
    return signed(credential(awarded, course, where), badge_key(), where)


def status(where: Addresses) -> str:
    """The signed list of what is revoked."""
    revoked = Certificate.objects.exclude(revoked_at=None)
    newest = revoked.order_by("-revoked_at").values_list("revoked_at", flat=True).first()
    since = newest or clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    numbers = sorted(revoked.values_list("status_index", flat=True))
    return signed(status_list(numbers, since, where), badge_key(), where)


def public_keys(where: Addresses) -> dict[str, Any]:
    """The public key of this installation as a set."""
    return {"keys": [jwk(badge_key().public_key(), where)]}
