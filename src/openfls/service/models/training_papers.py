"""Papers as they were sat: the drawn questions themselves, what was answered, and when the clock stood."""

from __future__ import annotations

import uuid

from django.db import models

from openfls.service.models.staff import Service, User
from openfls.service.models.training import Enrolment


class Attempt(models.Model):
    """One paper of one person, with the rules that held when it was drawn."""

    class Ended(models.TextChoices):
        """How a paper ended."""

        HANDED_IN = "handed_in", "handed in"
        TIMED_OUT = "timed_out", "the time was over"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, models.PROTECT, related_name="attempts")
    user = models.ForeignKey(User, models.PROTECT, related_name="attempts")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="attempts")
    course = models.CharField(max_length=20)
    cycle = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    began_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    extra_percent = models.PositiveSmallIntegerField(default=0)
    rest_minutes = models.PositiveSmallIntegerField(default=0)
    pass_mark = models.PositiveSmallIntegerField()
    seal = models.CharField(max_length=200, help_text="Signature over the drawn questions.")
    ended_at = models.DateTimeField(null=True)
    ended = models.CharField(max_length=10, choices=Ended.choices, blank=True)
    percent = models.FloatField(null=True)
    passed = models.BooleanField(null=True)

    class Meta:
        db_table = "training_attempt"
        ordering = ("began_at",)
        constraints = (
            models.UniqueConstraint(fields=["enrolment", "cycle", "number"], name="attempts_are_numbered"),
        )


class AttemptItem(models.Model):
    """One question of a paper, whole, as it was drawn and shown. ``answers`` has one entry for each step answered;
    ``version`` counts the times that it was saved, so that an older page cannot overwrite a newer answer.
    """

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="items")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    answers = models.JSONField(default=list)
    version = models.PositiveSmallIntegerField(default=0)
    flagged = models.BooleanField(default=False)
    answered_at = models.DateTimeField(null=True)
    score = models.FloatField(null=True)

    class Meta:
        db_table = "training_attempt_item"
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=["attempt", "number"], name="items_are_numbered"),)


class AttemptRest(models.Model):
    """A rest in a paper; ``until`` is None while it lasts."""

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="rests")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        db_table = "training_attempt_rest"
        ordering = ("id",)
