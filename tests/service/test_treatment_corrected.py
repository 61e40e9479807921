"""What was told of a treatment is put right, and nothing of before it goes on reassuring."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

import world
from openfls.record.pathway import NotPossible
from openfls.record.reasons import Drug, ReviewOutcome
from openfls.service import clock, watching
from openfls.service.actions import assessing, reviewing, treating, treating_back, undoing
from openfls.service.guidance import from_json
from openfls.service.models import Alert, Episode, Review, Treatment
from openfls.service.nightly import nightly
from openfls.service.situation import situation_of
from openfls.service.treatment.courses import courses_of

LONG_AGO = world.TODAY - timedelta(days=120)


def standing(episode: Episode) -> set[str]:
    return {row.rule for row in Alert.objects.filter(episode=episode, ended_at=None)}


def on(day: date):
    return clock.at(world.at_noon(day))


def begun(by, drug: str = "denosumab", started_on: date = world.TODAY) -> tuple[Episode, Treatment]:
    episode = world.planned(by, on=LONG_AGO)
    return episode, treating.start(episode=episode, drug=drug, started_on=started_on, by=by)


def heard(
    episode: Episode, by, outcome=ReviewOutcome.ON_TREATMENT, reviewed_on=world.TODAY, **told
) -> Review:
    return reviewing.record(
        episode=episode,
        kind=Review.Kind.WEEK_16,
        heard=reviewing.Heard(outcome, **told),
        reviewed_on=reviewed_on,
        by=by,
    )


def test_a_dose_put_right_makes_a_plan_too_late_that_was_not(nurse, service) -> None:
    episode, course = begun(nurse)
    treating.plan_follow_on(
        episode=episode, treatment=course, follow_on="zoledronate", due=date(2026, 12, 30), by=nurse
    )
    start = course.entries.get(kind="start")
    march = {"right_day": date(2026, 3, 1), "reason": "The letter says March"}
    with on(date(2026, 11, 22)):
        nightly(service)
        assert "DMAB-LATE" not in standing(episode)
        treating_back.take_back(episode=episode, entry=start, **march, by=nurse)
        assert "DMAB-LATE" in standing(episode)
    with on(date(2026, 12, 5)):
        nightly(service)
        assert "DMAB-LATE" in standing(episode), "less than four weeks to the day, and nobody planned anew"
        treating.plan_follow_on(
            episode=episode, treatment=course, follow_on="zoledronate", due=date(2026, 12, 30), by=nurse
        )
        assert "DMAB-LATE" not in standing(episode), "somebody did"


def test_a_stop_put_right_does_not_bring_an_older_plan_back(nurse) -> None:
    episode, course = begun(nurse, started_on=LONG_AGO)
    treating.stop(
        episode=episode,
        treatment=course,
        on=world.TODAY,
        reason="Rash",
        follow_on="zoledronate",
        follow_on_due=date(2026, 6, 20),
        by=nurse,
    )
    treating.plan_follow_on(
        episode=episode, treatment=course, follow_on="alendronate", due=date(2026, 7, 1), by=nurse
    )
    stop = course.entries.get(kind="stop")
    treating_back.take_back(episode=episode, entry=stop, right_day=world.TODAY - timedelta(days=2), by=nurse)
    course.refresh_from_db()
    assert (course.follow_on, course.follow_on_due) == ("alendronate", date(2026, 7, 1))
    assert course.stopped_on == world.TODAY - timedelta(days=2)


def test_a_stop_put_right_keeps_the_day_on_which_its_plan_was_told(nurse) -> None:
    episode, course = begun(nurse, started_on=LONG_AGO)
    told = {"on": world.TODAY, "reason": "Rash", "follow_on": "zoledronate"}
    treating.stop(episode=episode, treatment=course, **told, follow_on_due=date(2026, 6, 20), by=nurse)
    with on(date(2026, 6, 10)):
        stop = course.entries.get(kind="stop")
        treating_back.take_back(
            episode=episode, entry=stop, right_day=date(2026, 5, 30), reason="Read wrongly", by=nurse
        )
        assert courses_of(episode.person)[0].follow_on_told == world.TODAY


@pytest.mark.parametrize(
    ("days_before_plan", "stopped", "begun_already"), [(300, True, None), (300, False, True), (0, True, True)]
)
def test_a_course_that_ended_before_the_plan_is_no_start_of_it(
    days_before_plan, stopped, begun_already, nurse
) -> None:
    episode = world.planned(nurse)
    day = episode.plans.get().agreed_on - timedelta(days=days_before_plan)
    course = treating.start(episode=episode, drug="alendronate", started_on=day, by=nurse)
    if stopped:
        treating.stop(episode=episode, treatment=course, on=day, reason="Nausea", by=nurse)
    assert situation_of(episode, clock.today()).started is begun_already
    assert situation_of(episode, clock.today(), planned="alendronate").started is (None if stopped else True)


def test_a_review_that_heard_of_another_drug_tells_nothing_of_the_planned_one(nurse) -> None:
    episode = world.planned(nurse, on=LONG_AGO)
    heard(episode, nurse, drug=Drug.RISEDRONATE)
    assert situation_of(episode, clock.today()).started is None


def test_denosumab_without_a_dose_on_record_is_asked_for(nurse, service) -> None:
    episode = world.planned(nurse, on=LONG_AGO)
    assessing.answer(episode=episode, answers={"bone_drug_now": "denosumab"}, by=nurse)
    assert "DMAB-UNDATED" in standing(episode)
    _, unjudged = watching.before_signing(episode, situation_of(episode, clock.today()))
    assert {one.rule.id: one.missing for one in unjudged}["DMAB-LATE"] == ("last_dose_of_denosumab",)
    heard(episode, nurse, drug=Drug.DENOSUMAB)
    assert "DMAB-UNDATED" in standing(episode), "the first day is a guess"
    treating.dose(episode=episode, treatment=episode.treatments.get(), on=world.TODAY, by=nurse)
    assert "DMAB-UNDATED" not in standing(episode)


def test_a_dose_told_by_hand_outlives_the_review_that_began_its_course(nurse) -> None:
    episode = world.planned(nurse, on=LONG_AGO)
    heard(episode, nurse, drug=Drug.DENOSUMAB)
    course = episode.treatments.get()
    treating.dose(episode=episode, treatment=course, on=world.TODAY, by=nurse)
    treating.stop(episode=episode, treatment=course, on=world.TODAY, reason="Rash", by=nurse)
    undoing.undo(episode=episode, by=nurse)
    course.refresh_from_db()
    assert (course.withdrawn, course.started_on, course.known_from) == (False, world.TODAY, None)
    assert [dose.on for dose in course.doses.all()] == [world.TODAY]
    assert "DMAB-STOP-NOPLAN" in standing(episode)


def test_tablets_go_on_without_the_review_and_a_counted_drug_without_a_dose_is_asked(nurse) -> None:
    episode = world.planned(nurse, on=LONG_AGO)
    heard(episode, nurse, drug=Drug.ALENDRONATE)
    course = episode.treatments.get()
    first = course.started_on
    treating.stop(episode=episode, treatment=course, on=world.TODAY, reason="Nausea", by=nurse)
    undoing.undo(episode=episode, by=nurse)
    course.refresh_from_db()
    assert (course.withdrawn, course.started_on, course.stopped_on) == (False, first, world.TODAY)
    heard(episode, nurse, drug=Drug.DENOSUMAB)
    second = episode.treatments.get(drug="denosumab")
    treating.stop(episode=episode, treatment=second, on=world.TODAY, reason="Rash", by=nurse)
    with pytest.raises(NotPossible, match="without a dose"):
        undoing.undo(episode=episode, by=nurse)


def test_a_review_taken_back_leaves_never_two_courses_of_one_drug(nurse) -> None:
    episode, _ = begun(nurse, "alendronate", world.TODAY - timedelta(days=9))
    heard(episode, nurse, ReviewOutcome.STOPPED)
    treating.start(episode=episode, drug="alendronate", started_on=world.TODAY, by=nurse)
    with pytest.raises(NotPossible, match="begun again since"):
        undoing.undo(episode=episode, by=nurse)
    assert treating.running(episode).count() == 1


def test_a_back_dated_review_ends_no_course_begun_after_it_and_none_with_a_later_dose(nurse) -> None:
    episode, course = begun(nurse)
    before = world.TODAY - timedelta(days=4)
    heard(episode, nurse, ReviewOutcome.STOPPED, reviewed_on=before)
    course.refresh_from_db()
    assert course.stopped_on is None
    other, given = begun(nurse, started_on=world.TODAY - timedelta(days=200))
    treating.dose(episode=other, treatment=given, on=world.TODAY, by=nurse)
    with pytest.raises(NotPossible, match="within the course"):
        heard(other, nurse, ReviewOutcome.STOPPED, reviewed_on=before)


def test_a_feed_that_came_and_fell_silent_again_is_asked_again(nurse, service) -> None:
    def silent_after(day: date) -> Alert:
        for back in (2, 1, 0):
            with on(day - timedelta(days=back)):
                world.deliver(service, world.report(on=day - timedelta(days=back)))
        with on(day + timedelta(days=10)):
            nightly(service)
        return Alert.objects.get(rule="FEED-SILENT", ended_at=None)

    first = silent_after(date(2026, 6, 3))
    Alert.objects.filter(pk=first.pk).update(decision="acted", decided_by=nurse.user, decided_at=clock.now())
    assert silent_after(date(2026, 6, 20)).decision == ""


def test_new_pain_is_another_alert_than_the_one_that_was_decided(nurse) -> None:
    episode = world.confirmed(nurse)
    assessing.answer(
        episode=episode, answers={"bone_drug_now": "alendronate", "thigh_or_groin_pain": True}, by=nurse
    )
    alerts = Alert.objects.filter(episode=episode, rule="AFF-PAIN", ended_at=None)
    alerts.update(decision="acted", decided_by=nurse.user, decided_at=clock.now())
    for days, pain in ((30, False), (365, True)):
        with on(world.TODAY + timedelta(days=days)):
            assessing.answer(episode=episode, answers={"thigh_or_groin_pain": pain}, by=nurse)
    assert alerts.get().decision == ""


def test_a_limit_that_there_is_no_more_is_left_out() -> None:
    kept = {"guideline": "", "falls": "", "bloods": "", "settings": {}, "is_on": True}
    assert from_json({**kept, "limits": {"feed_share_limit": 0.4, "calcium_low": 2.2}}).limits == {
        "calcium_low": 2.2
    }
