"""Other systems: those that may read, and those that are told what happened."""

from __future__ import annotations

import uuid

from django.db import models

from openfls.service.models.staff import Service, User


class ApiClient(models.Model):
    """A system that may read from one service. Of its secret only a keyed hash is kept.

    ``version`` goes up with every new secret and with the end of the connection: a token of an earlier one is void.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, models.PROTECT, related_name="api_clients")
    name = models.CharField(max_length=100)
    purpose = models.CharField(max_length=300, help_text="What it needs the data for.")
    scopes = models.JSONField(default=list)
    secret_hash = models.CharField(max_length=64, blank=True)
    secret_made_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)
    expires_on = models.DateField(help_text="The last day on which it may read.")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "api_client"
        ordering = ("name", "made_at")


class Webhook(models.Model):
    """An address that is told what happened. Its secret is derived from the installation's key and ``version``."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="webhooks")
    name = models.CharField(max_length=100)
    url = models.CharField(max_length=500)
    kinds = models.JSONField(default=list, help_text="Of which kinds of events it is told.")
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    stopped_at = models.DateTimeField(null=True)
    stopped_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "webhook"
        ordering = ("name", "id")


class OutboxMessage(models.Model):
    """One event for one address, written with what happened and kept until it is delivered or given up.

    It names people by their key alone, without a foreign key: it outlives what it tells of.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, models.PROTECT)
    webhook = models.ForeignKey(Webhook, models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=40)
    person = models.CharField(max_length=36)
    subject = models.CharField(max_length=80, help_text="What it is about, as Kind/id of the read API.")
    made_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    last_answer = models.CharField(max_length=100, blank=True)

    class Meta:
        db_table = "outbox_message"
        ordering = ("made_at", "id")
        indexes = (
            models.Index(
                fields=["next_try_at"],
                condition=models.Q(delivered_at=None, given_up_at=None),
                name="outbox_waits",
            ),
            models.Index(fields=["service", "-made_at"], name="outbox_of_a_service"),
        )
