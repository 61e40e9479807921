"""What hospitals delivered, row by row, and what each row told about a fracture."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models

from openfls.record.feeds import SourceKind
from openfls.service.models.choices import choices
from openfls.service.models.people import Person
from openfls.service.models.staff import Service, User


class DeliveryQuery(models.QuerySet["Delivery"]):
    """Deliveries with what became of their rows."""

    def counted(self) -> DeliveryQuery:
        """Add ``rows_new`` and ``rows_rejected``, counted from the rows themselves.

        Every row of every delivery in the query is read, before a limit: see `counted_of` for a page of them.
        """
        return self.annotate(
            rows_new=models.Count("rows", filter=models.Q(rows__outcome=FeedRow.Outcome.NEW)),
            rows_rejected=models.Count("rows", filter=models.Q(rows__outcome=FeedRow.Outcome.REJECTED)),
        )

    def counted_of(self, deliveries: Iterable[Delivery]) -> list[Delivery]:
        """The same deliveries in the same order with their counts: the rows of no other are read."""
        keys = [each.pk for each in deliveries]
        found = self.filter(pk__in=keys).counted().in_bulk()
        return [found[key] for key in keys]


class Delivery(models.Model):
    """One file as it came. Its rows are new, known already, left out, or not about bones at all: no fifth kind.

    ``finished_at`` is empty while a file is being read, and stays so where the reading was cut off: loading the file
    again takes up what is missing.
    """

    service = models.ForeignKey(Service, models.PROTECT, related_name="deliveries")
    name = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(User, models.PROTECT, null=True)
    finished_at = models.DateTimeField(null=True)
    rows_read = models.PositiveIntegerField(default=0)
    rows_known = models.PositiveIntegerField(default=0)
    rows_other = models.PositiveIntegerField(default=0, help_text="Records of a kind that tells of no bone.")
    left_out_before = models.JSONField(
        default=list,
        help_text="Of the known rows those that stood left out: first delivery, reason, and how many.",
    )

    objects = DeliveryQuery.as_manager()

    class Meta:
        db_table = "feed_delivery"
        indexes = (models.Index(fields=["service", "-received_at"]),)


class FeedRow(models.Model):
    """One record of a delivery: taken in, or left out with the reason. A record delivered again is the same row.

    ``person`` is empty where the row could not be given to one; ``content`` is the SHA-256 of what it said.
    """

    class Outcome(models.TextChoices):
        """What became of the record."""

        NEW = "new", "taken in"
        REJECTED = "rejected", "left out"

    service = models.ForeignKey(Service, models.PROTECT)
    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="rows")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="feed_rows")
    kind = models.CharField(max_length=20, choices=choices(SourceKind))
    record = models.CharField(max_length=400)
    version = models.CharField(max_length=60, blank=True)
    position = models.CharField(max_length=300, blank=True)
    content = models.CharField(max_length=64)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reason = models.CharField(max_length=500, blank=True)
    waiting = models.JSONField(
        null=True, help_text="What the row said, while it waits for a person to decide."
    )

    class Meta:
        db_table = "feed_row"
        constraints = (
            models.UniqueConstraint(fields=["service", "record", "content"], name="a_record_is_kept_once"),
        )
        indexes = (models.Index(fields=["delivery", "outcome"]),)


class SourceRecord(models.Model):
    """What one record said about one person's bones: the evidence behind a fracture, or behind several.

    ``observation`` is the whole `record.feeds.Observation`; the columns beside it are for lists. A record that its
    sender has corrected is ``superseded`` and no longer counts.
    """

    row = models.OneToOneField(FeedRow, models.PROTECT, related_name="source_record")
    service = models.ForeignKey(Service, models.PROTECT)
    person = models.ForeignKey(Person, models.PROTECT, related_name="source_records")
    fractures = models.ManyToManyField("Fracture", through="TellsOf", related_name="source_records")
    kind = models.CharField(max_length=20, choices=choices(SourceKind))
    on = models.DateField(null=True)
    observation = models.JSONField()
    reader = models.CharField(
        max_length=40, blank=True, help_text="Rule set of the report reader that read it; empty for a code."
    )
    superseded = models.BooleanField(default=False)
    brought_back = models.CharField(
        max_length=300, blank=True, help_text="Why a person put it forward although the rules left it out."
    )

    class Meta:
        db_table = "source_record"
        indexes = (models.Index(fields=["person", "on"]),)

    @property
    def text(self) -> str:
        """The report as sent; empty for a code."""
        return str(self.observation["text"])

    @property
    def code(self) -> str:
        """The code as ``system|code``; empty for a report."""
        return str(self.observation["code"])

    @property
    def display(self) -> str:
        """The code in words."""
        return str(self.observation["display"])

    @property
    def findings(self) -> list[dict[str, Any]]:
        """What was found in the text, each with the spans that made it."""
        return list(self.observation["findings"])


class TellsOf(models.Model):
    """That a record stands behind a fracture. A report of two broken bones stands behind both."""

    record = models.ForeignKey(SourceRecord, models.CASCADE, related_name="+")
    fracture = models.ForeignKey("Fracture", models.PROTECT, related_name="+")

    class Meta:
        db_table = "tells_of"
        constraints = (
            models.UniqueConstraint(fields=["record", "fracture"], name="a_record_tells_of_a_fracture_once"),
        )
