"""The day from which a service finds: what broke before is kept as history, an earlier fracture that nobody confirms.

A first load of old data would flood the lists otherwise. The day is a setting of the service; another day sorts all
anew, both ways. What a person has decided about an episode is not touched.
"""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from openfls.record.pathway import NotPossible, State, Step
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actions.moves import move
from openfls.service.actions.tasks import cancel_tasks
from openfls.service.actor import Actor
from openfls.service.feeds.turns import take_turn
from openfls.service.models import Delivery, Episode, FractureCorrection, Service, SourceRecord
from openfls.service.roles import May


def words_of_history(service: Service) -> str:
    """Why such an episode is not put forward."""
    day = service.find_from
    return f"Before {day.day} {day:%B %Y}, from which the service finds: kept as history" if day else ""


def is_history(episode: Episode, *, dated: bool) -> bool:
    """Whether it broke before the day. A fracture whose day is not known never counts as old."""
    day = episode.service.find_from
    return dated and day is not None and episode.index_date < day


def keep_or_find(episode: Episode, *, dated: bool, by: Actor) -> None:
    """Bring an episode that nobody has decided about in line with the service's day."""
    is_old = is_history(episode, dated=dated)
    if is_old and episode.state == State.FOUND and not _decided(episode):
        move(episode, Step.REFUTE, by, words_of_history(episode.service))
        cancel_tasks(episode)
        _mark(episode, history=True)
    elif not is_old and episode.history and episode.state == State.NOT_FOR_US:
        move(episode, Step.BRING_BACK, by, "No longer before the day from which the service finds")
        _mark(episode, history=False)


def _mark(episode: Episode, *, history: bool) -> None:
    episode.history = history
    episode.save(update_fields=["history"])


def _decided(episode: Episode) -> bool:
    """Whether a person has brought it back, confirmed it or done anything with it. To load a file is no decision."""
    by_hand = [Step.CONFIRM, Step.BRING_BACK, "undo"]
    return (
        episode.statuses.filter(step__in=by_hand, by__isnull=False, undone_by=None)
        .exclude(reason__startswith="No longer before the day")
        .exists()
        or episode.contacts.exists()
    )


def _dated(episode: Episode) -> bool:
    told = SourceRecord.objects.filter(fractures__episode=episode, superseded=False).exclude(on=None).exists()
    placed = FractureCorrection.objects.filter(fracture__episode=episode, ended_at=None).exclude(on=None)
    return told or placed.exists()


@action("service.find_from", May.LOAD_FEEDS)
def find_from(*, day: date | None, by: Actor) -> int:
    """Find fractures from ``day`` on; None finds all. How many episodes became history or came back.

    Raises:
        NotPossible: the day is in the future, or is the day already.
    """
    if day and day > clock.today():
        raise NotPossible("The day is in the future.")
    take_turn(by.service)
    # Not locked yet: the turn is ours, and the service's row comes last in the order of locks (`feeds.turns`).
    service = Service.objects.get(pk=by.service.pk)
    if service.find_from == day:
        raise NotPossible("It is that day already.")
    service.find_from = by.service.find_from = day
    touched = Episode.objects.filter(service=service).select_for_update(of=("self",))
    touched = touched.filter(
        Q(history=True, **({"index_date__gte": day} if day else {}))
        | (Q(state=State.FOUND, index_date__lt=day) if day else Q(pk__in=[]))
    ).select_related("person", "service")
    changed = 0
    for episode in touched.order_by("pk"):
        before = episode.state
        episode.service = service
        if not episode.person.deceased:
            keep_or_find(episode, dated=_dated(episode), by=by)
        changed += episode.state != before
    service.save(update_fields=["find_from"])
    note(by, "service.find_from", subject=f"service {service.code}", day=str(day or ""), changed=changed)
    return changed


def history_of(service: Service) -> int:
    """How many episodes are kept as history."""
    return Episode.objects.filter(service=service, history=True).count()


def history_in(delivery: Delivery) -> int:
    """How many of the episodes that rows of ``delivery`` tell of are kept as history."""
    told = Episode.objects.filter(
        history=True,
        fractures__source_records__row__delivery=delivery,
        fractures__source_records__superseded=False,
    )
    return told.distinct().count()
