"""Papers on the server: tokens, the clock, resuming, failing, waiting, resitting, passing."""

from __future__ import annotations

from datetime import timedelta

import pytest

import world
from openfls.record.pathway import NotPossible
from openfls.service import clock
from openfls.service.actor import NotAllowed, system_actor
from openfls.service.models import Attempt, AttemptItem, Certificate
from openfls.service.roles import Role
from openfls.service.training import ending, learning, sitting, supervising
from openfls.service.training.issuing import standing
from openfls.service.training.library import topics_of
from openfls.service.training.paper_clock import clock_of
from openfls.service.training.progress import progress, why_not_begin
from openfls.service.training.rules import Rules, save_rules
from openfls.service.training.tokens import Older, Refused, token_for
from openfls.training.marking import NotAnswered
from openfls.training.papers import from_json, practice
from openfls.training.values import Kind
from service import training_world as tw
from training import small
from training.small import sent_one


@pytest.fixture
def paper(nurse):
    """A paper under way."""
    return tw.paper(nurse)


def _send(row, by, *, token=None, right=True, attempt=None):
    item = from_json(row.content)
    step = len(row.answers) if item.question.kind is Kind.UNFOLDING else 0
    return sitting.answer(
        attempt=attempt or row.attempt,
        number=row.number,
        token=token or token_for(row, row.attempt),
        given=sent_one(item, step, right=right),
        by=by,
    )


def _one(paper, *, case=False):
    """A question of the paper; a case where one is asked for."""
    rows = list(paper.items.all())
    return next(row for row in rows if (row.content["question"]["kind"] == "unfolding") is case)


def _later(**time):
    return clock.at(clock.now() + timedelta(**time))


def test_nobody_begins_before_every_topic_is_complete(nurse):
    with pytest.raises(NotPossible, match="Enrol on the course first"):
        sitting.begin(course=tw.FOUNDATION, by=nurse)
    tw.enrolled(nurse)
    with pytest.raises(NotPossible, match="Still to do: F1, F2"):
        sitting.begin(course=tw.FOUNDATION, by=nurse)


def test_a_topic_is_complete_when_read_and_every_check_question_was_right_once(nurse):
    tw.enrolled(nurse)
    topic = topics_of(tw.FOUNDATION)[0]
    learning.read_lesson(topic=topic, by=nurse)
    for question in practice(topic, tw.FOUNDATION):
        for right in (False, True):
            item = learning.asked(topic, question, nurse).item
            given = sent_one(item, right=right)
            row = learning.answer_check(topic=topic, question=question.id, given=given, by=nurse)
            assert row.score == right
    first, second = progress(nurse.service, nurse.user, tw.FOUNDATION).topics
    assert (first.complete, second.complete) == (True, False)
    assert nurse.user.cpd_points.get().points == pytest.approx(0.25)
    with pytest.raises(NotPossible, match="no such question"):
        learning.answer_check(topic=topic, question="F1-09", given={}, by=nurse)


def test_a_token_of_another_question_paper_user_or_of_nobody_is_refused(paper, nurse, lead):
    one, other = paper.items.all()[:2]
    theirs = tw.paper(lead)
    for token in (
        "",
        "made:up:token",
        token_for(one, paper)[:-2] + "xx",
        token_for(other, paper),
        token_for(theirs.items.first(), theirs),
    ):
        with pytest.raises(Refused):
            _send(one, nurse, token=token or "x")
    with pytest.raises(NotAllowed, match="somebody else"):
        _send(theirs.items.first(), nurse, attempt=theirs)
    assert not AttemptItem.objects.exclude(answers=[]).exists()


def test_a_token_is_good_once(paper, nurse):
    row = _one(paper)
    token = token_for(row, paper)
    _send(row, nurse, token=token, right=False)
    with pytest.raises(Older):
        _send(row, nurse, token=token)
    row.refresh_from_db()
    assert row.version == 1
    _send(row, nurse)
    row.refresh_from_db()
    assert len(row.answers) == 1, "with a fresh page the answer may still be changed"


def test_a_step_of_a_case_cannot_be_changed_after_the_next_is_shown(nurse):
    save_rules_short(nurse)
    for _ in range(40):
        paper = tw.paper(nurse)
        if any(row.content["question"]["kind"] == "unfolding" for row in paper.items.all()):
            break
        Attempt.objects.all().delete()
    row = _one(paper, case=True)
    token = token_for(row, paper)
    row = _send(row, nurse, token=token, right=False)
    with pytest.raises(Older):
        _send(row, nurse, token=token)
    row = _send(row, nurse)
    assert len(row.answers) == 2
    ended = ending.hand_in(attempt=paper, by=nurse)
    assert ended.items.get(pk=row.pk).score == 0.5


def save_rules_short(by):
    """Papers with all that is to be drawn, so that a case is soon among them."""
    lead = world.member(by.service, Role.CLINICIAN, "setter")
    save_rules(course="foundation", rules=Rules(80, 60, 3, 7, 3), by=lead)


def test_a_flag_alone_is_kept_and_nothing_at_all_is_no_answer(paper, nurse):
    row = _one(paper)
    args = {"attempt": paper, "number": row.number, "given": {}, "by": nurse}
    with pytest.raises(NotAnswered):
        sitting.answer(token=token_for(row, paper), **args)
    kept = sitting.answer(token=token_for(row, paper), flagged=True, **args)
    assert (kept.flagged, kept.answers) == (True, [])


def test_after_a_lost_connection_every_saved_answer_is_there(paper, nurse):
    rows = list(paper.items.all())
    for row in rows[:3]:
        tw.answer(row, nurse)
    again = Attempt.objects.get(pk=paper.pk)
    assert [bool(row.answers) for row in again.items.all()] == [True] * 3 + [False] * 3
    with _later(minutes=50):
        assert clock_of(again).left == timedelta(minutes=10)


def test_the_clock_of_the_server_closes_the_paper_and_what_was_saved_is_marked(paper, nurse):
    rows = list(paper.items.all())
    for row in rows[:5]:
        tw.answer(row, nurse)
    with _later(minutes=60, seconds=1):
        with pytest.raises(NotPossible, match="time was over"):
            _send(rows[5], nurse)
        with pytest.raises(NotPossible, match="time was over"):
            ending.hand_in(attempt=paper, by=nurse)
        ended = ending.settle(paper, nurse)
    assert (ended.ended, ended.percent, ended.passed) == ("timed_out", 83.3, True)
    assert ended.ended_at == paper.began_at + timedelta(minutes=60)
    assert Certificate.objects.get().attempt == ended


def test_the_nightly_job_closes_what_nobody_came_back_to(paper, nurse):
    by = system_actor(nurse.service)
    assert ending.settle_all(nurse.service, by) == 0
    with _later(minutes=61):
        assert ending.settle_all(nurse.service, by) == 1
        assert ending.settle_all(nurse.service, by) == 0
    assert Attempt.objects.get().percent == 0


def test_extra_time_and_rests_are_arranged_by_another(nurse, lead):
    enrolment = tw.ready(nurse)
    supervising.arrange(enrolment=enrolment, extra_percent=50, rest_minutes=10, by=lead)
    paper = sitting.begin(course=tw.FOUNDATION, by=nurse)
    assert clock_of(paper).left == timedelta(minutes=90)
    row = _one(paper)
    token = token_for(row, paper)
    sitting.rest(attempt=paper, by=nurse)
    with pytest.raises(NotPossible, match="rests"):
        _send(row, nurse, token=token)
    with _later(minutes=4):
        assert clock_of(paper).left == timedelta(minutes=90)
        sitting.go_on(attempt=paper, by=nurse)
    with _later(minutes=95), pytest.raises(NotPossible, match="time was over"):
        _send(row, nurse, token=token)
    with _later(minutes=93):
        assert clock_of(paper).left == timedelta(minutes=1)
        _send(row, nurse, token=token)
    with pytest.raises(NotAllowed, match="another supervisor"):
        supervising.arrange(enrolment=tw.enrolled(lead), extra_percent=25, rest_minutes=0, by=lead)


def test_failing_waiting_resitting_and_passing(paper, nurse):
    failed = tw.sat(paper, nurse, right=lambda number: number > 3)
    assert (failed.percent, failed.passed) == (50.0, False)
    assert why_not_begin(progress(nurse.service, nurse.user, tw.FOUNDATION)) == "wait"
    with pytest.raises(NotPossible, match="not open yet"):
        sitting.begin(course=tw.FOUNDATION, by=nurse)
    with _later(days=7, minutes=1):
        again = sitting.begin(course=tw.FOUNDATION, by=nurse)
        first, second = (
            {row.content["question"]["id"] for row in one.items.all()} for one in (failed, again)
        )
        assert not first & second, "other questions"
        passed = tw.sat(again, nurse)
    assert (passed.number, passed.percent, passed.passed) == (2, 100.0, True)
    assert standing(passed.certificate) == "valid"
    with pytest.raises(NotPossible, match="You have passed"):
        sitting.begin(course=tw.FOUNDATION, by=nurse)


def test_attempts_run_out_and_a_supervisor_opens_another(nurse, lead):
    save_rules(course="foundation", rules=Rules(80, 30, 1, 0, 1), by=lead)
    tw.ready(nurse)
    paper = sitting.begin(course=tw.FOUNDATION, by=nurse)
    assert (paper.minutes, paper.items.count()) == (30, 2), "the rules of the service"
    with pytest.raises(NotPossible, match="under way"):
        sitting.begin(course=tw.FOUNDATION, by=nurse)
    ending.hand_in(attempt=paper, by=nurse)
    with pytest.raises(NotPossible, match="All attempts are used"):
        sitting.begin(course=tw.FOUNDATION, by=nurse)
    supervising.allow_another(enrolment=paper.enrolment, by=lead)
    assert sitting.begin(course=tw.FOUNDATION, by=nurse).number == 2


def test_a_paper_whose_questions_were_changed_in_the_database_is_not_marked(paper, nurse):
    row = _one(paper)
    row.content["question"]["stem"] = "Another"
    row.save(update_fields=["content"])
    with pytest.raises(NotPossible, match="not as it was drawn"):
        ending.hand_in(attempt=paper, by=nurse)
    paper.refresh_from_db()
    assert paper.ended_at is None


def test_a_paper_is_shown_as_it_was_when_the_bank_has_changed(paper, nurse, settings, tmp_path):
    before = [from_json(row.content).question.stem for row in paper.items.all()]
    settings.TRAINING_CONTENT = str(small.write(tmp_path, "F3"))
    ended = tw.sat(paper, nurse)
    assert ended.passed
    assert [item.question.stem for _, item in ending.scored(ended)] == before


def test_rules_beyond_reason_are_refused(lead):
    for rules in (Rules(40, 60, 3, 7, 3), Rules(80, 60, 3, 7, 0)):
        with pytest.raises(NotPossible, match="lies between"):
            save_rules(course="foundation", rules=rules, by=lead)
