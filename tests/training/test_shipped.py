"""The content that comes with the program: all of it loads, has no fault, and no answer is given away."""

from __future__ import annotations

import re

import pytest

from openfls.information.readability import readability
from openfls.training.as_html import case_html, lesson_html, notes_html
from openfls.training.bias import bias
from openfls.training.checking import check
from openfls.training.courses import courses
from openfls.training.loader import shipped
from openfls.training.papers import draw, for_papers
from openfls.training.printing import lesson_pdf
from openfls.training.text import Notes
from openfls.training.values import Kind


@pytest.fixture(scope="module")
def questions():
    """The whole bank."""
    return [question for topic in shipped().topics.values() for question in topic.questions]


def test_the_content_that_comes_with_the_program_has_no_fault():
    found = check(shipped(), lambda text: readability(text).flesch_kincaid_grade)
    assert [str(fault) for fault in found] == []


@pytest.mark.parametrize("key", [f"{course}{number}" for course in "FA" for number in range(1, 13)])
def test_a_lesson_takes_the_minutes_that_it_says(key):
    """Counted a second time from the file itself: without figures, citations, signs of tables and numbers of lists."""
    topic = shipped().topics[key]
    text = re.sub(
        r"!\[.*?\]\(.*?\)|\s?\[@[^\]]+\]|(?m:^> \*\*.*?\*\*|^\d+\. )", "", f"{topic.lesson}\n{topic.case}"
    )
    counted = len([word for word in re.split(r"[\s|]+", text) if re.search(r"[^\W_]", word)])
    assert topic.words == pytest.approx(counted, rel=0.01)
    assert topic.minutes == round(topic.words / 200)
    assert 2000 <= counted <= 4000, f"{counted / 200:.1f} minutes"


def test_two_courses_of_twelve_topics_and_a_bank_of_240(questions):
    for course in courses().values():
        assert [topic.id for topic in shipped().of_course(course.prefix)] == [
            f"{course.prefix}{number}" for number in range(1, 13)
        ]
    assert len(questions) >= 240
    assert {question.kind for question in questions} == set(Kind)


def test_no_answer_is_given_away_by_length_or_place(questions):
    found = bias(questions)
    assert found.longest / found.questions < 0.3
    assert found.shortest / found.questions < 0.3
    assert 0.95 < found.ratio < 1.05
    assert all(0.2 < place / found.questions < 0.3 for place in found.places[:4])


def test_a_paper_and_a_resit_have_no_question_in_common():
    for course in courses().values():
        first = draw(shipped(), course, "first")
        second = draw(shipped(), course, "second", {item.question.id for item in first})
        assert len(first) == len(second) == 36
        assert not {item.question.id for item in first} & {item.question.id for item in second}
        for topic in shipped().of_course(course.prefix):
            assert len(for_papers(topic, course)) >= 6


def test_the_three_papers_of_foundation_have_no_question_in_common():
    course, seen = courses()["foundation"], set()
    for attempt in range(course.attempts):
        asked = {item.question.id for item in draw(shipped(), course, str(attempt), seen)}
        assert not asked & seen
        seen |= asked
    assert len(seen) == 3 * 36


@pytest.mark.parametrize("key", ["F1", "A1"])
def test_every_lesson_has_its_figures_and_notes(key):
    for topic in shipped().of_course(key[0]):
        notes = Notes()
        html = lesson_html(topic, notes) + case_html(topic, notes) + notes_html(topic, notes)
        assert "<img src=" in html, topic.id
        assert html.count("The figure in words") == html.count("<img src="), topic.id
        for lacking in ("Figure missing", "There is no claim", "no source"):
            assert lacking not in html, topic.id
    assert lesson_pdf(shipped().topics[key]).startswith(b"%PDF")
