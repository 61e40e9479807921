"""The audit log: who did or saw what. Rows are only ever added, each holding the hash of the one before."""

from __future__ import annotations

from typing import Any

from django.db import models

from openfls.service.models.staff import Service


class AuditEvent(models.Model):
    """One thing that somebody did or saw in one service.

    It names its subject by key only, without a foreign key: the log outlives what it tells of.
    """

    service = models.ForeignKey(Service, models.PROTECT, related_name="audit_events")
    number = models.PositiveBigIntegerField(help_text="1, 2, 3… within the service, without a gap.")
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
            models.UniqueConstraint(fields=["service", "number"], name="audit_numbers_have_no_twin"),
        )
        indexes = (models.Index(fields=["service", "person"]),)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the row; a row that exists is refused."""
        if not self._state.adding:
            raise TypeError("an audit event is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refused."""
        raise TypeError("an audit event is never deleted")
