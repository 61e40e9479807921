"""Events for other systems, written in the transaction of the action that makes them: both stand, or neither."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q

from openfls.record.pathway import State
from openfls.service import audit, clock
from openfls.service.actor import system_actor
from openfls.service.models import Episode, Letter, OutboxMessage, Plan, PlanDetail, Service, Webhook

CONFIRMED, SIGNED, APPROVED = "fracture.confirmed", "plan.signed", "letter.approved"
CLOSED, TAKEN_BACK = "person.closed", "step.taken_back"
KINDS = {
    CONFIRMED: "A fracture was confirmed",
    SIGNED: "A plan was signed",
    APPROVED: "A letter was approved",
    CLOSED: "The care of a person was closed",
    TAKEN_BACK: "A step was taken back, or a record turned out to be another person’s: read the person again",
}
"""What others can be told of, with its words."""


def _confirmed(episode: Episode, _: Any) -> tuple[str, str]:
    return CONFIRMED, f"Condition/{episode.index_fracture.pk}"


def _agreed(episode: Episode, plan: Any) -> tuple[str, str] | None:
    """A plan that its own prescriber agrees, or of which the GP is asked, is signed with that."""
    assert isinstance(plan, Plan)
    detail = PlanDetail.objects.filter(plan=plan).first()
    return None if detail is not None and detail.waits else (SIGNED, f"CarePlan/plan-{plan.pk}")


def _signed(_: Episode, detail: Any) -> tuple[str, str]:
    assert isinstance(detail, PlanDetail)
    return SIGNED, f"CarePlan/plan-{detail.plan_id}"


def _approved(_: Episode, letter: Any) -> tuple[str, str]:
    assert isinstance(letter, Letter)
    return APPROVED, f"DocumentReference/{letter.pk}"


def _ended(episode: Episode, _: Any) -> tuple[str, str] | None:
    """A review ends the care only where it was the last, or found that the person had died."""
    return (CLOSED, f"Patient/{episode.person_id}") if episode.state == State.CLOSED else None


def _taken_back(episode: Episode, _: Any) -> tuple[str, str]:
    return TAKEN_BACK, f"Patient/{episode.person_id}"


_TELLING: Mapping[str, Callable[[Episode, Any], tuple[str, str] | None]] = {
    "episode.confirm": _confirmed,
    "plan.agree": _agreed,
    "plan.sign": _signed,
    "letter.approve": _approved,
    "episode.close": _ended,
    "review.record": _ended,
    "episode.undo": _taken_back,
    "episode.correct": _taken_back,
}
"""The actions that others are told of."""


def tell(action: str, episode: Episode, result: Any) -> None:
    """Put the event of an action into the outbox, once for each address that wants its kind."""
    if action not in _TELLING:
        return
    webhooks = [hook for hook in Webhook.objects.filter(service=episode.service_id, stopped_at=None)]
    if not webhooks:
        return
    now = Episode.objects.get(pk=episode.pk)  # what was given may be older than what the action made of it
    event = _TELLING[action](now, result)
    if event is None:
        return
    _write(now.service, webhooks, *event, str(now.person_id))


def tell_to_read_again(service: Service, people: Iterable[object]) -> None:
    """What was told of these people, by their keys, may not hold: records were put to another, together or apart.

    Somebody whose record has gone into another's is among them: her address no longer answers.
    """
    hooks = list(Webhook.objects.filter(service=service, stopped_at=None))
    for key in sorted(str(each) for each in people):
        _write(service, hooks, TAKEN_BACK, f"Patient/{key}", key)


def _write(service: Service, hooks: Iterable[Webhook], kind: str, subject: str, person: str) -> None:
    OutboxMessage.objects.bulk_create(
        OutboxMessage(
            service=service,
            webhook=hook,
            kind=kind,
            person=person,
            subject=subject,
            made_at=clock.now(),
            next_try_at=clock.now(),
        )
        for hook in hooks
        if kind in hook.kinds
    )


def remove_told(service: Service) -> int:
    """Remove what was delivered longer ago than the installation keeps it, and what was given up to an address that was
    stopped. How many; an event says so.

    What an address that is still told never got stays, however old: somebody has to see it, and can try it again. Each
    delivery has its own event in the audit log, which is never shortened.
    """
    ended = clock.now() - timedelta(days=settings.OUTBOX_DAYS)
    over = Q(delivered_at__lt=ended) | Q(given_up_at__lt=ended, webhook__stopped_at__lt=ended)
    rows = OutboxMessage.objects.filter(over, service=service, next_try_at=None)
    given_up = rows.filter(delivered_at=None).count()
    removed = rows.delete()[0]
    if removed:
        audit.record(system_actor(service), "outbox.remove", removed=removed, given_up=given_up)
    return removed
