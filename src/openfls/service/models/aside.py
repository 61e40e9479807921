"""What feeds told of people who have no fracture here: kept beside the record, found again by their numbers."""

from __future__ import annotations

from django.db import models

from openfls.service.models.feeds import FeedRow
from openfls.service.models.staff import Service


class SetAside(models.Model):
    """A result or a notice about somebody whom the service does not know. It makes no person and is in no search."""

    service = models.ForeignKey(Service, models.PROTECT)
    row = models.OneToOneField(FeedRow, models.CASCADE, related_name="set_aside")
    reading = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        db_table = "set_aside"
        indexes = (models.Index(fields=["service", "at"], name="set_aside_by_age"),)


class SetAsideNumber(models.Model):
    """A number that the reading named, by which it is found when a fracture of that person is told."""

    aside = models.ForeignKey(SetAside, models.CASCADE, related_name="numbers")
    service = models.ForeignKey(Service, models.PROTECT)
    system = models.CharField(max_length=200)
    value = models.CharField(max_length=100)

    class Meta:
        db_table = "set_aside_number"
        indexes = (models.Index(fields=["service", "value"], name="set_aside_by_number"),)
