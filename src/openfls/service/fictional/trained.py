"""The training of the fictional team: one certified after a resit, one on her way, one who has just begun elsewhere.

Everything is done by the actions themselves, each on its day, so that the log, the points and the pages agree. Which
questions were drawn and the certificate's code differ from one installation to the next, as they must.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta

from openfls.service import clock
from openfls.service.actor import Actor
from openfls.service.models import Attempt, AttemptItem, Membership
from openfls.service.training import ending, learning, sitting, supervising
from openfls.service.training.library import course_called, course_of, topic_called, topics_of
from openfls.training.courses import Course
from openfls.training.marking import Answer
from openfls.training.papers import Item, from_json, practice
from openfls.training.values import Kind, Topic


def train(staff: Mapping[str, Actor], neighbour: Actor, end: date) -> None:
    """Let the team learn, up to ``end``. ``staff`` by user name; nobody is asked for who is not there."""
    course = course_called("foundation")
    certified, learner = staff.get("samuel.adeleke"), staff.get("nina.hartley-moss")
    lead = staff.get("rukmini.vale")
    if course is None or certified is None or learner is None or lead is None:
        return
    _certify(certified, course, end)
    _learn(learner, course, end - timedelta(days=40), done=2, begun=2)
    with _on(end - timedelta(days=12)):
        learning.reflect(
            topic="F4",
            happened="A chest CT was closed as clear. Its last line told of a lost vertebral height.",
            learned="A report is read to its end, whatever it was asked for.",
            change="I search the week's reports for words of height as well.",
            shared=True,
            by=certified,
        )
    _sign_off(certified, lead, end - timedelta(days=9))
    _learn(neighbour, course, end - timedelta(days=20), done=1, begun=1)


def _certify(by: Actor, course: Course, end: date) -> None:
    """Every topic within twelve weeks, a paper failed, and a resit passed a fortnight later."""
    _learn(by, course, end - timedelta(days=120), done=len(topics_of(course)), begun=0)
    for days, every in ((30, 3), (16, 9)):
        with _on(end - timedelta(days=days)):
            attempt = sitting.begin(course=course, by=by)
            _fill_in(attempt, missed=every)
        with _on(end - timedelta(days=days), timedelta(minutes=40)):
            ending.hand_in(attempt=attempt, by=by)


def _learn(by: Actor, course: Course, since: date, *, done: int, begun: int) -> None:
    """A topic a week: ``done`` whole ones, then ``begun`` whose lesson is read and nothing more."""
    with _on(since):
        learning.enrol(course=course, by=by)
    for week, topic in enumerate(topics_of(course)[: done + begun]):
        with _on(since + timedelta(days=7 * week + 1)):
            learning.read_lesson(topic=topic, by=by)
            if week < done:
                _check(topic, by)


def _check(topic: Topic, by: Actor) -> None:
    for question in practice(topic, course_of(topic)):
        for step in range(len(question.parts)):
            item = learning.asked(topic, question, by).item
            learning.answer_check(topic=topic, question=question.id, given=_typed(item, step), by=by)


def _fill_in(attempt: Attempt, *, missed: int) -> None:
    """Every answer of a paper in one stroke, one in ``missed`` of them wrong.

    One by one they would say the same thirty-six times in the log.
    """
    rows = list(attempt.items.all())
    for row in rows:
        item = from_json(row.content)
        row.answers = [_answer(item, step, right=row.number % missed != 0) for step in range(item.steps)]
        row.answered_at = clock.now()
    AttemptItem.objects.bulk_update(rows, ["answers", "answered_at"])


def _answer(item: Item, step: int, *, right: bool) -> Answer:
    """An answer as it is kept: the right one, or one that earns nothing."""
    question = item.question
    if question.number is not None:
        return question.number.value if right else question.number.high + 1
    if question.kind is Kind.ORDER:
        order = list(range(len(question.items)))
        return order if right else order[::-1]
    options = question.parts[step].options
    chosen = [number for number, option in enumerate(options) if option.right is right]
    return chosen if question.kind is Kind.SEVERAL else chosen[:1]


def _typed(item: Item, step: int) -> dict[str, list[str]]:
    """The right answer to a step as a form sends it."""
    question, order, right = item.question, item.shown[step], _answer(item, step, right=True)
    if not isinstance(right, list):
        return {"number": [f"{right:g}"]}
    if question.kind is Kind.ORDER:
        return {f"place-{place}": [str(number + 1)] for place, number in enumerate(order)}
    return {"choice": [str(place) for place, number in enumerate(order) if number in right]}


def _sign_off(by: Actor, lead: Actor, on: date) -> None:
    member = Membership.objects.select_related("user").get(service=by.service, user=by.user)
    topics = (
        ("F4", "Read a week of reports beside me and missed none"),
        ("F8", "Explained three plans clearly"),
    )
    with _on(on):
        for key, words in topics:
            if (topic := topic_called(key)) is not None:
                supervising.sign_off(member=member, topic=topic, words=words, on=on, by=lead)


@contextmanager
def _on(day: date, after: timedelta = timedelta()) -> Iterator[None]:
    """Within this block it is noon of a day, or so much later."""
    with clock.at(datetime.combine(day, time(12), tzinfo=UTC) + after):
        yield
