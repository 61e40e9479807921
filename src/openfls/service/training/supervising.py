"""What a supervisor decides about others: signing off, arrangements for papers, another attempt."""

from __future__ import annotations

from datetime import date

from openfls.record.pathway import NotPossible
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actor import Actor
from openfls.service.models import Attempt, Enrolment, Membership, SignOff
from openfls.service.roles import May
from openfls.service.training.own import check_other, trainee
from openfls.training.timing import EXTRA, RESTS
from openfls.training.values import Topic


@action("training.sign_off", May.SUPERVISE)
def sign_off(*, member: Membership, topic: Topic, words: str, on: date, by: Actor) -> SignOff:
    """Somebody of the team was seen to do in practice what a topic teaches."""
    check_other(member.user, by)
    if not words.strip():
        raise NotPossible("Say what you saw.")
    if on > clock.today():
        raise NotPossible("The day is today or before.")
    row: SignOff = SignOff.objects.create(
        service=by.service,
        user=member.user,
        topic=topic.id,
        words=words.strip()[:500],
        on=on,
        by=trainee(by),
        at=clock.now(),
    )
    note(by, "training.sign_off", subject=f"user {member.user_id}", topic=topic.id)
    return row


@action("training.withdraw_sign_off", May.SUPERVISE)
def withdraw_sign_off(*, signed: SignOff, by: Actor) -> SignOff:
    """A signature that does not hold any more. It stays on record."""
    check_other(signed.user, by)
    signed.withdrawn = True
    signed.save(update_fields=["withdrawn"])
    note(by, "training.withdraw_sign_off", subject=f"user {signed.user_id}", topic=signed.topic)
    return signed


@action("training.arrange", May.SUPERVISE)
def arrange(*, enrolment: Enrolment, extra_percent: int, rest_minutes: int, by: Actor) -> Enrolment:
    """Extra time and rest in papers that are begun from now on. Why is nobody's business: no reason is asked."""
    check_other(enrolment.user, by)
    if extra_percent not in EXTRA or rest_minutes not in RESTS:
        raise NotPossible("Choose one of the arrangements.")
    enrolment.extra_percent, enrolment.rest_minutes = extra_percent, rest_minutes
    enrolment.save(update_fields=["extra_percent", "rest_minutes"])
    note(by, "training.arrange", subject=f"user {enrolment.user_id}", course=enrolment.course)
    return enrolment


@action("training.another", May.SUPERVISE)
def allow_another(*, enrolment: Enrolment, by: Actor) -> Enrolment:
    """One more attempt, after what went wrong was gone through together."""
    check_other(enrolment.user, by)
    if Attempt.objects.filter(enrolment=enrolment, cycle=enrolment.cycle, passed=True).exists():
        raise NotPossible("The paper is passed.")
    enrolment.extra_attempts += 1
    enrolment.save(update_fields=["extra_attempts"])
    note(by, "training.another", subject=f"user {enrolment.user_id}", course=enrolment.course)
    return enrolment
