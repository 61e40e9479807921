"""From a topic to a certificate that a stranger verifies: fails, resits, loses the connection, is timed out."""

from __future__ import annotations

from datetime import timedelta

import pytest

import world
from browser.conftest import DESKTOP, PHONE
from openfls.service import clock
from openfls.service.models import Attempt, Certificate, TrainingRules
from openfls.service.training.library import topic_called
from openfls.training.papers import from_json, practice
from openfls.training.values import Kind
from service import training_world as tw
from training import small


@pytest.fixture(autouse=True)
def _one_small_topic_and_short_papers(settings, tmp_path, nurse):
    """One topic, one question a paper, and no waiting between two papers."""
    settings.TRAINING_CONTENT = str(small.write(tmp_path / "topics", "F1"))
    settings.DATA = tmp_path
    TrainingRules.objects.create(
        service=nurse.service,
        course="foundation",
        pass_mark=80,
        minutes=10,
        attempts=3,
        wait_days=0,
        per_topic=3,
        at=clock.now(),
    )


def _give(user, item, step, *, right):
    """Answer the step on the page by its words."""
    question, page = item.question, user.page
    if question.kind is Kind.NUMBER:
        page.get_by_label(question.stem, exact=True).fill("31" if right else "99")
    elif question.kind is Kind.ORDER:
        for number, line in enumerate(question.items):
            page.get_by_label(line, exact=True).select_option(str(number + 1 if right else 4 - number))
    else:
        options = [one for one in question.parts[step].options if one.right is right]
        for option in options if question.kind is Kind.SEVERAL else options[:1]:
            page.get_by_label(option.text, exact=True).check()


def _sit(user, paper, *, right):
    for row in paper.items.all():
        user.open(f"/training/papers/{paper.pk}/question/?q={row.number}")
        item = from_json(row.content)
        for step in range(item.steps):
            _give(user, item, step, right=right)
            user.press("Save and go on")


def test_from_a_topic_to_a_certificate_that_a_stranger_verifies(nurse, open_browser):
    user = open_browser(PHONE)
    user.sign_in()
    user.open("/training/")
    user.follow("Foundation certificate")
    user.press("Enrol on this course")
    user.sees("Still to do: F1")
    user.follow("F1. A small topic F1")
    user.press("I have read this: to the check questions")
    topic = topic_called("f1")
    for question in practice(topic, tw.FOUNDATION):
        user.page.get_by_label(next(one.text for one in question.options if one.right)).check()
        user.press("Check my answer")
        user.said("Right")
        user.page.get_by_role("link", name="Next question").or_(
            user.page.get_by_role("link", name="Back to the course")
        ).click()
    user.press("Begin the paper")
    _sit(user, Attempt.objects.get(), right=False)
    user.sees("Every question has an answer.")
    user.press("Hand in my paper")
    user.sees_heading("You have not passed this time")

    user.follow("The next attempt is open")
    user.press("Begin the paper")
    again = Attempt.objects.get(number=2)
    row = again.items.first()
    user.open(f"/training/papers/{again.pk}/question/?q=1")
    _give(user, from_json(row.content), 0, right=True)
    user.press("Save and go on")
    # The connection is lost: she comes back from another machine, and the answer is there.
    user = open_browser(DESKTOP, script=False)
    user.sign_in()
    user.open("/training/")
    user.follow("Go on with the paper")
    user.sees("Question 1")
    assert again.items.first().answers
    _finish(user, again)
    user.press("Hand in my paper")
    user.sees_heading("You have passed")

    held = Certificate.objects.get()
    assert user.download(f"/training/certificates/{held.pk}.pdf").startswith(b"%PDF")
    stranger = open_browser(PHONE)
    stranger.open("/certificates/")
    stranger.fill("Code", held.code.lower())
    stranger.press("Verify")
    stranger.sees_heading("This certificate is valid")
    stranger.sees("Nurse Example")
    stranger.sees("No accreditation")


def _finish(user, paper):
    """Answer rightly what has no answer yet."""
    for row in paper.items.all():
        item = from_json(row.content)
        user.open(f"/training/papers/{paper.pk}/question/?q={row.number}")
        for step in range(len(row.answers), item.steps):
            _give(user, item, step, right=True)
            user.press("Save and go on")
    user.open(f"/training/papers/{paper.pk}/")


def test_when_the_time_is_over_the_paper_is_marked_with_what_was_kept(nurse, open_browser):
    paper = tw.paper(nurse)
    user = open_browser(PHONE)
    user.sign_in()
    user.open(f"/training/papers/{paper.pk}/question/?q=1")
    user.sees("10 minutes left")
    with clock.everywhere_at(world.at_noon(world.TODAY) + timedelta(minutes=11)):
        user.press("Save and go on")
        user.sees_heading("You have not passed this time")
        user.sees("the time was over")
