"""The rules of a paper in one service: the course's own numbers, or those that the service has set."""

from __future__ import annotations

from dataclasses import dataclass, replace

from openfls.record.pathway import NotPossible
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actor import Actor
from openfls.service.models import Service, TrainingRules
from openfls.service.roles import May
from openfls.training.courses import Course


@dataclass(frozen=True, slots=True)
class Rules:
    """What a service may set of a course."""

    pass_mark: int
    minutes: int
    attempts: int
    wait_days: int
    per_topic: int


LIMITS = {
    "pass_mark": (50, 100),
    "minutes": (5, 240),
    "attempts": (1, 10),
    "wait_days": (0, 90),
    "per_topic": (1, 3),
}
"""The least and the most that can be set."""


def own_rules(course: Course) -> Rules:
    """The numbers of the course itself."""
    return Rules(course.pass_mark, course.minutes, course.attempts, course.wait_days, len(course.wishes))


def rules_of(service: Service, course: Course) -> Rules:
    """What holds in a service."""
    row = TrainingRules.objects.filter(service=service, course=course.key).first()
    if row is None:
        return own_rules(course)
    return Rules(row.pass_mark, row.minutes, row.attempts, row.wait_days, row.per_topic)


def with_rules(course: Course, rules: Rules) -> Course:
    """The course as a paper of this service draws it: the middle difficulties first where it takes fewer questions."""
    wishes = sorted(course.wishes, key=lambda wish: abs(wish - 2))[: rules.per_topic]
    return replace(course, wishes=tuple(sorted(wishes)))


@action("training.rules", May.SUPERVISE)
def save_rules(*, course: str, rules: Rules, by: Actor) -> TrainingRules:
    """Set the rules of a course for papers that are begun from now on. A paper under way keeps those it began with."""
    for name, (least, most) in LIMITS.items():
        if not least <= getattr(rules, name) <= most:
            raise NotPossible(f"The {name.replace('_', ' ')} lies between {least} and {most}.")
    values = {name: getattr(rules, name) for name in LIMITS}
    row: TrainingRules
    row, _ = TrainingRules.objects.update_or_create(
        service=by.service, course=course, defaults={**values, "by": by.user, "at": clock.now()}
    )
    note(by, "training.rules", subject=f"training {course}", **values)
    return row
