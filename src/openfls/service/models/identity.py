"""What people decided about who is who: never changed, only taken back by a mark."""

from __future__ import annotations

import uuid

from django.db import models

from openfls.service.models.feeds import FeedRow
from openfls.service.models.people import Person
from openfls.service.models.staff import Service, User


class RowDecision(models.Model):
    """What a person decided about a row that waited. ``reading`` is what the row said.

    ``made`` holds what the decision changed, enough to take it back. A decision on the same doubt is asked of nobody
    a second time (`feeds.identity`).
    """

    class Kind(models.TextChoices):
        """What was decided."""

        THIS_PERSON = "this_person", "it is this person"
        SOMEBODY_ELSE = "somebody_else", "it is somebody else"
        LEAVE_OUT = "leave_out", "left out"
        SAME_PERSON = "same_person", "the two are the same person"
        NOT_SAME = "not_same", "the two are not the same person"

    service = models.ForeignKey(Service, models.PROTECT)
    row = models.ForeignKey(FeedRow, models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="identity_decisions")
    words = models.CharField(max_length=300, blank=True)
    reading = models.JSONField()
    made = models.JSONField(default=dict)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "row_decision"
        constraints = (
            models.UniqueConstraint(
                fields=["row"], condition=models.Q(undone_at=None), name="one_standing_decision_about_a_row"
            ),
        )


class NotSamePerson(models.Model):
    """Two records that look alike and are of two people. ``one`` has the lesser key."""

    service = models.ForeignKey(Service, models.PROTECT)
    one = models.ForeignKey(Person, models.CASCADE, related_name="+")
    other = models.ForeignKey(Person, models.CASCADE, related_name="+")
    words = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True)

    class Meta:
        db_table = "not_same_person"
        constraints = (models.UniqueConstraint(fields=["one", "other"], name="not_the_same_is_said_once"),)


class MergedPerson(models.Model):
    """A person's record that was moved into another: its key leads there. ``was`` and ``moved`` say what it held.

    ``split_at`` is when somebody found that they are two people after all; its key is a person's own again then.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, models.PROTECT)
    into = models.ForeignKey(Person, models.PROTECT, related_name="merged")
    was = models.JSONField()
    moved = models.JSONField()
    before = models.JSONField(
        default=dict, help_text="What the other record held then, and which fracture each record told of."
    )
    words = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True)
    split_at = models.DateTimeField(null=True)
    split_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    split_words = models.CharField(max_length=300, blank=True)

    class Meta:
        db_table = "merged_person"
