"""What a laboratory's own codes mean, as somebody of the service said, and the results that came under them."""

from __future__ import annotations

from django.db import models

from openfls.service.models.feeds import FeedRow
from openfls.service.models.staff import Service, User


class LabCode(models.Model):
    """What one sender means by a code with a unit. Only its end is ever added; another meaning is a new row.

    ``field`` is a name of `record.questions`, empty where the code is of no use here; ``as_unit`` the unit of ours that
    the sender's stands for.
    """

    service = models.ForeignKey(Service, models.PROTECT, related_name="lab_codes")
    teller = models.CharField(max_length=100, help_text="The sender, as it names itself.")
    code = models.CharField(max_length=100)
    name = models.CharField(max_length=100, blank=True)
    unit = models.CharField(max_length=100, blank=True, help_text="As it was sent.")
    field = models.CharField(max_length=60, blank=True)
    as_unit = models.CharField(max_length=60, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "lab_code"
        ordering = ("teller", "code", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["service", "teller", "code", "unit"],
                condition=models.Q(ended_at=None),
                name="a_code_has_one_meaning",
            ),
        )


class HeldResult(models.Model):
    """A result under its sender's own code, as it was sent; ``lab_code`` is the meaning by which it was taken in."""

    row = models.OneToOneField(FeedRow, models.CASCADE, related_name="held_result")
    service = models.ForeignKey(Service, models.PROTECT)
    teller = models.CharField(max_length=100)
    code = models.CharField(max_length=100)
    unit = models.CharField(max_length=100, blank=True)
    reading = models.JSONField()
    lab_code = models.ForeignKey(LabCode, models.PROTECT, null=True, related_name="results")

    class Meta:
        db_table = "held_result"
        indexes = (models.Index(fields=["service", "teller", "code", "unit"], name="held_by_code"),)
