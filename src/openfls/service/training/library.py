"""The content in use: that of the program, or a folder of the installation's own."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from openfls.training.courses import Course, course_of_topic, courses
from openfls.training.loader import load_bank, shipped
from openfls.training.values import Bank, Topic


def bank() -> Bank:
    """Every topic. ``TRAINING_CONTENT`` in the settings names a folder in the place of the program's own."""
    folder = getattr(settings, "TRAINING_CONTENT", "")
    return _kept(str(folder)) if folder else shipped()


@lru_cache(maxsize=4)
def _kept(folder: str) -> Bank:
    return load_bank(Path(folder))


def topic_called(slug: str) -> Topic | None:
    """A topic by its id in any case."""
    return bank().topics.get(slug.upper())


def topics_of(course: Course) -> list[Topic]:
    """The topics of a course in their order."""
    return bank().of_course(course.prefix)


def course_called(key: str) -> Course | None:
    """A course by its key."""
    return courses().get(key)


def course_of(topic: Topic) -> Course:
    """The course of a topic."""
    return course_of_topic(topic.id)
