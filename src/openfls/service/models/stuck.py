"""Fractures that work done on many could not be done on: one bad record must not stop the others, nor go unseen."""

from __future__ import annotations

from django.db import models

from openfls.service.models.care import Episode
from openfls.service.models.staff import Service


class Stuck(models.Model):
    """One fracture that one kind of work failed on, until it succeeds. ``fault`` is its kind, never its words."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="stuck")
    episode = models.ForeignKey(Episode, models.CASCADE, related_name="stuck")
    work = models.CharField(max_length=20, help_text="night or audit_row.")
    fault = models.CharField(max_length=60)
    since = models.DateTimeField()
    tried_at = models.DateTimeField()

    class Meta:
        db_table = "stuck_episode"
        constraints = (models.UniqueConstraint(fields=["episode", "work"], name="stuck_once_for_each_work"),)
