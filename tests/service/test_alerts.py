"""Safety alerts on the record: raised once for a cause, ended with it, decided with a reason, looked at again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

import world
from openfls.record.pathway import NotPossible, State
from openfls.record.reasons import CalciumVitaminD, Closing, Drug, FallsReferral, TaskKind
from openfls.service import clock, watching
from openfls.service.actions import alerting, assessing, closing, planning, reviewing, treating, undoing
from openfls.service.actor import Actor
from openfls.service.models import Alert, Episode, PersonFlag, PlanDetail, Review, Service
from openfls.service.nightly import nightly
from openfls.service.people_standing import standing_of
from openfls.service.roles import Role

OVERRIDDEN = Alert.Decision.OVERRIDDEN


def standing(episode: Episode) -> set[str]:
    return {row.rule for row in Alert.objects.filter(episode=episode, ended_at=None)}


def say(episode: Episode, by: Actor, **answers: object) -> None:
    assessing.answer(episode=episode, answers=answers, by=by)


def test_an_alert_is_raised_once_ends_with_its_cause_and_comes_back_as_the_same(nurse, service) -> None:
    episode = world.confirmed(nurse)
    say(episode, nurse, adjusted_calcium_mmol_l=2.9)
    say(episode, nurse, care_home=True)
    first = Alert.objects.get(episode=episode, rule="CA-HIGH")
    alerting.decide(alert=first, decision=OVERRIDDEN, reason="Known parathyroid", by=nurse)
    say(episode, nurse, adjusted_calcium_mmol_l=2.4)
    first.refresh_from_db()
    assert first.ended_at is not None
    say(episode, nurse, adjusted_calcium_mmol_l=2.9)
    again = Alert.objects.get(episode=episode, rule="CA-HIGH")
    assert (again.pk, again.ended_at, again.reason) == (first.pk, None, "Known parathyroid")
    assert again not in watching.waiting_of(service)
    say(episode, nurse, adjusted_calcium_mmol_l=3.1)
    assert Alert.objects.filter(episode=episode, rule="CA-HIGH").count() == 2, "another result, another cause"


def test_an_alert_decided_in_an_older_database_is_not_asked_again_while_its_values_stay(nurse) -> None:
    episode = world.confirmed(nurse)
    say(episode, nurse, adjusted_calcium_mmol_l=2.9)
    alert = Alert.objects.get(episode=episode, rule="CA-HIGH")
    alerting.decide(alert=alert, decision=OVERRIDDEN, reason="Known", by=nurse)
    Alert.objects.filter(pk=alert.pk).update(base_key="", levels=[], cause_key="of before")
    nightly(nurse.service)
    alert.refresh_from_db()
    assert (alert.ended_at, bool(alert.base_key), alert.decision) == (None, True, OVERRIDDEN)
    Alert.objects.filter(pk=alert.pk).update(base_key="", levels=[], cause_key="of before")
    say(episode, nurse, adjusted_calcium_mmol_l=3.1)
    assert Alert.objects.get(episode=episode, rule="CA-HIGH", ended_at=None).decision == "", "another value"


def test_a_night_raises_what_time_brings_and_a_second_one_nothing(nurse, service) -> None:
    episode = world.confirmed(nurse)
    later = world.TODAY + timedelta(weeks=12, days=1)
    with clock.at(world.at_noon(later)):
        one = nightly(service)
        two = nightly(service)
    assert (one.looked_at, one.raised) == (1, 1)
    assert (two.raised, two.ended) == (0, 0)
    assert standing(episode) == {"LOSS"}


def test_a_silent_feed_is_told_to_the_service(nurse, service) -> None:
    for days in (30, 29, 28):
        with clock.at(world.at_noon(world.TODAY - timedelta(days=days))):
            world.deliver(service, world.report(on=world.TODAY - timedelta(days=days)))
    nightly(service)
    nightly(service)
    alert = Alert.objects.get(service=service, episode=None)
    assert (alert.rule, alert.severity) == ("FEED-SILENT", "red")


def test_nothing_else_is_asked_of_the_dead(nurse) -> None:
    episode = world.confirmed(nurse)
    say(episode, nurse, adjusted_calcium_mmol_l=2.9)
    episode.person.deceased = True
    episode.person.save()
    nightly(nurse.service)
    assert standing(episode) == {"DEATH"}


def test_a_safeguarding_note_is_a_red_alert(nurse, service) -> None:
    episode = world.confirmed(nurse)
    PersonFlag.objects.create(
        service=service, person=episode.person, kind=PersonFlag.Kind.SAFEGUARDING, at=clock.now()
    )
    nightly(service)
    assert "SAFEGUARD" in standing(episode)


def test_a_red_alert_interrupts_the_signing_until_something_is_decided(nurse, service) -> None:
    episode = world.assessed(nurse)
    zoledronate = replace(world.AGREED, drug=Drug.ZOLEDRONATE)
    with pytest.raises(planning.NotAnswered, match="Vitamin D") as refused:
        planning.agree(episode=episode, agreed=zoledronate, agreed_on=world.TODAY, by=nurse)
    assert [one.rule.id for one in refused.value.asked.red] == ["VITD-PARENTERAL"]
    decided = replace(zoledronate, decisions={"VITD-PARENTERAL": "Loaded on the ward"})
    planning.agree(episode=episode, agreed=decided, agreed_on=world.TODAY, by=nurse)
    alert = Alert.objects.get(episode=episode, rule="VITD-PARENTERAL")
    assert (alert.ended_at, alert.decision, alert.reason) == (None, OVERRIDDEN, "Loaded on the ward")
    assert [row.pk for row in watching.to_review(service)] == [alert.pk]


def test_an_override_is_looked_at_again_by_somebody_else(nurse, service) -> None:
    episode = world.confirmed(nurse)
    say(episode, nurse, adjusted_calcium_mmol_l=2.9)
    alert = Alert.objects.get(episode=episode, rule="CA-HIGH")
    with pytest.raises(NotPossible, match="what was decided"):
        alerting.decide(alert=alert, decision=OVERRIDDEN, reason=" ", by=nurse)
    alerting.decide(alert=alert, decision=OVERRIDDEN, reason="Known", by=nurse)
    with pytest.raises(NotPossible, match="already"):
        alerting.decide(alert=alert, decision=OVERRIDDEN, reason="Known", by=nurse)
    with pytest.raises(NotPossible, match="Somebody else"):
        alerting.review(alert=alert, words="Fine", by=nurse)
    alerting.review(alert=alert, words="Fine", by=world.member(service, username="second"))
    assert not watching.to_review(service).exists()


@pytest.mark.parametrize(
    ("answers", "change", "words"),
    [
        ({"falls_last_year": 2}, {"falls_referral": FallsReferral.NOT_NEEDED}, "2 falls"),
        ({"vitamin_d_nmol_l": 20.0}, {"calcium_vitamin_d": CalciumVitaminD.DIET}, "no vitamin D is planned"),
    ],
)
def test_what_contradicts_the_record_is_asked_and_the_answer_kept(answers, change, words, nurse) -> None:
    episode = world.assessed(nurse)
    say(episode, nurse, **answers)
    agreed = replace(world.AGREED, **change)
    with pytest.raises(planning.NotAnswered, match=words):
        planning.agree(episode=episode, agreed=agreed, agreed_on=world.TODAY, by=nurse)
    field = next(iter(change))
    planning.agree(
        episode=episode, agreed=replace(agreed, answers={field: "Her wish"}), agreed_on=world.TODAY, by=nurse
    )
    assert episode.plans.get().detail.answers == {field: "Her wish"}


def test_no_calcium_needs_a_reason(nurse) -> None:
    episode = world.assessed(nurse)
    with pytest.raises(NotPossible, match="no calcium"):
        world.agree(episode, replace(world.AGREED, calcium_vitamin_d=CalciumVitaminD.NONE), nurse)


def test_who_answers_for_the_drug(nurse, service) -> None:
    assert world.planned(nurse).plans.get().detail.signing == "gp", "a co-ordinator asks the GP"
    waits = world.planned(nurse, agreed=replace(world.AGREED, signing=PlanDetail.Signing.PRESCRIBER))
    plan = waits.plans.get()
    assert plan.detail.waits
    assert waits.tasks.filter(kind=TaskKind.SIGN_PLAN, done_at=None).exists()
    planning.sign(episode=waits, plan=plan, by=world.member(service, Role.CLINICIAN, "prescriber"))
    plan.detail.refresh_from_db()
    assert not plan.detail.waits
    assert not waits.tasks.filter(kind=TaskKind.SIGN_PLAN, done_at=None).exists()


def test_denosumab_goes_on_beyond_the_episode_and_is_late_after_seven_months(nurse, service) -> None:
    episode = world.planned(nurse)
    treating.start(episode=episode, drug="denosumab", started_on=world.TODAY, by=nurse)
    closing.close(episode=episode, reason=Closing.MOVED, by=nurse)
    stands = standing_of(episode.person)
    assert (stands.next_step, stands.due) == ("Next denosumab", date(2026, 12, 1))
    with clock.at(world.at_noon(date(2027, 1, 1))):
        nightly(service)
        assert "DMAB-LATE" not in standing(episode)
    with clock.at(world.at_noon(date(2027, 1, 2))):
        nightly(service)
        assert "DMAB-LATE" in standing(episode)
        treating.dose(episode=episode, treatment=episode.treatments.get(), on=date(2027, 1, 2), by=nurse)
        assert "DMAB-LATE" not in standing(episode)
        assert episode.treatments.get().next_due == date(2027, 6, 1), "the yearly review comes before it"


def test_an_episode_does_not_close_while_denosumab_has_no_way_out(nurse) -> None:
    episode = world.planned(nurse)
    course = treating.start(episode=episode, drug="denosumab", started_on=world.TODAY, by=nurse)
    with pytest.raises(NotPossible, match="never paused"):
        treating.stop(episode=episode, treatment=course, on=world.TODAY, reason="Rash", paused=True, by=nurse)
    treating.stop(episode=episode, treatment=course, on=world.TODAY, reason="Rash", by=nurse)
    with pytest.raises(NotPossible, match="Record the way out"):
        closing.close(episode=episode, reason=Closing.MOVED, by=nurse)
    treating.start(episode=episode, drug="zoledronate", started_on=world.TODAY, by=nurse)
    assert closing.close(episode=episode, reason=Closing.MOVED, by=nurse).state == State.CLOSED


def test_a_review_tells_of_a_course_and_its_undo_takes_it_back(nurse) -> None:
    episode = world.planned(nurse, on=world.TODAY - timedelta(days=120))
    heard = reviewing.Heard(reviewing.ReviewOutcome.ON_TREATMENT, drug=Drug.ALENDRONATE)
    reviewing.record(
        episode=episode, kind=Review.Kind.WEEK_16, heard=heard, reviewed_on=world.TODAY, by=nurse
    )
    course = episode.treatments.get()
    assert (course.drug, course.started_on) == ("alendronate", episode.plans.get().agreed_on)
    undoing.undo(episode=episode, by=nurse)
    course.refresh_from_db()
    assert course.withdrawn
    heard = reviewing.Heard(reviewing.ReviewOutcome.STOPPED)
    treating.start(episode=episode, drug="alendronate", started_on=world.TODAY, by=nurse)
    reviewing.record(
        episode=episode, kind=Review.Kind.WEEK_16, heard=heard, reviewed_on=world.TODAY, by=nurse
    )
    assert episode.treatments.get(withdrawn=False).stopped_on == world.TODAY
    undoing.undo(episode=episode, by=nurse)
    assert episode.treatments.get(withdrawn=False).stopped_on is None


def test_a_dose_that_a_review_told_of_goes_with_its_undo(nurse) -> None:
    episode = world.planned(nurse, on=world.TODAY - timedelta(days=300))
    first = world.TODAY - timedelta(days=240)
    course = treating.start(episode=episode, drug="denosumab", started_on=first, by=nurse)
    course.refresh_from_db()
    late = course.next_due
    heard = reviewing.Heard(
        reviewing.ReviewOutcome.ON_TREATMENT, drug=Drug.DENOSUMAB, dose_on=world.TODAY - timedelta(days=9)
    )
    reviewing.record(
        episode=episode, kind=Review.Kind.WEEK_16, heard=heard, reviewed_on=world.TODAY, by=nurse
    )
    course.refresh_from_db()
    assert course.next_due > world.TODAY
    undoing.undo(episode=episode, by=nurse)
    course.refresh_from_db()
    assert (course.next_due, course.reviewed_on) == (late, None)
    assert list(course.doses.values_list("on", flat=True)) == [first]


def test_alerts_are_of_one_service(nurse, service) -> None:
    episode = world.confirmed(nurse)
    say(episode, nurse, adjusted_calcium_mmol_l=2.9)
    other: Service = world.service("south")
    assert watching.waiting_of(other) == []
    assert len(watching.waiting_of(service)) == 1
