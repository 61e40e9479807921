"""Learning: enrolling, reading a lesson, answering its check questions, reflecting, renewing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from openfls.record.pathway import NotPossible
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actor import Actor
from openfls.service.models import CheckAnswer, CpdPoint, Enrolment, LessonRead, Reflection, User
from openfls.service.roles import May
from openfls.service.training.library import course_of
from openfls.service.training.own import trainee
from openfls.service.training.progress import progress, why_not_renew
from openfls.training.courses import Course, topic_points
from openfls.training.marking import read, score
from openfls.training.papers import Item, item_of, practice
from openfls.training.values import Question, Topic


@action("training.enrol", May.TRAIN)
def enrol(*, course: Course, by: Actor) -> Enrolment:
    """Begin a course."""
    row: Enrolment
    row, made = Enrolment.objects.get_or_create(
        service=by.service, user=trainee(by), course=course.key, defaults={"at": clock.now()}
    )
    if not made:
        raise NotPossible("You are on this course already.")
    note(by, "training.enrol", subject=f"training {course.key}")
    return row


@action("training.read", May.TRAIN)
def read_lesson(*, topic: Topic, by: Actor) -> LessonRead:
    """A lesson is read, in the wording that it has today."""
    row: LessonRead
    row, _ = LessonRead.objects.get_or_create(
        service=by.service,
        user=trainee(by),
        topic=topic.id,
        version=topic.version,
        defaults={"at": clock.now()},
    )
    _points(topic, by)
    note(by, "training.read", subject=f"topic {topic.id}", version=topic.version)
    return row


@dataclass(frozen=True, slots=True)
class Asked:
    """A check question as somebody sees it now, and their answers to it so far; ``last`` is their last finished try."""

    item: Item
    open: CheckAnswer | None
    last: CheckAnswer | None
    seed: str

    @property
    def step(self) -> int:
        """The step that is asked next."""
        return len(self.open.answers) if self.open else 0


def asked(topic: Topic, question: Question, by: Actor) -> Asked:
    """Where somebody is with a check question."""
    rows = list(
        CheckAnswer.objects.filter(
            service=by.service, user=trainee(by), topic=topic.id, question=question.id
        ).order_by("pk")
    )
    finished = [row for row in rows if row.score is not None]
    seed = f"{trainee(by).pk} {question.id} {len(finished)}"
    item = item_of(topic, question, Random(seed))
    begun = next((row for row in rows if row.score is None and row.hash == item.hash), None)
    return Asked(item, begun, finished[-1] if finished else None, seed)


@action("training.check", May.TRAIN)
def answer_check(
    *, topic: Topic, question: str, given: Mapping[str, Sequence[str]], by: Actor
) -> CheckAnswer:
    """Answer the next step of a check question.

    Raises:
        NotAnswered: what was given is no answer.
        NotPossible: the topic's check has no such question.
    """
    course = course_of(topic)
    found = next((one for one in practice(topic, course) if one.id == question), None)
    if found is None:
        raise NotPossible("The check has no such question.")
    state = asked(topic, found, by)
    answer = read(state.item, state.step, given)
    row = state.open or CheckAnswer(
        service=by.service,
        user=trainee(by),
        topic=topic.id,
        question=question,
        hash=state.item.hash,
        seed=state.seed,
    )
    row.answers = [*row.answers, answer]
    row.at = clock.now()
    if len(row.answers) == state.item.steps:
        row.score = score(state.item, row.answers)
    row.save()
    _points(topic, by)
    note(by, "training.check", subject=f"question {question}", right=row.score == 1)
    return row


def _points(topic: Topic, by: Actor) -> None:
    """The points of a topic, once a cycle, when it has become complete."""
    user, course = trainee(by), course_of(topic)
    found = progress(by.service, user, course)
    this = next((one for one in found.topics if one.topic.id == topic.id), None)
    if this is None or not this.complete:
        return
    keep_points(
        by,
        user,
        course,
        topic.id,
        found.enrolment.cycle if found.enrolment else 1,
        f"Topic {topic.id}: {topic.title}",
        topic_points(topic.minutes),
    )


def keep_points(
    by: Actor, user: User, course: Course, topic: str, cycle: int, words: str, points: float
) -> None:
    """Keep points once: a second time changes nothing."""
    CpdPoint.objects.get_or_create(
        service=by.service,
        user=user,
        course=course.key,
        topic=topic,
        cycle=cycle,
        defaults={"words": words[:200], "points": Decimal(str(points)), "on": clock.today()},
    )


@action("training.reflect", May.TRAIN)
def reflect(
    *, topic: str, happened: str, learned: str, change: str = "", shared: bool = False, by: Actor
) -> Reflection:
    """An entry of the reflective log. Nobody else sees it unless it is shared with the supervisors."""
    if not happened.strip() or not learned.strip():
        raise NotPossible("Say what happened and what you learned.")
    row: Reflection = Reflection.objects.create(
        service=by.service,
        user=trainee(by),
        topic=topic,
        happened=happened.strip(),
        learned=learned.strip(),
        change=change.strip(),
        shared=shared,
        at=clock.now(),
    )
    note(by, "training.reflect", subject=f"reflection {row.pk}", shared=shared)
    return row


@action("training.renew", May.TRAIN)
def renew(*, course: Course, by: Actor) -> Enrolment:
    """Work for the certificate once more: a new paper, and first every lesson whose wording has changed."""
    found = progress(by.service, trainee(by), course)
    reason = why_not_renew(found)
    if reason or found.enrolment is None:
        raise NotPossible("The renewal is not open yet." if reason == "early" else reason)
    row = found.enrolment
    row.cycle += 1
    row.extra_attempts = 0
    row.save(update_fields=["cycle", "extra_attempts"])
    note(by, "training.renew", subject=f"training {course.key}", cycle=row.cycle)
    return row
