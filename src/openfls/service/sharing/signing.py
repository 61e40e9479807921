"""The signature of an event (Standard Webhooks): HMAC-SHA256 over id, time and body, with the webhook's own secret."""

from __future__ import annotations

import base64
import hashlib
import hmac

from django.utils.crypto import salted_hmac

from openfls.service.models import Webhook


def secret_of(webhook: Webhook) -> str:
    """The secret to give to the receiver. It is derived from the installation's key, so no table holds it."""
    key = salted_hmac("openfls.webhook", f"{webhook.pk}:{webhook.version}", algorithm="sha256").digest()
    return "whsec_" + base64.b64encode(key).decode("ascii")


def signature(secret: str, message: str, timestamp: int, body: bytes) -> str:
    """The value of the header ``webhook-signature``."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    said = f"{message}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode("ascii")
