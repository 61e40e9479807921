"""Events for other systems, written in the transaction of the action that makes them: both stand, or neither."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from openfls.record.pathway import State
from openfls.service import clock
from openfls.service.models import Episode, Letter, OutboxMessage, Plan, PlanDetail, Webhook

CONFIRMED, SIGNED, APPROVED = "fracture.confirmed", "plan.signed", "letter.approved"
CLOSED, TAKEN_BACK = "person.closed", "step.taken_back"
KINDS = {
    CONFIRMED: "A fracture was confirmed",
    SIGNED: "A plan was signed",
    APPROVED: "A letter was approved",
    CLOSED: "The care of a person was closed",
    TAKEN_BACK: "A step was taken back: read the person again",
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
    kind, subject = event
    OutboxMessage.objects.bulk_create(
        OutboxMessage(
            service_id=now.service_id,
            webhook=hook,
            kind=kind,
            person=str(now.person_id),
            subject=subject,
            made_at=clock.now(),
            next_try_at=clock.now(),
        )
        for hook in webhooks
        if kind in hook.kinds
    )
