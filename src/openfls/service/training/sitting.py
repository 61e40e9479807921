"""Sitting a paper: drawn and sealed here, answered step by step with a token each, closed by this server's clock."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.core import signing

from openfls.record.pathway import NotPossible
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actor import Actor
from openfls.service.models import Attempt, AttemptItem, AttemptRest, Enrolment
from openfls.service.roles import May
from openfls.service.training.library import bank
from openfls.service.training.own import check_own, trainee
from openfls.service.training.paper_clock import clock_of
from openfls.service.training.progress import progress, why_not_begin
from openfls.service.training.rules import rules_of, with_rules
from openfls.service.training.tokens import check_token, next_step
from openfls.training.courses import Course
from openfls.training.marking import NotAnswered, read
from openfls.training.papers import draw, from_json, paper_hash, to_json
from openfls.training.values import Kind

SEAL = signing.Signer(salt="openfls.training.paper")


@action("paper.begin", May.TRAIN)
def begin(*, course: Course, by: Actor) -> Attempt:
    """Draw a paper and start its clock."""
    user = trainee(by)
    # The enrolment's row is the lock: two clicks at once begin one paper.
    enrolment = (
        Enrolment.objects.select_for_update().filter(service=by.service, user=user, course=course.key).first()
    )
    found = progress(by.service, user, course)
    reason = why_not_begin(found)
    if reason or enrolment is None:
        raise NotPossible("The next attempt is not open yet." if reason == "wait" else reason)
    rules = rules_of(by.service, course)
    seen = set(
        AttemptItem.objects.filter(attempt__enrolment=enrolment).values_list(
            "content__question__id", flat=True
        )
    )
    items = [to_json(item) for item in draw(bank(), with_rules(course, rules), secrets.token_hex(16), seen)]
    attempt = Attempt(
        service=by.service,
        user=user,
        enrolment=enrolment,
        course=course.key,
        cycle=enrolment.cycle,
        number=len(found.in_cycle) + 1,
        began_at=clock.now(),
        minutes=rules.minutes,
        extra_percent=enrolment.extra_percent,
        rest_minutes=enrolment.rest_minutes,
        pass_mark=rules.pass_mark,
    )
    attempt.seal = SEAL.sign(f"{attempt.pk} {paper_hash(items)}")
    attempt.save()
    AttemptItem.objects.bulk_create(
        AttemptItem(attempt=attempt, number=number, content=content)
        for number, content in enumerate(items, start=1)
    )
    note(by, "paper.begin", subject=f"attempt {attempt.pk}", questions=len(items))
    return attempt


def open_attempt(attempt: Attempt, by: Actor) -> Attempt:
    """The attempt as it stands now, locked; it must be the user's own, under way and within its time."""
    now: Attempt = Attempt.objects.select_for_update().get(pk=attempt.pk)
    check_own(now, by)
    if now.ended_at is not None:
        raise NotPossible("This paper has ended.")
    if clock_of(now).over:
        raise NotPossible("The time was over when this answer arrived. It was not kept.")
    return now


@action("paper.answer", May.TRAIN)
def answer(
    *,
    attempt: Attempt,
    number: int,
    token: str,
    given: Mapping[str, Sequence[str]],
    flagged: bool = False,
    by: Actor,
) -> AttemptItem:
    """Keep the answer to a step at once, so that a lost connection loses one answer at most.

    Raises:
        NotAnswered: what was given is no answer; a flag is kept all the same where nothing was given.
        Refused, Older: see `check_token`.
    """
    now = open_attempt(attempt, by)
    if clock_of(now).resting:
        raise NotPossible("The paper rests. End the rest first.")
    row: AttemptItem = AttemptItem.objects.select_for_update().get(attempt=now, number=number)
    check_token(token, row, now)
    item = from_json(row.content)
    step = next_step(item, row)
    if given:
        found = read(item, step, given)
        row.answers = [*row.answers, found] if item.question.kind is Kind.UNFOLDING else [found]
        row.answered_at = clock.now()
    elif flagged == row.flagged:
        raise NotAnswered("Give an answer, or skip the question for now")
    row.flagged = flagged
    row.version += 1
    row.save()
    note(by, "paper.answer", subject=f"attempt {now.pk}", number=number, step=step)
    return row


@action("paper.rest", May.TRAIN)
def rest(*, attempt: Attempt, by: Actor) -> AttemptRest:
    """Stop the clock for an arranged rest. No question is shown until it ends."""
    now = open_attempt(attempt, by)
    state = clock_of(now)
    if state.resting or state.rest_left <= timedelta():
        raise NotPossible("There is no rest left." if not state.resting else "The paper rests already.")
    row: AttemptRest = AttemptRest.objects.create(attempt=now, since=clock.now())
    note(by, "paper.rest", subject=f"attempt {now.pk}")
    return row


@action("paper.go_on", May.TRAIN)
def go_on(*, attempt: Attempt, by: Actor) -> AttemptRest:
    """End a rest."""
    now = open_attempt(attempt, by)
    row: AttemptRest | None = AttemptRest.objects.filter(attempt=now, until=None).first()
    if row is None:
        raise NotPossible("The paper does not rest.")
    row.until = clock.now()
    row.save(update_fields=["until"])
    note(by, "paper.go_on", subject=f"attempt {now.pk}")
    return row
