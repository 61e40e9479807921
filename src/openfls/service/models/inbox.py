"""Messages that were received and acknowledged, as they came."""

from __future__ import annotations

from django.db import models

from openfls.service.models.feeds import Delivery
from openfls.service.models.staff import Service


class InboxMessage(models.Model):
    """One message as received, kept before it is acknowledged and never changed, until its words are removed.

    The same bytes are the same message: sender and control id stand in them. ``raw`` is the beginning alone where the
    message was too large, and empty from ``emptied_at`` on (`service.retention.messages`); ``sha256`` and ``size`` are
    of the whole. ``reason`` says why it gave no reading.
    """

    class State(models.TextChoices):
        """How far it has come."""

        RECEIVED = "received", "waits to be read"
        PROCESSED = "processed", "read"
        REFUSED = "refused", "answered with AR"
        FAILED = "failed", "could not be taken in"

    service = models.ForeignKey(Service, models.PROTECT, related_name="inbox")
    received_at = models.DateTimeField()
    sender = models.CharField(max_length=200, blank=True, help_text="MSH-3 and MSH-4.")
    control_id = models.CharField(max_length=200, blank=True, help_text="MSH-10.")
    size = models.PositiveBigIntegerField(help_text="Bytes.")
    sha256 = models.CharField(max_length=64)
    raw = models.BinaryField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED)
    reason = models.CharField(max_length=500, blank=True)
    delivery = models.ForeignKey(Delivery, models.PROTECT, null=True, related_name="messages")
    processed_at = models.DateTimeField(null=True)
    emptied_at = models.DateTimeField(null=True, help_text="When its words were removed: its time was over.")

    class Meta:
        db_table = "inbox_message"
        constraints = (models.UniqueConstraint(fields=["service", "sha256"], name="a_message_is_kept_once"),)
        indexes = (
            models.Index(
                fields=["service", "id"], condition=models.Q(state="received"), name="inbox_waiting"
            ),
            models.Index(fields=["service", "control_id"], name="inbox_control_id"),
            models.Index(
                fields=["service", "processed_at"],
                condition=models.Q(emptied_at=None, processed_at__isnull=False),
                name="inbox_to_empty",
            ),
        )
