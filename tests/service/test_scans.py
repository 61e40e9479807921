"""A scan is of one day: what is typed of two days is two scans, and neither fills up the other."""

from __future__ import annotations

from datetime import date, timedelta
from importlib import import_module

import pytest
from django.apps import apps

import world
from openfls.record.pathway import NotPossible
from openfls.service import clock
from openfls.service.actions import assessing
from openfls.service.actor import Actor
from openfls.service.known import SCANNED_ON, known_of, values_of
from openfls.service.models import Answer, Episode
from openfls.service.picture import picture_of
from openfls.service.scans import Scan, changes, scans_of
from service import results_world as rw

TODAY = world.TODAY
SPINE, VERTEBRAE, HIP = (
    f"bone_density.{part}" for part in ("lumbar_spine_t", "lumbar_spine_vertebrae", "total_hip_t")
)
HIP_BMD, MACHINE = "dxa.total_hip_bmd", "dxa.machine"
FIRST, SECOND = date(2024, 3, 1), date(2026, 5, 20)


@pytest.fixture
def episode(nurse: Actor) -> Episode:
    return world.confirmed(nurse)


def scans(episode: Episode) -> list[Scan]:
    return scans_of(episode, known_of(episode, TODAY), TODAY)


def whole(episode: Episode, by: Actor, on: date, **values: object) -> None:
    given = {name.replace("__", "."): value for name, value in values.items()}
    assessing.answer(episode=episode, answers={SCANNED_ON: on.isoformat(), **given}, by=by)


@pytest.mark.parametrize("newest_first", [False, True])
def test_two_typed_scans_never_mix(episode: Episode, nurse: Actor, newest_first: bool) -> None:
    first = (FIRST, {SPINE: -3.4, VERTEBRAE: 4, HIP: -1.9, HIP_BMD: 0.70, MACHINE: "Horizon 1"})
    second = (SECOND, {HIP: -2.1, HIP_BMD: 0.64, MACHINE: "Horizon 1"})
    for on, values in (second, first) if newest_first else (first, second):
        assessing.add_scan(episode=episode, on=on, values=values, by=nurse)
    density = picture_of(episode, TODAY).bone_density
    assert density is not None
    assert (density.on, density.lumbar_spine_t, density.total_hip_t) == (SECOND, None, -2.1)
    old, new = scans(episode)
    assert (old.lowest.t_score, new.lowest.t_score) == (-3.4, -2.1)  # type: ignore[union-attr]
    (change,) = changes([old, new])
    assert (change.significant, round(change.percent, 1)) == (True, -8.6)


def test_another_day_in_the_answers_is_another_scan(episode: Episode, nurse: Actor) -> None:
    whole(episode, nurse, FIRST, **{SPINE: -3.4, VERTEBRAE: 4, HIP: -2.1})
    whole(episode, nurse, SECOND, **{HIP: -2.1})  # the same figure as before, of another day
    assert [(one.on, one.number(HIP), one.number(SPINE)) for one in scans(episode)] == [
        (FIRST, -2.1, -3.4),
        (SECOND, -2.1, None),
    ]


def test_a_day_that_was_typed_wrongly_takes_its_figures_along(episode: Episode, nurse: Actor) -> None:
    whole(episode, nurse, FIRST, **{HIP: -2.1})
    right = {SCANNED_ON: SECOND.isoformat()}
    assessing.answer(episode=episode, answers=right, day_was_wrong=True, by=nurse)
    assert [(one.on, one.number(HIP)) for one in scans(episode)] == [(SECOND, -2.1)]


def test_figures_typed_before_their_day_belong_to_it(episode: Episode, nurse: Actor) -> None:
    for field, value in ((HIP, -2.1), (SCANNED_ON, FIRST.isoformat()), (SPINE, -1.0)):
        assessing.answer(episode=episode, answers={field: value}, by=nurse)
    assert [(one.on, one.number(HIP), one.number(SPINE)) for one in scans(episode)] == [(FIRST, -2.1, -1.0)]


def test_an_older_typed_scan_leaves_the_one_of_a_feed_alone(episode: Episode, nurse: Actor) -> None:
    rw.scan(episode, TODAY - timedelta(days=4))
    assessing.add_scan(episode=episode, on=FIRST, values={HIP: -1.1, SPINE: -3.9}, by=nurse)
    assert values_of(episode)[HIP] == -2.6
    assert values_of(episode)[SPINE] == -2.1
    assessing.answer(episode=episode, answers={HIP: -2.7}, by=nurse)  # puts the newest right
    assert [(one.on, one.number(HIP)) for one in scans(episode)] == [
        (FIRST, -1.1),
        (TODAY - timedelta(days=4), -2.7),
    ]


def test_two_records_of_an_earlier_day_that_differ_are_not_known(episode: Episode, nurse: Actor) -> None:
    old = TODAY - timedelta(days=900)
    rw.scan(episode, old, dxa__machine="Horizon 1")
    world.deliver(episode.service, rw.result(episode, MACHINE, "Lunar 9", on=old, teller="DXA RYY"))
    rw.scan(episode, TODAY - timedelta(days=4))
    (change,) = changes(scans(episode))
    assert change.significant is None


@pytest.mark.parametrize(
    ("on", "values", "why"),
    [(TODAY, {}, "at least one figure"), (TODAY + timedelta(days=1), {HIP: -1.0}, "today or earlier")],
)
def test_no_scan_without_a_figure_or_ahead(
    episode: Episode, nurse: Actor, on: date, values: dict[str, object], why: str
) -> None:
    with pytest.raises(NotPossible, match=why):
        assessing.add_scan(episode=episode, on=on, values=values, by=nurse)


def test_older_databases_get_the_days_of_their_figures(episode: Episode, nurse: Actor) -> None:
    for minute, given in enumerate(
        (
            {SCANNED_ON: FIRST.isoformat(), HIP: -2.1, SPINE: -3.4},
            {SCANNED_ON: SECOND.isoformat(), HIP: -2.2},
            {MACHINE: "Horizon 1"},
        )
    ):
        with clock.at(world.at_noon(TODAY) + timedelta(minutes=minute)):
            assessing.answer(episode=episode, answers=given, by=nurse)
    before = list(Answer.objects.order_by("pk").values_list("field", "scan_on"))
    Answer.objects.update(scan_on=None)
    import_module("openfls.service.migrations.0018_answers_of_one_scan").give_days(apps, None)
    assert list(Answer.objects.order_by("pk").values_list("field", "scan_on")) == before
