"""Changing what advises a service: one person proposes, the people it would move are counted, another decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import Max

from openfls.investigation.moving import Moved
from openfls.record.pathway import NotPossible
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actor import Actor
from openfls.service.guidance import Guidance, from_json, guidance_of
from openfls.service.models import Episode, GuidelineChange, GuidelineMove, Service
from openfls.service.roles import May, Role

State = GuidelineChange.State
COUNT_HOLDS = timedelta(days=7)
"""How old the list of the people who would move may be when somebody approves."""


def _subject(change: GuidelineChange) -> str:
    return f"guideline change {change.number}"


def _locked(change: GuidelineChange) -> GuidelineChange:
    # The service's row is the lock: two people who decide at once are one after the other.
    Service.objects.select_for_update(no_key=True).only("pk").get(pk=change.service_id)
    return GuidelineChange.objects.select_related("service", "proposed_by").get(pk=change.pk)


@action("guideline.propose", May.CHANGE_GUIDELINES)
def propose(*, after: Guidance, reason: str, wanted_from: date, by: Actor) -> GuidelineChange:
    """Put a change forward. Nothing changes yet: first it is counted who would move, then a second person decides.

    Raises:
        NotPossible: nothing would change, no reason is given, the day has passed, another proposal is open, or an
            approved change begins later than this one would.
    """
    Service.objects.select_for_update(no_key=True).only("pk").get(pk=by.service.pk)
    changes = GuidelineChange.objects.filter(service=by.service)
    if changes.filter(state__in=(State.COUNTING, State.WAITING)).exists():
        raise NotPossible("Another change is open. It is decided or withdrawn first.")
    if not reason.strip():
        raise NotPossible("Say why: whoever decides reads it, and so does an inspector in five years.")
    if wanted_from < clock.today():
        raise NotPossible("A change begins today or later: what was advised before stays as it was.")
    last = changes.filter(state=State.APPROVED).aggregate(last=Max("effective_on"))["last"]
    if last and wanted_from < last:
        raise NotPossible(
            f"An approved change begins on {last.day} {last:%B %Y}; this one begins on that day or later."
        )
    before = guidance_of(by.service, wanted_from)
    if before == after:
        raise NotPossible("Nothing would change.")
    change = GuidelineChange.objects.create(
        service=by.service,
        number=(changes.aggregate(last=Max("number"))["last"] or 0) + 1,
        before=before.as_json(),
        after=after.as_json(),
        reason=reason.strip()[:500],
        wanted_from=wanted_from,
        proposed_at=clock.now(),
        proposed_by=by.user,
        proposer_role=by.role,
    )
    note(by, "guideline.propose", subject=_subject(change), before=change.before, after=change.after)
    return change


@action("guideline.count", May.CHANGE_GUIDELINES)
def keep_count(
    *,
    change: GuidelineChange,
    moved: Sequence[tuple[Episode, Moved]],
    seen: int,
    last: Episode | None,
    in_all: int,
    by: Actor,
) -> GuidelineChange:
    """Keep a slice of the count: the people who would move among ``seen`` more, the last of them ``last``.

    Raises:
        NotPossible: it is not being counted, or somebody else has counted on meanwhile.
    """
    held, since = _locked(change), change.last_counted
    if held.state != State.COUNTING:
        raise NotPossible("This change is not being counted.")
    if held.last_counted != since:
        raise NotPossible("Somebody else has counted on meanwhile.")
    GuidelineMove.objects.bulk_create(
        GuidelineMove(
            change=held,
            episode=episode,
            rules_before=list(one.rules_before),
            rules_after=list(one.rules_after),
            gained=list(one.gained),
            lost=list(one.lost),
        )
        for episode, one in moved
    )
    held.counted += seen
    held.to_count = max(in_all, held.counted)
    if last is None:
        held.state, held.counted_at, held.to_count = State.WAITING, clock.now(), held.counted
    else:
        held.last_counted = last.pk
    held.save()
    note(by, "guideline.count", subject=_subject(held), counted=held.counted, moved=held.moves.count())
    return held


@action("guideline.count_again", May.CHANGE_GUIDELINES)
def count_again(*, change: GuidelineChange, by: Actor) -> GuidelineChange:
    """Forget the list and begin again, against what is active now.

    Raises:
        NotPossible: it has been decided.
    """
    held = _locked(change)
    if not held.is_open:
        raise NotPossible("This change has been decided.")
    held.moves.all().delete()
    held.before = guidance_of(held.service, max(held.wanted_from, clock.today())).as_json()
    held.state, held.counted, held.last_counted, held.counted_at = State.COUNTING, 0, None, None
    held.save()
    note(by, "guideline.count_again", subject=_subject(held))
    return held


def why_not_approve(change: GuidelineChange, by: Actor) -> str:
    """Why this person may not approve the change now; empty where they may."""
    counted = change.state == State.WAITING and change.counted_at is not None
    today = clock.today()
    if not change.is_open:
        return "This change has been decided."
    for stands_against, why in (
        (by.user is None or by.user.pk == change.proposed_by_id, "You proposed it: a second person decides."),
        (Role.CLINICIAN not in (by.role, change.proposer_role), "One of the two must be the lead clinician."),
        (not counted, "It is not yet counted who would move."),
        (
            counted and clock.now() - change.counted_at > COUNT_HOLDS,
            "The list of the people who would move is older than a week: count again first.",
        ),
        (
            from_json(change.before) != guidance_of(change.service, max(change.wanted_from, today)),
            "What is active has changed since: count again first.",
        ),
    ):
        if stands_against:
            return why
    return ""


@action("guideline.approve", May.CHANGE_GUIDELINES)
def approve(*, change: GuidelineChange, reason: str = "", by: Actor) -> GuidelineChange:
    """The second person agrees; it holds from the wanted day on, or from today where that day has passed.

    Raises:
        NotPossible: `why_not_approve` says why.
    """
    held = _locked(change)
    if why := why_not_approve(held, by):
        raise NotPossible(why)
    held.effective_on = max(held.wanted_from, clock.today())
    _decide(held, State.APPROVED, reason, by)
    note(
        by,
        "guideline.approve",
        subject=_subject(held),
        proposed_by=held.proposed_by.username,
        effective_on=held.effective_on.isoformat(),
        moved=held.moves.count(),
        after=held.after,
    )
    return held


@action("guideline.refuse", May.CHANGE_GUIDELINES)
def refuse(*, change: GuidelineChange, reason: str, by: Actor) -> GuidelineChange:
    """The second person does not agree, and says why. The proposer takes an own proposal back with this too.

    Raises:
        NotPossible: it has been decided, or no reason is given.
    """
    held = _locked(change)
    if not held.is_open:
        raise NotPossible("This change has been decided.")
    if not reason.strip():
        raise NotPossible("Say why.")
    own = by.user is not None and by.user.pk == held.proposed_by_id
    _decide(held, State.WITHDRAWN if own else State.REFUSED, reason, by)
    note(by, "guideline.refuse", subject=_subject(held), state=held.state)
    return held


def _decide(held: GuidelineChange, state: str, reason: str, by: Actor) -> None:
    held.state, held.decided_at, held.decided_by = state, clock.now(), by.user
    held.decision_reason = reason.strip()[:500]
    held.save()
