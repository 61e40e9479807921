"""What people said about what the report reader said: of what it put forward, and of what it passed over."""

from __future__ import annotations

from typing import Any

from django.db import models

from openfls.record.findings import Triage
from openfls.record.reasons import NotForUs
from openfls.record.sites import Site
from openfls.service.models.care import Episode, Status
from openfls.service.models.choices import choices
from openfls.service.models.feeds import FeedRow
from openfls.service.models.people import Person
from openfls.service.models.staff import Service, User

DECISIONS = ("confirm", "refute", "bring_back")
"""The steps of which a later one takes the place of an earlier."""


class VerdictQuery(models.QuerySet["Verdict"]):
    """Verdicts, and which of them count."""

    def standing(self) -> VerdictQuery:
        """Those that nobody took back, and after which nothing else was decided."""
        later = Status.objects.filter(
            episode=models.OuterRef("episode"),
            pk__gt=models.OuterRef("status"),
            step__in=DECISIONS,
            undone_by=None,
        )
        return self.filter(~models.Exists(later), status__undone_by=None)


class Verdict(models.Model):
    """One decision about a found fracture, beside what the reader had said of it at that moment.

    Never changed: whether it still stands is asked of the status rows. ``reader``, ``triage`` and ``site`` are of the
    reports behind the episode; where none was read by the reader, ``reader`` is empty and they tell what was put
    forward.
    """

    status = models.OneToOneField(Status, models.PROTECT, related_name="verdict")
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="verdicts")
    service = models.ForeignKey(Service, models.PROTECT)
    confirmed = models.BooleanField()
    reason = models.CharField(max_length=20, choices=choices(NotForUs), blank=True)
    reader = models.CharField(max_length=40, blank=True)
    triage = models.CharField(max_length=10, choices=choices(Triage))
    site = models.CharField(max_length=20, choices=choices(Site))
    kinds = models.CharField(max_length=100, help_text="Kinds of all records that told of it, in order.")

    objects = VerdictQuery.as_manager()

    class Meta:
        db_table = "verdict"
        indexes = (models.Index(fields=["service", "reader"]),)


class PassedOver(models.Model):
    """A report in which the reader found nothing for the service, drawn by chance for a person to read.

    ``there_is`` is None until somebody has judged it. ``report`` is the `record.feeds.Observation` that it would have
    been.
    """

    service = models.ForeignKey(Service, models.PROTECT, related_name="passed_over")
    person = models.ForeignKey(Person, models.PROTECT, related_name="passed_over")
    row = models.OneToOneField(FeedRow, models.PROTECT, related_name="passed_over")
    report = models.JSONField()
    reader = models.CharField(max_length=40)
    read_at = models.DateTimeField()
    one_in = models.PositiveSmallIntegerField(
        help_text="The share of reports that was drawn when this one was."
    )
    there_is = models.BooleanField(null=True)
    site = models.CharField(max_length=20, choices=choices(Site), blank=True)
    judged_at = models.DateTimeField(null=True)
    judged_by = models.ForeignKey(User, models.PROTECT, null=True)

    class Meta:
        db_table = "passed_over"
        indexes = (models.Index(fields=["service", "there_is", "read_at"]),)

    @property
    def text(self) -> str:
        """The report as sent."""
        return str(self.report["text"])

    @property
    def exam(self) -> str:
        """The examination by the sender's name; empty where it has none."""
        return str(self.report["display"])

    @property
    def on(self) -> str:
        """The day of the report as ISO text; empty where it is not known."""
        return str(self.report["on"] or "")

    @property
    def findings(self) -> list[dict[str, Any]]:
        """What the reader found and held to be not for the service."""
        return list(self.report["findings"])
