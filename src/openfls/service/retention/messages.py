"""HL7 messages as they came: their words are removed when their time is over, and what accounts for them stays.

A message names people whom the service has no reason to know. What it told has been kept as rows when it was read; its
number, sender, size, hash, outcome and delivery stay, so that the rows of each day still add up, and so that the same
bytes sent again are known.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction

from openfls.service import audit, clock
from openfls.service.actor import system_actor
from openfls.service.models import InboxMessage, Service

State = InboxMessage.State
DEALT_WITH = (State.PROCESSED, State.REFUSED)
"""One that waits, or could not be taken in, is kept whole however old: it is nowhere else, and is tried again."""
PIECE = 500
"""Messages of a transaction: meanwhile nobody else writes to an embedded database."""


def empty_old_messages(service: Service) -> int:
    """Empty the messages that were dealt with longer ago than the installation keeps them; how many.

    Piece by piece, each with its own event. Ended at any point it is gone on with by the next night.
    """
    emptied = 0
    while piece := _next_piece(service):
        emptied += piece
    return emptied


@transaction.atomic
def _next_piece(service: Service) -> int:
    before = clock.now() - timedelta(days=settings.MESSAGE_DAYS)
    old = InboxMessage.objects.filter(service=service, emptied_at=None, processed_at__lt=before)
    keys = list(
        old.filter(state__in=DEALT_WITH).order_by("processed_at").values_list("pk", flat=True)[:PIECE]
    )
    # Asked again of each: whoever tries messages anew may have taken one up since.
    rows = InboxMessage.objects.filter(pk__in=keys, state__in=DEALT_WITH, emptied_at=None)
    emptied: int = rows.update(raw=b"", emptied_at=clock.now())
    if emptied:
        audit.record(system_actor(service), "inbox.empty", emptied=emptied)
    return emptied
