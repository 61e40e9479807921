"""A file that is being loaded: how far it has come, so that it can be watched, stopped, and gone on with."""

from __future__ import annotations

import uuid

from django.db import models

from openfls.service.models.feeds import Delivery
from openfls.service.models.sources import UploadedFile
from openfls.service.models.staff import Service, User


class Loading(models.Model):
    """One file on its way into the database. One at a time is under way in a service.

    ``done`` readings of ``total`` are taken in; ``rows`` of ``rows_total`` are what a person counts. ``beat_at`` is the
    last sign of life of whoever works on it: one that has been silent for long was cut off, and is taken up again.
    """

    class State(models.TextChoices):
        """How far it has come."""

        WAITING = "waiting", "waits to begin"
        RUNNING = "running", "being loaded"
        STOPPED = "stopped", "stopped"
        FAILED = "failed", "could not go on"
        DONE = "done", "loaded"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, models.PROTECT)
    user = models.ForeignKey(User, models.PROTECT)
    upload = models.ForeignKey(UploadedFile, models.SET_NULL, null=True, related_name="loadings")
    delivery = models.ForeignKey(Delivery, models.PROTECT, null=True, related_name="loadings")
    name = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveIntegerField(null=True, help_text="None until the file has been read once.")
    episodes = models.PositiveIntegerField(default=0)
    stop_asked = models.BooleanField(default=False)
    reason = models.CharField(max_length=500, blank=True)
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField()
    worker = models.CharField(max_length=40, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "loading"
        constraints = (
            models.UniqueConstraint(
                fields=["service"],
                condition=models.Q(state__in=("waiting", "running")),
                name="one_file_is_loaded_at_a_time",
            ),
        )

    @property
    def is_under_way(self) -> bool:
        """Whether somebody works on it, or will at once."""
        return self.state in (self.State.WAITING, self.State.RUNNING)

    @property
    def can_go_on(self) -> bool:
        """Whether it can be taken up where it stopped."""
        return self.state in (self.State.STOPPED, self.State.FAILED) and self.upload_id is not None
