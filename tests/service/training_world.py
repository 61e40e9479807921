"""Somebody who learns, made through the doors of the app where that is quick: ready for a paper, in one, past one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any

import world
from openfls.service import clock
from openfls.service.actor import Actor
from openfls.service.models import (
    Attempt,
    AttemptItem,
    Certificate,
    CheckAnswer,
    Enrolment,
    LessonRead,
    Membership,
    SignOff,
)
from openfls.service.roles import Role
from openfls.service.training import ending, issuing, learning, rules, sitting, supervising
from openfls.service.training.library import bank, topics_of
from openfls.service.training.tokens import token_for
from openfls.training.codes import LETTERS
from openfls.training.courses import Course, courses
from openfls.training.papers import for_papers, from_json, item_of, paper_hash, practice, to_json
from service.practice_world import BY_TRAINEES
from training.small import sent_one

FOUNDATION = courses()["foundation"]


def enrolled(by: Actor, course: Course = FOUNDATION) -> Enrolment:
    """On the course."""
    return Enrolment.objects.get_or_create(
        service=by.service, user=by.user, course=course.key, defaults={"at": clock.now()}
    )[0]


def ready(by: Actor, course: Course = FOUNDATION) -> Enrolment:
    """On the course with every topic complete."""
    mine = {"service": by.service, "user": by.user, "at": clock.now()}
    for topic in topics_of(course):
        LessonRead.objects.get_or_create(
            service=by.service,
            user=by.user,
            topic=topic.id,
            version=topic.version,
            defaults={"at": clock.now()},
        )
        CheckAnswer.objects.bulk_create(
            CheckAnswer(**mine, topic=topic.id, question=one.id, hash="0" * 64, answers=[[0]], score=1)
            for one in practice(topic, course)
        )
    return enrolled(by, course)


def paper(by: Actor) -> Attempt:
    """A paper under way."""
    ready(by)
    return sitting.begin(course=FOUNDATION, by=by)


def answer(row: AttemptItem, by: Actor, *, right: bool = True) -> None:
    """Answer every step of a question, each with its token."""
    item = from_json(row.content)
    for step in range(item.steps):
        row = sitting.answer(
            attempt=row.attempt,
            number=row.number,
            token=token_for(row, row.attempt),
            given=sent_one(item, step, right=right),
            by=by,
        )


def sat(attempt: Attempt, by: Actor, *, right: Callable[[int], bool] = lambda _: True) -> Attempt:
    """Answer a paper and hand it in; ``right`` says of each number whether it is answered rightly."""
    for row in attempt.items.all():
        answer(row, by, right=right(row.number))
    return ending.hand_in(attempt=attempt, by=by)


def passed(by: Actor) -> Attempt:
    """A paper that was passed, without the time it takes: every answer is written at once."""
    attempt = paper(by)
    rows = list(attempt.items.all())
    for row in rows:
        item = from_json(row.content)
        row.answers = [_right(item, step) for step in range(item.steps)]
    AttemptItem.objects.bulk_update(rows, ["answers"])
    return ending.hand_in(attempt=attempt, by=by)


def _right(item: Any, step: int) -> Any:
    question = item.question
    if question.number is not None:
        return question.number.value
    if question.items:
        return list(range(len(question.items)))
    return [number for number, option in enumerate(question.parts[step].options) if option.right]


def certificate(by: Actor) -> Certificate:
    """A certificate that holds."""
    return Certificate.objects.get(attempt=passed(by))


def _of_another(by: Actor) -> Actor:
    """A colleague who learns; nobody decides about herself."""
    return world.member(by.service, Role.VIEWER, "trainee")


def member(by: Actor) -> Membership:
    """A colleague who learns."""
    return Membership.objects.get(service=by.service, user=_of_another(by).user)


def _sign_off(by: Actor) -> SignOff:
    topic = next(iter(bank().topics.values()))
    supervisor = world.member(by.service, Role.CLINICIAN, "signer")
    return supervising.sign_off(member=member(by), topic=topic, words="Seen", on=clock.today(), by=supervisor)


class Own:
    """An action on something that belongs to whoever acts: made for her, without an event, when she acts."""

    def __init__(self, make: Callable[[Actor], Callable[..., object]]) -> None:
        self._make = make

    def __call__(self, by: Actor) -> object:
        """Make it, then act."""
        return self._make(by)(by=by)


def short_paper(by: Actor, **columns: Any) -> Attempt:
    """A paper of one question, written straight into its table."""
    topic = topics_of(FOUNDATION)[0]
    question = next(one for one in for_papers(topic, FOUNDATION) if one.options)
    content = to_json(item_of(topic, question, Random(1)))
    values = {"minutes": 60, "pass_mark": 80, "rest_minutes": 10, "began_at": clock.now(), **columns}
    enrolment = enrolled(by)
    made = Attempt(
        service=by.service,
        user=by.user,
        enrolment=enrolment,
        course="foundation",
        cycle=1,
        number=enrolment.attempts.count() + 1,
        **values,
    )
    made.seal = sitting.SEAL.sign(f"{made.pk} {paper_hash([content])}")
    made.save()
    AttemptItem.objects.create(attempt=made, number=1, content=content, score=1 if made.ended_at else None)
    return made


def over(by: Actor, days: int = 1) -> Attempt:
    """A short paper that was passed so many days ago."""
    then = clock.now() - timedelta(days=days)
    return short_paper(by, began_at=then, ended_at=then, ended="handed_in", percent=100, passed=True)


def written_certificate(by: Actor, days: int = 1) -> Certificate:
    """A certificate of a short paper, written straight into its table."""
    attempt = over(by, days)
    number = Certificate.objects.count()
    return Certificate.objects.create(
        service=by.service,
        user=by.user,
        attempt=attempt,
        course="foundation",
        title="Foundation certificate",
        name="Somebody",
        code=f"CADE-{LETTERS[number] * 4}-WXYZ",
        status_index=number,
        issued_at=attempt.ended_at,
        expires_on=clock.day_of(attempt.ended_at + timedelta(days=3 * 365 + 20)),
    )


def _answer(by: Actor) -> Callable[..., object]:
    attempt = short_paper(by)
    row = attempt.items.get()
    given = sent_one(from_json(row.content))
    return partial(sitting.answer, attempt=attempt, number=1, token=token_for(row, attempt), given=given)


def _resting(by: Actor) -> Attempt:
    attempt = short_paper(by)
    attempt.rests.create(since=clock.now())
    return attempt


def _check(by: Actor) -> Callable[..., object]:
    topic = topics_of(FOUNDATION)[0]
    question = practice(topic, FOUNDATION)[0]
    given = sent_one(learning.asked(topic, question, by).item)
    return partial(learning.answer_check, topic=topic, question=question.id, given=given)


def _to_renew(by: Actor) -> Callable[..., object]:
    written_certificate(by, days=3 * 365)
    return partial(learning.renew, course=FOUNDATION)


def _begin(by: Actor) -> Callable[..., object]:
    ready(by)
    return partial(sitting.begin, course=FOUNDATION)


BY_LEARNERS = (
    ("training.enrol", lambda by: partial(learning.enrol, course=FOUNDATION)),
    ("training.read", lambda by: partial(learning.read_lesson, topic=topics_of(FOUNDATION)[0])),
    ("training.check", lambda by: Own(_check)),
    (
        "training.reflect",
        lambda by: partial(learning.reflect, topic="", happened="A call", learned="To listen"),
    ),
    ("training.renew", lambda by: Own(_to_renew)),
    ("paper.begin", lambda by: Own(_begin)),
    ("paper.answer", lambda by: Own(_answer)),
    ("paper.rest", lambda by: Own(lambda by: partial(sitting.rest, attempt=short_paper(by)))),
    ("paper.go_on", lambda by: Own(lambda by: partial(sitting.go_on, attempt=_resting(by)))),
    ("paper.hand_in", lambda by: Own(lambda by: partial(ending.hand_in, attempt=short_paper(by)))),
    (
        "paper.time_out",
        lambda by: Own(
            lambda by: partial(
                ending.time_out, attempt=short_paper(by, began_at=clock.now() - timedelta(hours=2))
            )
        ),
    ),
)
BY_LEARNERS += tuple((name, lambda by, ready=ready: Own(ready)) for name, ready in BY_TRAINEES)
BY_SUPERVISORS = (
    (
        "training.rules",
        lambda by: partial(rules.save_rules, course="foundation", rules=rules.Rules(70, 30, 2, 1, 1)),
    ),
    (
        "training.sign_off",
        lambda by: partial(
            supervising.sign_off,
            member=member(by),
            topic=topics_of(FOUNDATION)[0],
            words="Seen in clinic",
            on=clock.today(),
        ),
    ),
    (
        "training.withdraw_sign_off",
        lambda by: partial(supervising.withdraw_sign_off, signed=_sign_off(by)),
    ),
    (
        "training.arrange",
        lambda by: partial(
            supervising.arrange, enrolment=enrolled(_of_another(by)), extra_percent=25, rest_minutes=10
        ),
    ),
    (
        "training.another",
        lambda by: partial(supervising.allow_another, enrolment=enrolled(_of_another(by))),
    ),
    (
        "certificate.revoke",
        lambda by: partial(issuing.revoke, certificate=certificate(_of_another(by)), why="error"),
    ),
)
OF_LEARNERS = {name for name, _ in BY_LEARNERS}
OF_SUPERVISORS = {name for name, _ in BY_SUPERVISORS}
