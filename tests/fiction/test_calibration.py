"""The fictional year beside the published figures; the table of `figures.py` is the specification."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from fiction.figures import TABLE, Figures
from openfls.fiction.values import CloseReason, Story

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("row", TABLE, ids=[row[0] for row in TABLE])
def test_the_year_meets_the_published_figure(figures, row):
    name, published, source, read, tolerance = row
    assert read(figures) == pytest.approx(published, abs=tolerance), f"{name}: {source}"


@pytest.mark.parametrize("row", TABLE, ids=[row[0] for row in TABLE])
def test_the_year_of_the_demonstration_lies_near_it(year, row):
    """A small hospital scatters: twice the tolerance."""
    name, published, source, read, tolerance = row
    assert read(Figures(year)) == pytest.approx(published, abs=2 * tolerance), f"{name}: {source}"


def test_the_documentation_names_every_figure_with_its_source():
    page = (ROOT / "docs" / "explanation" / "fictional-year.md").read_text(encoding="utf-8")
    for name, published, source, _, tolerance in TABLE:
        assert f"| {name} | {published:g} | {source} | ±{tolerance:g} |" in page


def test_the_year_has_the_size_that_was_asked_for(year):
    fragility = [event for event in year.events if event.story is Story.FRAGILITY]
    days = (year.end - year.start).days + 1
    assert abs(len(fragility) - year.size * days / 365) <= 1


def test_every_kind_of_story_and_of_fracture_happens(year):
    assert {event.story for event in year.events} == set(Story)
    bones = [bone for event in year.events for bone in event.bones]
    assert {bone.kind for bone in bones} >= {"traumatic", "pathological", "periprosthetic", "stress"}
    assert any(bone.side == "both" for bone in bones)
    assert any(len({bone.site for bone in event.bones}) > 1 for event in year.events)
    assert any(event.incidental for event in year.events)
    assert any(event.refracture for event in year.events)
    assert any(len(event.told_by) == 4 for event in year.events)


def test_somebody_stands_at_every_stage_of_the_pathway(year):
    stages = Counter(_stage(course) for course in year.courses)
    assert set(stages) == {"to confirm", "refuted", "to assess", "to plan", "16 weeks", "52 weeks", "closed"}
    assert min(stages.values()) >= 5
    reasons = {course.closed.reason for course in year.courses if course.closed}
    assert reasons == set(CloseReason)


def test_some_reviews_are_overdue_and_some_are_coming(year):
    waiting = [course for course in year.courses if _stage(course) == "16 weeks"]
    ages = [(year.end - course.fracture_on).days for course in waiting]
    assert sum(age > 112 for age in ages) >= 5
    assert sum(age <= 112 for age in ages) >= 5


def _stage(course):
    if course.decision is None:
        return "to confirm"
    if course.decision.refuted:
        return "refuted"
    if course.closed:
        return "closed"
    if course.review_16:
        return "52 weeks"
    if course.plan:
        return "16 weeks"
    return "to plan" if course.assessment else "to assess"
