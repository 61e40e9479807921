"""Reports that the reader passed over, of people who have nothing else here: removed when their time is over.

They are kept to audit the reader (`service.feeds.drawing`). Of who was never found to have a fracture, the name, the
numbers and the report's words go together; how many there were, and how many had been judged, stands in the log. The
message in which it came, where it came by the listener, has a time of its own (`messages`): no key leads to it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, ForeignObjectRel, OuterRef

from openfls.service import audit, clock
from openfls.service.actor import system_actor
from openfls.service.aside.bringing import REPORT_REMOVED, outlive_report
from openfls.service.feeds.turns import take_turn
from openfls.service.models import (
    Brought,
    Episode,
    FeedRow,
    PassedOver,
    Person,
    PersonIdentifier,
    Service,
)


def remove_passed_over(service: Service) -> int:
    """Remove what has been kept for longer than the installation allows. How many reports; an event says so.

    Within a transaction, in the turn of the service. A person is removed with her last report, and only where no other
    table knows her; otherwise her report alone goes. The row of the feed stays, without a person: the same report sent
    again is known and brings nobody back.
    """
    take_turn(service)
    ended = clock.now() - timedelta(days=settings.PASSED_OVER_DAYS)
    ours = Episode.objects.filter(person=OuterRef("person"))
    # A report with a fracture after all is evidence, and never removed.
    old = PassedOver.objects.filter(~Exists(ours), service=service, read_at__lt=ended).exclude(there_is=True)
    rows = list(old.values_list("row_id", "person_id"))
    if not rows:
        return 0
    keys, people = [row for row, _ in rows], {person for _, person in rows}
    judged = old.exclude(there_is=None).count()
    for each in Brought.objects.filter(row__in=keys).select_related("row__passed_over"):
        outlive_report(each)
    old.delete()
    FeedRow.objects.filter(pk__in=keys).update(reason=REPORT_REMOVED)
    # Locked, so that a flag or an opt-out of this very moment is seen here, and not removed unseen with the person.
    locked = Person.objects.select_for_update(of=("self",)).filter(pk__in=people).order_by("pk")
    gone = [each.pk for each in locked if not _is_known_otherwise(each, keys)]
    Brought.objects.filter(person__in=gone).delete()
    FeedRow.objects.filter(person__in=gone).update(person=None)
    Person.objects.filter(pk__in=gone).delete()  # her numbers with her
    audit.record(
        system_actor(service), "passed_over.remove", removed=len(rows), judged=judged, people=len(gone)
    )
    return len(rows)


def _is_known_otherwise(person: Person, rows: Collection[int]) -> bool:
    """Whether a table other than that of her numbers names her, or a row of a feed other than ``rows``.

    Asked of the models, so that a table of tomorrow counts too.
    """
    for field in Person._meta.get_fields(include_hidden=True):
        if not isinstance(field, ForeignObjectRel) or field.related_model is PersonIdentifier:
            continue
        naming = field.related_model._base_manager.filter(**{field.field.name: person})
        if field.related_model is FeedRow:
            naming = naming.exclude(pk__in=rows)
        elif field.related_model is Brought:
            naming = naming.exclude(row__in=rows)
        if naming.exists():
            return True
    return False
