"""What others told of a person: results that a feed brought, and what the person said of herself.

What the service itself wrote down is an `Answer`. The two stand beside each other; `service.known` says which counts.
"""

from __future__ import annotations

from django.db import models

from openfls.service.models.feeds import FeedRow
from openfls.service.models.people import Person
from openfls.service.models.staff import Service, User


class ToldValue(models.Model):
    """One value of one field on one day. What it says is never changed; ``state`` says whether it counts.

    ``field`` is a name of `record.questions` or `record.measured`, ``value`` its JSON value in the unit of that field.
    A value of the person waits until a nurse accepts it; accepted it becomes an `Answer`, and that is what counts.
    """

    class Origin(models.TextChoices):
        """Who told it."""

        FEED = "feed", "a feed"
        PERSON = "person", "the person"

    class State(models.TextChoices):
        """What became of it."""

        STANDING = "standing", "stands"
        REPLACED = "replaced", "replaced by a later version of the same record"
        WITHDRAWN = "withdrawn", "taken back by its sender"
        WAITING = "waiting", "waiting to be accepted"
        ACCEPTED = "accepted", "accepted"
        REJECTED = "rejected", "not accepted"

    service = models.ForeignKey(Service, models.PROTECT)
    person = models.ForeignKey(Person, models.PROTECT, related_name="told_values")
    field = models.CharField(max_length=60)
    value = models.JSONField()
    comparator = models.CharField(
        max_length=1, blank=True, help_text="< or > where the limit of a test was told."
    )
    as_sent = models.CharField(max_length=100, blank=True, help_text="Value and unit as they were sent.")
    taken_on = models.DateField(help_text="The day to which the value belongs.")
    taken_at = models.CharField(
        max_length=5, blank=True, help_text="The time of that day, where it was told."
    )
    origin = models.CharField(max_length=10, choices=Origin.choices)
    source = models.CharField(
        max_length=200, help_text="Who told it, in words: a laboratory, a questionnaire."
    )
    reference = models.CharField(
        max_length=400, blank=True, help_text="The record or questionnaire that it is from."
    )
    preliminary = models.BooleanField(default=False)
    corrected = models.BooleanField(default=False)
    row = models.OneToOneField(FeedRow, models.PROTECT, null=True, related_name="told_value")
    recorded_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.STANDING)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "told_value"
        ordering = ("taken_on", "taken_at", "id")
        indexes = (models.Index(fields=["person", "field"]),)
