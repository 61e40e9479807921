"""The audit log: who did or saw what. Rows are only ever added, each holding the hash of the one before."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.db import models

from openfls.service.models.choices import choices
from openfls.service.models.staff import Service, User


class Judged(StrEnum):
    """What somebody made of an access that stood out."""

    IN_ORDER = "in_order"
    ASKED = "asked"
    REPORTED = "reported"

    @property
    def label(self) -> str:
        """The words a page shows."""
        return {
            Judged.IN_ORDER: "In order: there was a reason to look",
            Judged.ASKED: "Being asked about",
            Judged.REPORTED: "Reported as a breach",
        }[self]


class AuditEvent(models.Model):
    """One thing that somebody did or saw in one service.

    It names its subject by key only, without a foreign key: the log outlives what it tells of.
    """

    service = models.ForeignKey(Service, models.PROTECT, related_name="audit_events")
    lane = models.PositiveSmallIntegerField(
        default=0, help_text="0 for what was changed, 1 to 8 for what was seen: a chain each."
    )
    number = models.PositiveBigIntegerField(help_text="1, 2, 3… within the service's lane, without a gap.")
    at = models.DateTimeField()
    user = models.CharField(max_length=150, help_text="User name; empty for the system itself.")
    action = models.CharField(max_length=60)
    person = models.CharField(max_length=36, blank=True)
    subject = models.CharField(max_length=80, blank=True)
    detail = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        db_table = "audit_event"
        constraints = (
            models.UniqueConstraint(fields=["service", "lane", "number"], name="audit_numbers_of_a_lane"),
        )
        indexes = (
            models.Index(fields=["service", "person"]),
            models.Index(fields=["service", "at"], name="audit_by_day"),
            models.Index(fields=["service", "user", "at"], name="audit_by_user"),
        )

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the row; a row that exists is refused."""
        if not self._state.adding:
            raise TypeError("an audit event is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refused."""
        raise TypeError("an audit event is never deleted")


class AccessReview(models.Model):
    """What a named person made of an access that stood out (`service.auditing.odd`), found again by ``key``.

    The newest of a key counts; none is ever changed.
    """

    service = models.ForeignKey(Service, models.PROTECT, related_name="access_reviews")
    key = models.CharField(max_length=64)
    rule = models.CharField(max_length=40)
    user = models.CharField(max_length=150, help_text="User name of the one whose access it was.")
    on = models.DateField()
    judged = models.CharField(max_length=20, choices=choices(Judged))
    words = models.TextField(max_length=2000, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        db_table = "access_review"
        ordering = ("at", "pk")
        indexes = (models.Index(fields=["service", "key"], name="access_reviews_of_a_key"),)
