"""What the people of a service did in training, in order, for a learning record store."""

from __future__ import annotations

from collections.abc import Iterator

from openfls.service.models import (
    Attempt,
    CheckAnswer,
    Enrolment,
    LessonRead,
    Reflection,
    Service,
)
from openfls.service.training.library import bank
from openfls.training.courses import courses
from openfls.training.xapi import Doing


def doings(service: Service) -> Iterator[Doing]:
    """Everything done, oldest first. What somebody wrote of their own stays here: a reflection is only told of."""
    found = [
        *_enrolled(service),
        *_read(service),
        *_answered(service),
        *_papers(service),
        *_reflected(service),
    ]
    yield from sorted(found, key=lambda doing: (doing.at, doing.key))


def _account(row: Enrolment | LessonRead | CheckAnswer | Attempt | Reflection) -> str:
    return f"user-{row.user_id}"


def _title(topic: str) -> str:
    known = bank().topics.get(topic)
    return known.title if known else topic


def _enrolled(service: Service) -> Iterator[Doing]:
    for row in Enrolment.objects.filter(service=service):
        title = courses()[row.course].title
        yield Doing(
            f"enrolment {row.pk}",
            _account(row),
            "registered",
            f"courses/{row.course}",
            title,
            "course",
            row.at,
        )


def _read(service: Service) -> Iterator[Doing]:
    for row in LessonRead.objects.filter(service=service):
        activity = f"topics/{row.topic.lower()}"
        yield Doing(
            f"read {row.pk}", _account(row), "completed", activity, _title(row.topic), "lesson", row.at
        )


def _answered(service: Service) -> Iterator[Doing]:
    for row in CheckAnswer.objects.filter(service=service).exclude(score=None):
        activity = f"topics/{row.topic.lower()}"
        yield Doing(
            key=f"check {row.pk}",
            account=_account(row),
            verb="answered",
            activity=f"{activity}/check/{row.question}",
            title=f"Check question {row.question}",
            kind="question",
            at=row.at,
            score=row.score,
            success=row.score == 1,
            within=activity,
        )


def _papers(service: Service) -> Iterator[Doing]:
    for row in Attempt.objects.filter(service=service).exclude(ended_at=None):
        yield Doing(
            key=f"attempt {row.pk}",
            account=_account(row),
            verb="passed" if row.passed else "failed",
            activity=f"courses/{row.course}/paper",
            title=f"{courses()[row.course].title}: paper",
            kind="assessment",
            at=row.ended_at,
            score=(row.percent or 0.0) / 100,
            success=bool(row.passed),
            within=f"courses/{row.course}",
        )


def _reflected(service: Service) -> Iterator[Doing]:
    for row in Reflection.objects.filter(service=service):
        activity = f"topics/{row.topic.lower()}" if row.topic else "portfolio"
        yield Doing(
            f"reflection {row.pk}",
            _account(row),
            "commented",
            activity,
            "Reflective log",
            "interaction",
            row.at,
        )
