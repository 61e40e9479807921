"""What somebody decides about a safety alert, and the later look at what was decided otherwise."""

from __future__ import annotations

from openfls.record.pathway import NotPossible
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actor import Actor
from openfls.service.models import Alert
from openfls.service.roles import May


@action("alert.decide", May.WORK_THE_PATHWAY)
def decide(*, alert: Alert, decision: Alert.Decision, reason: str, by: Actor) -> Alert:
    """Record what was decided about an alert, with the reason. It stays with the alert for good.

    Raises:
        NotPossible: no reason is given, it was decided already, or it no longer stands.
    """
    alert = _locked(alert)
    if by.user is None or not reason.strip():
        raise NotPossible("Say what was decided, and why.")
    if alert.decision:
        raise NotPossible("This alert has been decided already.")
    if alert.ended_at is not None:
        raise NotPossible("What raised this alert is no more.")
    alert.decision, alert.reason = decision, reason.strip()[:500]
    alert.decided_by, alert.decided_at = by.user, clock.now()
    alert.save(update_fields=["decision", "reason", "decided_by", "decided_at"])
    _note(alert, "alert.decide", by, decision=decision)
    return alert


@action("alert.review", May.WORK_THE_PATHWAY)
def review(*, alert: Alert, words: str, by: Actor) -> Alert:
    """Say that an override has been looked at again, by somebody else than who decided it.

    Raises:
        NotPossible: it was no override, was looked at already, or this is the one who decided it.
    """
    alert = _locked(alert)
    if alert.decision != Alert.Decision.OVERRIDDEN or alert.reviewed_at is not None:
        raise NotPossible("There is nothing to look at again here.")
    if by.user is None or by.user.pk == alert.decided_by_id:
        raise NotPossible("Somebody else than who decided it looks at it again.")
    alert.reviewed_by, alert.reviewed_at, alert.review_words = by.user, clock.now(), words.strip()[:500]
    alert.save(update_fields=["reviewed_by", "reviewed_at", "review_words"])
    _note(alert, "alert.review", by)
    return alert


def _locked(alert: Alert) -> Alert:
    rows = Alert.objects.select_for_update(of=("self",)).select_related("episode__person")
    return rows.get(pk=alert.pk)


def _note(alert: Alert, name: str, by: Actor, **detail: object) -> None:
    person = alert.episode.person if alert.episode else None
    note(by, name, person=person, subject=f"alert {alert.pk}", rule=alert.rule, **detail)
