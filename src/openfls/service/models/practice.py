"""A trainee's practice on a virtual patient: the room made for it, how far it is, and what it was worth."""

from __future__ import annotations

import uuid

from django.db import models

from openfls.service.models.staff import Service, User


class Practice(models.Model):
    """One try at one case. ``service`` is where the trainee works, ``room`` the service that was made for the try.

    ``touched_at`` is when somebody was last at work in the room, to the hour; ``cleared_at`` when the room was emptied.
    ``day`` is the day of the case, ``day_since`` the real moment at which it began. It is open until it is finished or
    given up; ``result`` is what was judged, in full, so that it can be read again however the case changes.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, models.PROTECT, related_name="practices")
    user = models.ForeignKey(User, models.PROTECT, related_name="practices")
    room = models.OneToOneField(Service, models.PROTECT, related_name="practice")
    case = models.CharField(max_length=60)
    case_version = models.CharField(max_length=12)
    began_at = models.DateTimeField()
    day = models.PositiveSmallIntegerField(default=0)
    day_since = models.DateTimeField()
    happened = models.JSONField(
        default=list, help_text="Ids of the events that have happened, in their order."
    )
    finished_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    touched_at = models.DateTimeField(null=True)
    cleared_at = models.DateTimeField(null=True)
    percent = models.PositiveSmallIntegerField(null=True)
    dangers = models.PositiveSmallIntegerField(default=0)
    well = models.BooleanField(default=False)
    result = models.JSONField(default=dict)

    class Meta:
        db_table = "practice"
        ordering = ("began_at", "id")
        indexes = (models.Index(fields=["service", "user", "case"], name="practices_of_a_case"),)

    @property
    def is_open(self) -> bool:
        """Whether it goes on."""
        return self.finished_at is None and self.given_up_at is None and self.cleared_at is None
