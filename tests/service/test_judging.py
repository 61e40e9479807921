"""What pages count is what the database has now: after every change, removal, and on another day."""

from __future__ import annotations

from datetime import timedelta

import pytest

import world
from openfls.quality import State
from openfls.record.reasons import Closing
from openfls.service.actions import assessing, closing
from openfls.service.actor import Actor
from openfls.service.models import FlsdbRow
from openfls.service.quality import judging
from openfls.service.quality.measures import measures_of, missing_of, people_of, states_of
from openfls.service.quality.splits import groups
from openfls.service.quality.trends import stages, times
from openfls.service.spans import Span, last_twelve_months, offered, span_of

AS_OF = world.TODAY


def _keys(nurse: Actor) -> set[str]:
    return set(judging.judged(nurse.service, "flsdb", AS_OF).record_ids)


def test_a_changed_row_is_judged_again_and_no_other(nurse: Actor, monkeypatch) -> None:
    one, other = world.confirmed(nurse), world.confirmed(nurse)
    assert _keys(nurse) == {str(one.pk), str(other.pk)}
    asked: list[list[str]] = []
    run_for = judging.run_for
    monkeypatch.setattr(judging, "run", lambda _: pytest.fail("every row is judged again"))
    monkeypatch.setattr(
        judging, "run_for", lambda keys, made: asked.append(list(keys)) or run_for(keys, made)
    )
    assert _keys(nurse) == {str(one.pk), str(other.pk)}
    assert not asked, "nothing changed, so nothing is judged"
    assessing.answer(episode=one, answers={"falls_last_year": 1}, by=nurse)
    assessing.finish(episode=one, assessed_on=AS_OF, by=nurse)
    rows = judging.judged(nurse.service, "flsdb", AS_OF)
    assert rows.keys(rows.state_of("kpi4", State.MET)) == [str(one.pk)]
    assert asked == [[str(one.pk)]]


def test_a_row_that_is_gone_is_counted_no_more(nurse: Actor) -> None:
    one, other = world.confirmed(nurse), world.confirmed(nurse)
    assert len(_keys(nurse)) == 2
    closing.close(episode=one, reason=Closing.NOT_A_CASE, by=nurse)
    assert _keys(nurse) == {str(other.pk)}


def test_an_action_that_changes_no_field_leaves_the_stamp(nurse: Actor) -> None:
    episode = world.confirmed(nurse)
    stamp = FlsdbRow.objects.get(episode=episode).stamp
    assessing.answer(episode=episode, answers={"height_cm": 160}, by=nurse)
    changed = FlsdbRow.objects.get(episode=episode).stamp
    assert changed != stamp
    assessing.answer(episode=episode, answers={"height_cm": 160}, by=nurse)
    assert FlsdbRow.objects.get(episode=episode).stamp == changed


def test_another_day_is_another_count(nurse: Actor) -> None:
    world.confirmed(nurse, on=AS_OF - timedelta(days=90))
    today, tomorrow = (
        {row.key: row for row in measures_of(nurse.service, day)}["kpi4"]
        for day in (AS_OF, AS_OF + timedelta(days=1))
    )
    assert (today.unknown, today.denominator) == (1, 0)
    assert (tomorrow.unknown, tomorrow.denominator) == (0, 1)


def test_lists_reasons_and_figures_of_a_period_agree(nurse: Actor) -> None:
    span = last_twelve_months(AS_OF)
    inside = world.assessed(nurse, on=AS_OF - timedelta(days=40))
    world.confirmed(nurse, on=AS_OF - timedelta(days=500))
    for row in measures_of(nurse.service, AS_OF, "flsdb", span):
        listed = states_of(nurse.service, row.key, AS_OF, "flsdb", span)
        people = people_of(nurse.service, row.key, AS_OF, "flsdb", span)
        assert {each.record_id for each in people} == {str(inside.pk)}
        assert all(each.record_id in listed[State(each.state)] for each in people)
        assert row.unknown == len(listed[State.UNKNOWN])


def test_what_is_missing_of_a_person_is_what_the_measures_say(nurse: Actor) -> None:
    episode = world.assessed(nurse, on=AS_OF - timedelta(days=120))
    found = missing_of(nurse.service, [str(episode.pk)], AS_OF)[str(episode.pk)]
    assert {each.measure.id for each in found} >= {"kpi4", "kpi7"}
    for each in found:
        ((state, reason),) = [
            (row.state, row.reason) for row in people_of(nurse.service, each.measure.id, AS_OF)
        ]
        assert (each.state, each.reason) == (state, reason)
    assert [each.state for each in found] == sorted(
        (each.state for each in found), key=[State.NOT_MET, State.UNKNOWN].index
    )
    assert missing_of(nurse.service, [], AS_OF) == {}


def test_the_chain_counts_found_and_confirmed_too(nurse: Actor) -> None:
    world.found(nurse.service)
    world.confirmed(nurse)
    world.planned(nurse)
    made = {
        stage.key: (stage.made, stage.lost, stage.still_open)
        for stage in stages(nurse.service, AS_OF, Span(None, None))
    }
    assert made["found"] == (3, 0, 0)
    assert made["confirmed"] == (2, 0, 1)
    assert made["assessed"] == (1, 0, 1)
    assert made["recommended"] == (1, 0, 0)
    assert made["started"] == (0, 0, 1)


def test_times_and_groups_of_one_person(nurse: Actor) -> None:
    world.assessed(nurse, on=AS_OF - timedelta(days=14))
    (assessment,) = [
        days for days in times(nurse.service, AS_OF, Span(None, None)) if days.step.key == "assessment_gap"
    ]
    assert (assessment.made, assessment.median, assessment.weeks[2]) == (1, 14.0, 1)
    found = {each.name: each for each in groups(nurse.service, "flsdb", "kpi4", AS_OF, Span(None, None))}
    assert [(value, result.numerator) for value, result in found["sex"].lines] == [("Female", 1.0)]
    assert [value for value, _ in found["deprivation_fifth"].lines] == ["not recorded"]


def test_periods_are_whole_months_and_named() -> None:
    span = last_twelve_months(AS_OF)
    assert (span.words, span.years, span.key) == ("June 2025 to May 2026", 1.0, "2025-06.2026-05")
    assert span.before is not None
    assert span.before.words == "June 2024 to May 2025"
    for wrong in (
        "",
        "2026-13.2026-14",
        "2026-05.2026-01",
        "nonsense",
        "9999-01.9999-12",
        "0000-01.0000-02",
        "0001-01.0001-12",
    ):
        assert span_of(wrong, AS_OF) == span
    assert all(span_of(key, AS_OF).key == key for key, _ in offered(AS_OF))
