"""The two certificates: what each asks, as data."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class Course:
    """One certificate. ``wishes`` are the difficulties (1–3) of the questions that a paper takes of each topic;
    ``minutes`` the time of a paper; ``pass_mark`` per cent; ``points`` those of the certificate as a whole.
    """

    key: str
    title: str
    prefix: str
    folder: str
    about: str
    criteria: str
    audience_grade: float
    wishes: tuple[int, ...]
    practice: int
    minutes: int
    pass_mark: int
    attempts: int
    wait_days: int
    valid_months: int
    renew_months: int
    points: float
    renewal_points: float


def _data() -> dict[str, Any]:
    text = resources.files("openfls.training").joinpath("data/courses.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def courses() -> dict[str, Course]:
    """Every course by its key, in order."""
    made = (Course(**{**row, "wishes": tuple(row["wishes"])}) for row in _data()["courses"])
    return {course.key: course for course in made}


def course_of_topic(topic: str) -> Course:
    """The course of a topic, known by the letter of its id.

    Raises:
        KeyError: no course has that letter.
    """
    for course in courses().values():
        if topic.startswith(course.prefix):
            return course
    raise KeyError(topic)


NO_CLAIM: str = _data()["no_claim"]
"""Stands on every page, certificate and badge."""
CPD_SOURCE: str = _data()["cpd_source"]


def topic_points(minutes: int) -> float:
    """The points of one topic: an hour is one, in quarters, at least a quarter."""
    return max(0.25, round(minutes / 15) / 4)
