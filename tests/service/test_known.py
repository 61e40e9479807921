"""What is known and from whom: results taken in once, the sender's last word, conflicts, and what counts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

import world
from openfls.record.feeds import ResultStatus
from openfls.record.reasons import TaskKind
from openfls.service import clock
from openfls.service.actions import assessing, telling
from openfls.service.actor import Actor
from openfls.service.claims import Known
from openfls.service.field_history import history_of
from openfls.service.known import known_of, values_of
from openfls.service.models import Episode, FeedRow, Person, ToldValue
from openfls.service.picture import picture_of
from openfls.service.scans import changes, scans_of
from openfls.service.told import person_says, waiting_for
from openfls.service.worked_out import worked_out
from service import results_world as rw

CREATININE = "creatinine_umol_l"
TODAY = world.TODAY


@pytest.fixture
def episode(nurse: Actor) -> Episode:
    return world.confirmed(nurse)


def known(episode: Episode, field: str = CREATININE) -> Known:
    return known_of(episode, TODAY).get(field, Known(field))


def typed(episode: Episode, by: Actor, value: object, field: str = CREATININE) -> None:
    assessing.answer(episode=episode, answers={field: value}, by=by)


def test_a_result_counts_and_says_from_whom(episode: Episode) -> None:
    rw.bring(episode, creatinine_umol_l=82.0)
    one = known(episode)
    assert one.counts is not None
    assert (one.value, one.counts.source, one.counts.on) == (82.0, rw.LAB, TODAY - timedelta(days=5))
    assert picture_of(episode, TODAY).creatinine_umol_l == 82.0
    assert picture_of(episode, TODAY - timedelta(days=6)).creatinine_umol_l is None


def test_the_same_result_twice_changes_nothing(episode: Episode) -> None:
    told = rw.result(episode, CREATININE, 82.0)
    for _ in range(2):
        world.deliver(episode.service, told)
    assert rw.states(episode) == ["standing"]
    assert FeedRow.objects.filter(record=told.source.record).count() == 1


def test_a_corrected_result_takes_the_place_of_the_first_and_both_are_kept(episode: Episode) -> None:
    first = rw.result(episode, CREATININE, 820.0, version="1")
    second = rw.result(
        episode, CREATININE, 82.0, version="2", record=first.source.record, status=ResultStatus.CORRECTED
    )
    world.deliver(episode.service, first)
    world.deliver(episode.service, second)
    world.deliver(episode.service, first)  # the first once more, late
    assert known(episode).value == 82.0
    assert rw.states(episode) == ["replaced", "standing"]
    assert {entry.words for entry in history_of(episode, CREATININE)} == {
        "82 µmol/L (sent as 82.0)",
        "820 µmol/L (sent as 820.0)",
    }


@pytest.mark.parametrize(
    ("why", "state"),
    [("sent in error", "withdrawn"), ("the unit 'x' is not one that we convert", "replaced")],
)
def test_what_its_sender_took_back_or_spoiled_counts_no_more(episode: Episode, why: str, state: str) -> None:
    told = rw.result(episode, CREATININE, 82.0, version="1")
    world.deliver(episode.service, told)
    world.deliver(episode.service, rw.taken_back(told, why, "2"))
    assert known(episode).value is None
    assert rw.states(episode) == [state]


@pytest.mark.parametrize(
    ("field", "value", "on", "why"),
    [
        ("bone_density.total_hip_t", 25.0, TODAY, "T-score: cannot be right"),
        (CREATININE, 0.9, TODAY, "Creatinine: cannot be right"),
        (CREATININE, 82.0, TODAY + timedelta(days=1), "after today"),
        (CREATININE, 82.0, date(1949, 1, 1), "before the person was born"),
    ],
)
def test_what_cannot_be_is_left_out_with_its_reason(
    episode: Episode, field: str, value: float, on: date, why: str
) -> None:
    told = rw.result(episode, field, value, on=on)
    world.deliver(episode.service, told)
    row = FeedRow.objects.get(record=told.source.record)
    assert (row.outcome, ToldValue.objects.exists()) == ("rejected", False)
    assert why in row.reason
    assert "25" not in row.reason


def test_a_result_that_may_be_somebody_elses_waits_and_can_be_given(episode: Episode, nurse: Actor) -> None:
    from openfls.service.feeds import deciding

    person = episode.person.demographics()
    other = rw.result(episode, CREATININE, 82.0)
    doubtful = type(other)(
        **{
            **{name: getattr(other, name) for name in other.__slots__},
            "person": world.demographics(
                identifiers=person.identifiers, family_name="Other", birth_date=date(1980, 1, 1)
            ),
        }
    )
    world.deliver(episode.service, doubtful)
    assert known(episode).value is None
    row = FeedRow.objects.get(record=other.source.record)
    decision = deciding.this_person(row=row, person=Person.objects.get(pk=episode.person_id), by=nurse)
    assert known(episode).value == 82.0
    deciding.undo(decision=decision, by=nurse)
    assert known(episode).value is None


# What counts where sources differ


def test_what_is_typed_with_the_result_in_view_counts(episode: Episode, nurse: Actor) -> None:
    rw.bring(episode, creatinine_umol_l=82.0)
    typed(episode, nurse, 92.0)
    one = known(episode)
    assert (one.value, [claim.value for claim in one.beside], one.rivals) == (92.0, [82.0], ())


def test_what_says_the_same_is_not_written_down_again(episode: Episode, nurse: Actor) -> None:
    rw.bring(episode, creatinine_umol_l=82.0)
    typed(episode, nurse, 82)
    assert known(episode).counts.source == rw.LAB  # type: ignore[union-attr]
    assert [entry.who for entry in history_of(episode, CREATININE)] == ["a feed"]


def test_a_result_that_comes_later_for_an_earlier_day_is_a_conflict(episode: Episode, nurse: Actor) -> None:
    typed(episode, nurse, 92.0)
    with clock.at(world.at_noon(TODAY + timedelta(days=1))):
        rw.bring(episode, creatinine_umol_l=82.0)
        one = known_of(episode, clock.today())[CREATININE]
        assert (one.value, {claim.value for claim in one.rivals}) == (None, {82.0, 92.0})
        assert picture_of(episode, clock.today()).creatinine_umol_l is None
        assert worked_out(episode, clock.today()).in_doubt == ("Creatinine",)
        typed(episode, nurse, 92.0)  # chosen, although it is what was there before
        assert known_of(episode, clock.today())[CREATININE].value == 92.0


def test_a_result_of_a_later_day_takes_the_place_of_what_was_typed(episode: Episode, nurse: Actor) -> None:
    typed(episode, nurse, 92.0)
    later = TODAY + timedelta(days=7)
    with clock.at(world.at_noon(later)):
        world.deliver(episode.service, rw.result(episode, CREATININE, 82.0, on=later))
        one = known_of(episode, later)[CREATININE]
        assert (one.value, [claim.value for claim in one.beside]) == (82.0, [92.0])


def test_two_feeds_of_one_day_disagree(episode: Episode) -> None:
    world.deliver(
        episode.service,
        rw.result(episode, "weight_kg", 60.0),
        rw.result(episode, "weight_kg", 66.0, teller="WARD"),
    )
    assert known(episode, "weight_kg").value is None
    assert len(known(episode, "weight_kg").rivals) == 2


def test_of_one_laboratory_the_later_of_a_day_counts(episode: Episode) -> None:
    world.deliver(
        episode.service,
        rw.result(episode, CREATININE, 120.0, at="08:00"),
        rw.result(episode, CREATININE, 95.0, at="16:30"),
    )
    assert known(episode).value == 95.0


def test_emptied_is_not_known(episode: Episode, nurse: Actor) -> None:
    rw.bring(episode, creatinine_umol_l=82.0)
    typed(episode, nurse, None)
    assert known(episode).value is None
    assert [claim.value for claim in known(episode).beside] == [82.0]


def test_results_grow_old(episode: Episode) -> None:
    day = TODAY - timedelta(days=120)
    world.deliver(episode.service, rw.result(episode, CREATININE, 82.0, on=day))
    assert known(episode).expired
    assert worked_out(episode, TODAY).expired == ("Creatinine",)


def test_calcium_is_adjusted_here_only_where_the_laboratory_did_not(episode: Episode) -> None:
    rw.bring(episode, total_calcium_mmol_l=2.1, albumin_g_l=30.0)
    one = known(episode, "adjusted_calcium_mmol_l")
    assert one.counts is not None
    assert one.value == 2.3
    assert "calcium, not adjusted 2.1 mmol/L" in one.counts.source
    rw.bring(episode, adjusted_calcium_mmol_l=2.25)
    assert known(episode, "adjusted_calcium_mmol_l").value == 2.25


# Scans


def test_the_scans_of_a_person_and_what_changed(episode: Episode) -> None:
    before, after = TODAY - timedelta(days=900), TODAY - timedelta(days=4)
    rw.scan(episode, before, dxa__total_hip_bmd=0.70)
    rw.scan(episode, after)
    found = scans_of(episode, known_of(episode, TODAY), TODAY)
    assert [one.on for one in found] == [before, after]
    assert found[-1].lowest is not None
    assert (found[-1].lowest.site, found[-1].lowest.t_score) == ("total hip", -2.6)
    (change,) = changes(found)
    assert (change.significant, round(change.percent, 1)) == (True, -8.6)
    picture = picture_of(episode, TODAY)
    assert picture.bmd_falling is True
    assert picture.bone_density is not None
    assert picture.bone_density.on == after


def test_other_machines_are_not_compared(episode: Episode) -> None:
    rw.scan(episode, TODAY - timedelta(days=900), dxa__total_hip_bmd=0.70, dxa__machine="Lunar 9")
    rw.scan(episode, TODAY - timedelta(days=4))
    (change,) = changes(scans_of(episode, known_of(episode, TODAY), TODAY))
    assert change.significant is None
    assert picture_of(episode, TODAY).bmd_falling is None


def test_a_new_scan_is_not_filled_up_from_an_old_one(episode: Episode, nurse: Actor) -> None:
    old = {"bone_density.on": "2024-01-01", "bone_density.forearm_t": -3.9}
    assessing.answer(episode=episode, answers=old, by=nurse)
    rw.scan(episode, TODAY - timedelta(days=4))
    density = picture_of(episode, TODAY).bone_density
    assert density is not None
    assert (density.forearm_t, density.total_hip_t) == (None, -2.6)


def test_an_old_scan_typed_after_a_new_one_came_is_not_taken_for_the_new_one(
    episode: Episode, nurse: Actor
) -> None:
    rw.scan(episode, TODAY - timedelta(days=4))
    total_hip = "bone_density.total_hip_t"
    with clock.at(clock.now() + timedelta(minutes=5)):
        old = {"bone_density.on": "2024-01-01", total_hip: -1.2}
        assessing.answer(episode=episode, answers=old, by=nurse)
        assert known(episode, total_hip).value == -2.6
    with clock.at(clock.now() + timedelta(minutes=9)):
        typed(episode, nurse, -2.7, total_hip)  # the new scan's, put right
        density = picture_of(episode, TODAY).bone_density
        assert density is not None
        assert (density.on, density.total_hip_t) == (TODAY - timedelta(days=4), -2.7)


def test_graded_vertebrae(episode: Episode) -> None:
    rw.scan(episode, TODAY - timedelta(days=4), vfa__T12="moderate", vfa__L1="none")
    assert picture_of(episode, TODAY).vfa_positive is True
    assert worked_out(episode, TODAY).scans[-1].broken == {"T12": "moderate"}


def test_a_scan_is_asked_for_booked_and_looked_at(episode: Episode, nurse: Actor) -> None:
    def tasks() -> dict[str, date]:
        return dict(episode.tasks.filter(done_at=None, cancelled_at=None).values_list("kind", "due"))

    typed(episode, nurse, TODAY.isoformat(), "dxa.requested_on")
    assert tasks() == {TaskKind.DXA_BOOKING: TODAY + timedelta(days=14)}
    assert picture_of(episode, TODAY).dxa_planned is True
    booked = TODAY + timedelta(days=21)
    typed(episode, nurse, booked.isoformat(), "dxa.booked_for")
    assert tasks() == {TaskKind.DXA_RESULT: booked + timedelta(days=14)}
    assert "awaited" in worked_out(episode, TODAY).scan_state
    with clock.at(world.at_noon(booked)):
        rw.scan(episode, booked)
        assert tasks() == {TaskKind.DXA_RESULT: booked}  # it is here: to be seen today
        assessing.answer(episode=episode, answers={}, looked_at_scan=True, by=nurse)
        assert tasks() == {}


# What the person said


def test_what_the_person_said_counts_once_it_is_accepted(episode: Episode, nurse: Actor) -> None:
    def says(value: object) -> ToldValue | None:
        return person_says(
            person=episode.person, field="falls_last_year", value=value, on=TODAY, reference="questionnaire 1"
        )

    says(1)
    told = says(2)
    assert told is not None
    assert [row.value for row in waiting_for(episode)] == [2]
    assert values_of(episode) == {}
    telling.accept(episode=episode, told=told, by=nurse)
    assert values_of(episode) == {"falls_last_year": 2}
    assert known(episode, "falls_last_year").counts.source == "said by the person"  # type: ignore[union-attr]
    assert waiting_for(episode) == []
