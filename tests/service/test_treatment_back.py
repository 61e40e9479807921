"""A dose, start or stop told wrongly has a way back, and all that was worked out from it is worked out anew."""

from __future__ import annotations

from datetime import date, timedelta
from importlib import import_module

import pytest
from django.apps import apps

import world
from openfls.record.pathway import NotPossible
from openfls.record.reasons import Drug, ReviewOutcome
from openfls.service import clock, watching
from openfls.service.actions import alerting, assessing, reviewing, treating, treating_back, undoing
from openfls.service.calls import longer
from openfls.service.models import Alert, Episode, Review, Treatment, TreatmentEntry
from openfls.service.nightly import nightly
from openfls.service.people_standing import standing_of
from openfls.service.situation import situation_of
from openfls.service.timeline import timeline_of

LATER = date(2027, 1, 2)
"""Seven months and a day after `world.TODAY`."""


def standing(episode: Episode) -> set[str]:
    return {row.rule for row in Alert.objects.filter(episode=episode, ended_at=None)}


def on(day: date):
    return clock.at(world.at_noon(day))


def denosumab(by, **columns) -> tuple[Episode, Treatment]:
    episode = world.planned(by, **columns)
    return episode, treating.start(episode=episode, drug="denosumab", started_on=world.TODAY, by=by)


def test_a_dose_told_wrongly_is_undone_and_the_alert_is_back(nurse, service) -> None:
    episode, course = denosumab(nurse)
    with on(LATER):
        entry = treating.dose(episode=episode, treatment=course, on=LATER, by=nurse)
        nightly(service)
        assert "DMAB-LATE" not in standing(episode)
        treating_back.take_back(episode=episode, entry=entry, by=nurse)
        assert "DMAB-LATE" in standing(episode)
    course.refresh_from_db()
    assert [dose.on for dose in course.doses.all()] == [world.TODAY]
    assert course.next_due == date(2026, 12, 1)
    entry.refresh_from_db()
    assert (entry.stands, entry.taken_back_by) == (False, nurse.user), "the wrong word stays to be seen"
    told = [one.detail for one in timeline_of(episode.person) if one.kind == "Treatment"]
    assert told == ["A dose was given, 2 January 2027. Taken back.", "Begun, 1 June 2026."]
    with pytest.raises(NotPossible, match="already"):
        treating_back.take_back(episode=episode, entry=entry, by=nurse)


def test_after_a_day_a_reason_is_needed_and_the_right_day_stands_in_its_place(nurse) -> None:
    episode, course = denosumab(nurse)
    with on(LATER):
        wrong = treating.dose(episode=episode, treatment=course, on=LATER, by=nurse)
    with on(LATER + timedelta(days=3)):
        with pytest.raises(NotPossible, match="Say what was wrong"):
            treating_back.take_back(episode=episode, entry=wrong, right_day=date(2026, 12, 2), by=nurse)
        assert Treatment.objects.get().doses.count() == 2, "what was refused changed nothing"
        right = treating_back.take_back(
            episode=episode, entry=wrong, right_day=date(2026, 12, 2), reason="Read the wrong line", by=nurse
        )
    assert right.replaces == wrong
    assert {dose.on for dose in course.doses.all()} == {world.TODAY, date(2026, 12, 2)}
    wrong.refresh_from_db()
    assert wrong.taken_back_why == "Read the wrong line"


def test_a_start_told_wrongly_takes_its_course_along_and_a_wrong_day_its_first_dose(nurse, service) -> None:
    episode, course = denosumab(nurse)
    first = course.entries.get()
    moved = treating_back.take_back(episode=episode, entry=first, right_day=date(2026, 4, 1), by=nurse)
    course.refresh_from_db()
    assert (course.started_on, [dose.on for dose in course.doses.all()]) == (
        date(2026, 4, 1),
        [date(2026, 4, 1)],
    )
    treating.dose(episode=episode, treatment=course, on=date(2026, 5, 1), by=nurse)
    with pytest.raises(NotPossible, match="began on that day or before"):
        treating_back.take_back(episode=episode, entry=moved, right_day=world.TODAY, by=nurse)
    moved.refresh_from_db()
    assert moved.stands
    treating_back.take_back(episode=episode, entry=moved, by=nurse)
    course.refresh_from_db()
    assert course.withdrawn
    assert not course.entries.filter(taken_back_at=None).exists()
    with on(LATER):
        nightly(service)
        assert "DMAB-LATE" not in standing(episode)
        assert longer(service, LATER) == []


def test_an_end_told_wrongly_is_taken_back(nurse) -> None:
    episode, course = denosumab(nurse)
    treating.stop(episode=episode, treatment=course, on=world.TODAY, reason="Rash", by=nurse)
    assert "DMAB-STOP-NOPLAN" in standing(episode)
    end = course.entries.get(kind="stop")
    treating_back.take_back(episode=episode, entry=end, by=nurse)
    course.refresh_from_db()
    assert (course.stopped_on, course.stop_reason) == (None, "")
    assert "DMAB-STOP-NOPLAN" not in standing(episode)
    treating.stop(episode=episode, treatment=course, on=world.TODAY, reason="Rash", by=nurse)
    treating.start(episode=episode, drug="denosumab", started_on=world.TODAY, by=nurse)
    again = course.entries.get(kind="stop", taken_back_at=None)
    with pytest.raises(NotPossible, match="begun again since"):
        treating_back.take_back(episode=episode, entry=again, by=nurse)


def test_what_a_review_heard_goes_with_the_review_alone(nurse) -> None:
    episode = world.planned(nurse, on=world.TODAY - timedelta(days=120))
    course = treating.start(episode=episode, drug="alendronate", started_on=world.TODAY, by=nurse)
    heard = reviewing.Heard(ReviewOutcome.ON_TREATMENT, drug=Drug.ALENDRONATE)
    reviewing.record(
        episode=episode, kind=Review.Kind.WEEK_16, heard=heard, reviewed_on=world.TODAY, by=nurse
    )
    start, review = course.entries.order_by("pk")
    for entry in (start, review):
        with pytest.raises(NotPossible, match="ake the review back"):
            treating_back.take_back(episode=episode, entry=entry, by=nurse)
    early = date(2026, 5, 1)
    treating_back.take_back(episode=episode, entry=start, right_day=early, by=nurse)
    course.refresh_from_db()
    assert (course.started_on, course.reviewed_on) == (early, world.TODAY)
    undoing.undo(episode=episode, by=nurse)
    course.refresh_from_db()
    assert (course.started_on, course.reviewed_on) == (early, None)


def test_a_plan_for_what_follows_is_dated_and_comes_back_when_its_day_has_passed(nurse, service) -> None:
    episode, course = denosumab(nurse)
    with on(date(2026, 11, 1)):
        stop = {
            "episode": episode,
            "treatment": course,
            "on": date(2026, 11, 1),
            "reason": "Rash",
            "by": nurse,
        }
        for due, why in ((None, "for which day"), (date(2027, 6, 1), "1 January|01 January")):
            with pytest.raises(NotPossible, match=why):
                treating.stop(**stop, follow_on="zoledronate", follow_on_due=due)
        with pytest.raises(NotPossible, match="antiresorptive"):
            treating.stop(**stop, follow_on="teriparatide", follow_on_due=date(2026, 12, 1))
        treating.stop(**stop, follow_on="zoledronate", follow_on_due=date(2026, 12, 1))
        assert "DMAB-STOP-NOPLAN" not in standing(episode)
        assert standing_of(episode.person).next_step != ""
    with on(date(2026, 12, 1)):
        nightly(service)
        assert "DMAB-STOP-NOPLAN" not in standing(episode)
        assert [one.on for one in longer(service, clock.today())] == [date(2026, 12, 1)]
    with on(date(2026, 12, 2)):
        nightly(service)
        assert "DMAB-STOP-NOPLAN" in standing(episode), "planned and never given"
        treating.plan_follow_on(
            episode=episode, treatment=course, follow_on="zoledronate", due=date(2026, 12, 20), by=nurse
        )
        assert "DMAB-STOP-NOPLAN" not in standing(episode)
    with on(date(2026, 12, 21)):
        nightly(service)
        assert "DMAB-STOP-NOPLAN" in standing(episode)
        treating.start(episode=episode, drug="zoledronate", started_on=date(2026, 12, 20), by=nurse)
        assert "DMAB-STOP-NOPLAN" not in standing(episode)
        assert all(one.treatment.drug == "zoledronate" for one in longer(service, date(2028, 1, 1)))


def test_one_persons_drug_does_not_follow_anothers(nurse, service) -> None:
    episode, course = denosumab(nurse)
    other = world.planned(nurse)
    due = world.TODAY + timedelta(days=20)
    treating.stop(
        episode=episode,
        treatment=course,
        on=world.TODAY,
        reason="Rash",
        follow_on="zoledronate",
        follow_on_due=due,
        by=nurse,
    )
    treating.start(episode=other, drug="zoledronate", started_on=world.TODAY, by=nurse)
    assert [one.treatment for one in longer(service, world.TODAY)] == [course]


def test_courses_of_an_older_database_are_told_by_its_reviews(nurse) -> None:
    episode = world.planned(nurse, on=world.TODAY - timedelta(days=400))
    kept, _ = denosumab(nurse)
    plan = episode.plans.get()
    for kind, day, outcome, drug in (
        (Review.Kind.WEEK_16, world.TODAY - timedelta(days=200), "on_treatment", "alendronate"),
        (Review.Kind.WEEK_52, world.TODAY - timedelta(days=10), "stopped", ""),
    ):
        Review.objects.create(
            episode=episode,
            service=nurse.service,
            kind=kind,
            reviewed_on=day,
            by=nurse.user,
            outcome=outcome,
            drug=drug,
        )
    TreatmentEntry.objects.all().delete()
    migration = import_module("openfls.service.migrations.0020_courses_of_older_databases")
    migration.tell(apps, None)
    course = episode.treatments.get()
    assert (course.drug, course.started_on) == ("alendronate", plan.agreed_on)
    assert course.stopped_on == world.TODAY - timedelta(days=10)
    assert [entry.kind for entry in course.entries.all()] == ["start", "stop"]
    assert [entry.kind for entry in kept.treatments.get().entries.all()] == ["start"], (
        "its first dose is its start"
    )
    before = kept.treatments.get()
    the_day_before = world.TODAY - timedelta(days=1)
    treating_back.take_back(episode=kept, entry=before.entries.get(), right_day=the_day_before, by=nurse)
    assert [dose.on for dose in before.doses.all()] == [the_day_before]


def test_a_decided_alert_comes_back_when_it_gets_worse_and_not_when_it_gets_better(nurse, service) -> None:
    episode, _ = denosumab(nurse)

    def late() -> list[Alert]:
        nightly(service)
        return list(Alert.objects.filter(episode=episode, rule="DMAB-LATE", ended_at=None))

    with on(LATER):
        (first,) = late()
        Alert.objects.filter(pk=first.pk).update(
            decision="overridden", reason="Abroad", decided_by=nurse.user, decided_at=clock.now()
        )
    with on(LATER + timedelta(days=20)):
        assert [row.pk for row in late()] == [first.pk], "still between 7 and 8 months"
    with on(date(2027, 2, 1)):
        (worse,) = late()
        assert (worse.decision, worse.earlier) == ("", first)
        assert [row.pk for row in late()] == [worse.pk], "and only once"


@pytest.mark.parametrize(
    ("was", "now", "asked"),
    [(34, 22, True), (28, 27, False), (22, 34, False), (22, 28, False), (29, None, False)],
)
def test_by_the_steps_of_the_kidneys(was, now, asked, nurse) -> None:
    episode = world.confirmed(nurse)
    treating.start(episode=episode, drug="alendronate", started_on=world.TODAY, by=nurse)

    def creatinine(clearance: float) -> float:
        return (140 - 76) * 50 * 1.04 / (clearance + 0.5)

    assessing.answer(episode=episode, answers={"weight_kg": 50.0}, by=nurse)
    assessing.answer(episode=episode, answers={"creatinine_umol_l": creatinine(was)}, by=nurse)
    alerts = Alert.objects.filter(episode=episode, rule="BP-RENAL-ALN-ZOL")
    alerts.update(decision="overridden", reason="Known", decided_by=nurse.user, decided_at=clock.now())
    value = creatinine(now) if now else None
    assessing.answer(episode=episode, answers={"creatinine_umol_l": value}, by=nurse)
    assert alerts.filter(ended_at=None, decision="").exists() is asked


def test_what_is_about_the_person_is_asked_once_for_two_fractures(nurse, service) -> None:
    person = world.demographics()
    first = world.planned(nurse, person=person, on=world.TODAY - timedelta(days=300))
    second = world.confirmed(nurse, person=person)
    assert first.person_id == second.person_id
    course = treating.start(episode=first, drug="denosumab", started_on=world.TODAY, by=nurse)
    with on(LATER):
        nightly(service)
        nightly(service)
        assert Alert.objects.filter(rule="DMAB-LATE").count() == 1
        situation = situation_of(second, LATER)
        assert "DMAB-LATE" in {one.rule.id for one in watching.before_signing(second, situation)[0]}
        alert = Alert.objects.get(rule="DMAB-LATE")
        decided = {"decision": Alert.Decision.OVERRIDDEN, "reason": "Abroad", "by": nurse}
        alerting.decide(alert=alert, **decided)
        assert "DMAB-LATE" not in {one.rule.id for one in watching.before_signing(second, situation)[0]}
        treating.dose(episode=second, treatment=course, on=LATER, by=nurse)
        assert not Alert.objects.filter(rule="DMAB-LATE", ended_at=None).exists(), "told at either episode"
