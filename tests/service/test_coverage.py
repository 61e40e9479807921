"""Found against expected, and feeds that have gone silent."""

from __future__ import annotations

from datetime import timedelta

import pytest

import world
from openfls.record.pathway import NotPossible
from openfls.record.reasons import Closing, NotForUs
from openfls.record.sites import Site
from openfls.service import clock, coverage
from openfls.service.actions import closing, finding, undoing
from openfls.service.expecting.figures import last_set, set_figures
from openfls.service.models import Delivery, Fracture

pytestmark = pytest.mark.django_db
LAST_MONTH = world.TODAY - timedelta(days=20)


@pytest.fixture(autouse=True)
def _today():
    with clock.at(world.at_noon(world.TODAY)):
        yield


def test_what_was_refuted_is_not_counted_as_found() -> None:
    service = world.service()
    nurse = world.member(service)
    world.found(service, site=Site.HIP, on=LAST_MONTH)
    refuted = world.found(service, site=Site.HIP)
    finding.refute(episode=refuted, reason=NotForUs.NO_FRACTURE, by=nurse)
    months = coverage.found_by_month(service, world.TODAY)
    assert sum(month.counts["hip"] for month in months) == 1
    assert coverage.found_by_source(service, world.TODAY) == {"radiology": 1}


def test_what_turned_out_to_be_no_case_is_not_found_and_is_again_when_that_is_taken_back() -> None:
    service = world.service()
    nurse = world.member(service)
    episode = world.confirmed(nurse, site=Site.HIP, on=LAST_MONTH)
    Fracture.objects.create(
        service=service, person=episode.person, episode=episode, on=LAST_MONTH, site=Site.RIB, rank=9
    )
    closing.close(episode=episode, reason=Closing.NOT_A_CASE, by=nurse)
    assert not coverage.found(service, coverage.whole_year(world.TODAY)).exists()
    undoing.undo(episode=episode, by=nurse)
    judged = dict(episode.fractures.values_list("site", "fragility"))
    assert judged == {"hip": True, "rib": None}, "each fracture has its own judgement back"
    assert coverage.found(service, coverage.whole_year(world.TODAY)).count() == 2


def test_a_number_and_its_people_are_counted_alike() -> None:
    service = world.service()
    world.found(service, site=Site.HIP, on=LAST_MONTH)
    world.found(service, site=Site.WRIST, on=LAST_MONTH)
    world.found(service, site=Site.WRIST, on=world.TODAY)
    world.found(service, site=Site.WRIST, on=world.TODAY - timedelta(days=400))
    months = coverage.found_by_month(service, world.TODAY)
    for month in months:
        period = coverage.month_of(month.first, world.TODAY)
        for group in coverage.GROUPS:
            assert coverage.found(service, period, group).count() == month.counts[group]
    assert coverage.whole_year(world.TODAY).words == "1 June 2025 to 31 May 2026"
    told = coverage.found(service, coverage.whole_year(world.TODAY), source="radiology").count()
    assert told == coverage.found_by_source(service, world.TODAY)["radiology"] == 2


def test_each_method_stands_beside_the_others() -> None:
    service = world.service(expected_caseload=400, population=300_000)
    world.found(service, site=Site.HIP, on=LAST_MONTH)
    found = {line.method: line for line in coverage.expected(service, world.TODAY)}
    assert next(line.total for line in found.values()) == 400
    hips = found["five fragility fractures for each hip fracture"]
    assert (round(hips.by_group["hip"], 6), round(hips.total, 6)) == (1, 5)
    assert found["population times published incidence"].total > 1000


def test_nothing_is_expected_of_a_service_that_has_said_nothing() -> None:
    assert coverage.expected(world.service(), world.TODAY) == []


@pytest.mark.parametrize(("away", "silent"), [(14, False), (15, True)])
def test_a_weekly_feed_is_silent_after_two_weeks(away: int, silent: bool) -> None:
    service = world.service()
    for weeks in range(4):
        day = world.TODAY - timedelta(days=away + 7 * weeks)
        Delivery.objects.create(
            service=service, name=f"ed_{day}.csv", sha256="0" * 64, received_at=world.at_noon(day)
        )
    assert bool(coverage.silent_feeds(service)) is silent


def test_a_fall_in_the_counts_is_marked_and_the_running_month_is_not() -> None:
    months = [
        coverage.Month(world.TODAY, {"hip": count, "vertebra": 5, "other": 5})
        for count in [20, 22, 19, 21, 20, 22, 19, 21, 20, 21, 20, 1, 0]
    ]
    marked = coverage._with_alarms(months)
    assert [bool(month.alarms) for month in marked][-2:] == [True, False]


def test_the_one_answer_is_by_the_own_figure_and_else_a_guess() -> None:
    service = world.service(population=300_000)
    nurse = world.member(service)
    world.found(service, site=Site.HIP, on=LAST_MONTH)

    def lead() -> coverage.Lead | None:
        return coverage.lead_of(coverage.expected(service, world.TODAY), 1)

    guess = lead()
    assert guess is not None
    assert (guess.is_own, guess.expected.method) == (False, "population times published incidence")
    assert set_figures(caseload=4, population=None, source="Coded", by=nurse).expected_caseload == 4
    service.refresh_from_db()
    own = lead()
    assert own is not None
    assert (own.is_own, own.share, own.missed) == (True, 25.0, 3)
    assert coverage.lead_of([], 3) is None
    event = last_set(service)
    assert event is not None
    assert (event.detail["population_was"], event.detail["source"]) == (300_000, "Coded")


@pytest.mark.parametrize(
    ("caseload", "source", "said"),
    [
        (0, "Coded", "from 1 to"),
        (4, " ", "where the figures are from"),
        (None, "Coded", "Nothing is different"),
    ],
)
def test_figures_that_cannot_be_are_refused(caseload, source: str, said: str) -> None:
    nurse = world.member(world.service())
    with pytest.raises(NotPossible, match=said):
        set_figures(caseload=caseload, population=None, source=source, by=nurse)
