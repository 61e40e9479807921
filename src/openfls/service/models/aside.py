"""What feeds told of people who have no fracture here: kept beside the record, found again by their numbers."""

from __future__ import annotations

from django.db import models

from openfls.service.models.feeds import Delivery, FeedRow
from openfls.service.models.people import Person
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


class Brought(models.Model):
    """What a row brought to the record of the person whom its numbers named: enough to take it back, should no number
    of hers name it any more.

    The row that made the person has none, nor has one that somebody gave to her by a decision.
    """

    service = models.ForeignKey(Service, models.PROTECT)
    row = models.OneToOneField(FeedRow, models.CASCADE, related_name="brought")
    person = models.ForeignKey(Person, models.CASCADE, related_name="brought")
    reading = models.JSONField(
        null=True, help_text="The result or notice; empty for a report, whose own record keeps it."
    )
    told_at = models.DateTimeField(help_text="When it came: before, where it was set aside at first.")
    at = models.DateTimeField(help_text="When it was brought to this person.")
    numbers = models.JSONField(default=list, help_text="Pairs of system and value that it added.")
    before = models.JSONField(default=dict, help_text="The details that it changed, as they stood.")
    after = models.JSONField(default=dict, help_text="The same as it told them.")
    contradicted = models.JSONField(
        default=list, help_text="Corrections that it contradicts, with what was told before."
    )
    promised = models.JSONField(default=dict, help_text="Tasks that it made or moved.")
    named = models.JSONField(
        null=True,
        help_text="Of a report that was removed since (it told of no fracture, and its time was over): the numbers by "
        "which it named her, and whether it told of her death. Empty of what still says it itself.",
    )

    class Meta:
        db_table = "brought"


class SaidOther(models.Model):
    """That a record told of something that is no fracture, and in which version: an older one of it may come later."""

    service = models.ForeignKey(Service, models.PROTECT)
    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="+")
    record = models.CharField(max_length=400)
    kind = models.CharField(max_length=20)
    version = models.CharField(max_length=60)
    position = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "said_other"
        constraints = (
            models.UniqueConstraint(fields=["service", "record"], name="a_record_is_remembered_once"),
        )
