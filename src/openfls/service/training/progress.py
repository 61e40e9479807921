"""How far somebody is: topics, papers and certificates of a course, and what stands in the way of a paper."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from openfls.service import clock
from openfls.service.models import (
    Attempt,
    Certificate,
    CheckAnswer,
    Enrolment,
    LessonRead,
    Service,
    SignOff,
    User,
)
from openfls.service.training.library import topics_of
from openfls.service.training.rules import Rules, rules_of
from openfls.training.courses import Course
from openfls.training.papers import practice
from openfls.training.timing import add_months
from openfls.training.values import Topic


@dataclass(frozen=True, slots=True)
class TopicProgress:
    """How far somebody is with one topic. ``right`` of ``asked`` check questions were answered rightly once."""

    topic: Topic
    read: bool
    changed: bool
    right: int
    asked: int
    signed_off: SignOff | None = None

    @property
    def complete(self) -> bool:
        """Read, and every check question right once."""
        return self.read and self.right >= self.asked

    @property
    def label(self) -> str:
        """The words a page shows."""
        if self.complete:
            return "Done, changed since" if self.changed else "Done"
        if self.read or self.right:
            return "Begun"
        return "Not begun"


@dataclass(frozen=True, slots=True)
class CourseProgress:
    """How far somebody is with one course."""

    course: Course
    rules: Rules
    enrolment: Enrolment | None
    topics: tuple[TopicProgress, ...]
    attempts: tuple[Attempt, ...]
    certificates: tuple[Certificate, ...]

    @property
    def done(self) -> int:
        """Topics that are complete."""
        return sum(one.complete for one in self.topics)

    @property
    def next_topic(self) -> TopicProgress | None:
        """The first topic that is not complete."""
        return next((one for one in self.topics if not one.complete), None)

    @property
    def running(self) -> Attempt | None:
        """The paper under way."""
        return next((one for one in self.attempts if one.ended_at is None), None)

    @property
    def certificate(self) -> Certificate | None:
        """The newest certificate that was not revoked."""
        return next((one for one in self.certificates if one.revoked_at is None), None)

    @property
    def valid(self) -> Certificate | None:
        """The certificate that holds today."""
        held = self.certificate
        return held if held and held.expires_on >= clock.today() else None

    @property
    def in_cycle(self) -> list[Attempt]:
        """The papers of the present cycle."""
        cycle = self.enrolment.cycle if self.enrolment else 1
        return [one for one in self.attempts if one.cycle == cycle]

    @property
    def attempts_left(self) -> int:
        """Papers that may still be begun in this cycle."""
        extra = self.enrolment.extra_attempts if self.enrolment else 0
        return max(0, self.rules.attempts + extra - len(self.in_cycle))

    @property
    def opens_at(self) -> datetime | None:
        """When the next paper may be begun, None where nothing has to be waited for."""
        ended = [one.ended_at for one in self.in_cycle if one.ended_at]
        if not ended:
            return None
        opens = max(ended) + timedelta(days=self.rules.wait_days)
        return opens if opens > clock.now() else None


def why_not_begin(found: CourseProgress) -> str:  # noqa: PLR0911 - one line a reason
    """Why no paper can be begun now; empty where one can."""
    if found.enrolment is None:
        return "Enrol on the course first."
    if found.running:
        return "A paper is under way: finish it first."
    if not found.topics:
        return "The course has no topics yet."
    if any(one.passed for one in found.in_cycle):
        return "You have passed. The next paper comes with the renewal."
    again = [one for one in found.topics if not one.complete or (one.changed and found.enrolment.cycle > 1)]
    if again:
        names = ", ".join(one.topic.id for one in again)
        return f"Read every lesson and answer its check questions rightly first. Still to do: {names}."
    if not found.attempts_left:
        return "All attempts are used. Go through it with your supervisor, who can allow another one."
    if found.opens_at:
        return "wait"
    return ""


def why_not_renew(found: CourseProgress) -> str:
    """Why a certificate cannot be renewed now; empty where it can."""
    held = found.certificates[0] if found.certificates else None
    if held is None or found.enrolment is None:
        return "There is no certificate to renew."
    if not any(one.passed for one in found.in_cycle):
        return "The renewal is under way."
    if held.revoked_at is None and clock.today() < renewal_opens(held, found.course):
        return "early"
    return ""


def renewal_opens(held: Certificate, course: Course) -> date:
    """The day from which a certificate may be renewed."""
    ends = datetime(held.expires_on.year, held.expires_on.month, held.expires_on.day)
    return add_months(ends, -course.renew_months).date()


def progress(service: Service, user: User, course: Course) -> CourseProgress:
    """How far one person is with one course."""
    return team_progress(service, [user], course)[user.pk]


def team_progress(service: Service, users: Iterable[User], course: Course) -> dict[int, CourseProgress]:
    """The same of many people, with as few questions to the database as of one."""
    keys = [user.pk for user in users]
    topics = topics_of(course)
    mine = {"service": service, "user__in": keys}
    read: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for user, topic, version in LessonRead.objects.filter(**mine).values_list("user", "topic", "version"):
        read[user][topic].add(version)
    right: dict[int, set[str]] = defaultdict(set)
    for user, question in CheckAnswer.objects.filter(**mine, score__gte=1).values_list("user", "question"):
        right[user].add(question)
    signed: dict[tuple[int, str], SignOff] = {}
    for row in SignOff.objects.filter(**mine, withdrawn=False).select_related("by").order_by("pk"):
        signed[row.user_id, row.topic] = row
    enrolments = {row.user_id: row for row in Enrolment.objects.filter(**mine, course=course.key)}
    attempts: dict[int, list[Attempt]] = defaultdict(list)
    for attempt in Attempt.objects.filter(**mine, course=course.key):
        attempts[attempt.user_id].append(attempt)
    held: dict[int, list[Certificate]] = defaultdict(list)
    for certificate in Certificate.objects.filter(**mine, course=course.key):
        held[certificate.user_id].append(certificate)
    rules = rules_of(service, course)
    asked = {topic.id: practice(topic, course) for topic in topics}

    def of_topic(user: int, topic: Topic) -> TopicProgress:
        versions, questions = read[user][topic.id], asked[topic.id]
        return TopicProgress(
            topic=topic,
            read=bool(versions),
            changed=bool(versions) and topic.version not in versions,
            right=sum(question.id in right[user] for question in questions),
            asked=len(questions),
            signed_off=signed.get((user, topic.id)),
        )

    return {
        user: CourseProgress(
            course,
            rules,
            enrolments.get(user),
            tuple(of_topic(user, topic) for topic in topics),
            tuple(attempts[user]),
            tuple(held[user]),
        )
        for user in keys
    }
