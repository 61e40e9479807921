"""A laboratory tells of everybody: strangers make no record, and what was told of one stands when her bone breaks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

import world
from openfls.record.feeds import Measured, Notice, Reading, Source, SourceKind
from openfls.record.people import Demographics, Identifier
from openfls.record.reasons import TaskKind
from openfls.service import clock
from openfls.service.actions import finding
from openfls.service.actor import Actor
from openfls.service.aside.keeping import REMOVED, WHY, remove_old
from openfls.service.models import Episode, FeedRow, FlsdbRow, Person, Service, SetAside, ToldValue
from openfls.service.search import find_people
from service.by_any import in_any_order
from service.feed_world import accounted, load
from service.identification_world import by_hand

HOSPITAL = Identifier("RXX", "H77")


def _result(person: Demographics, record: str = "r1", value: float = 52.0, version: str = "1") -> Measured:
    source = Source("lab", record, SourceKind.RESULT, "line 1", version)
    return Measured(source, person, world.TODAY - timedelta(days=20), "egfr", value, str(value))


def _notice(person: Demographics, record: str = "n1") -> Notice:
    return Notice(Source("adt", record, SourceKind.ENCOUNTER, "line 1", "2"), person)


def test_a_laboratory_feed_makes_nobody(service: Service) -> None:
    delivery = load(service, [_result(world.demographics(), f"r{number}") for number in range(30)])
    assert accounted(delivery)
    assert not Person.objects.exists()
    assert find_people(service, "Example") == []
    assert set(FeedRow.objects.values_list("outcome", "reason")) == {("rejected", WHY)}
    again = load(service, [_result(world.demographics(), "r0")])
    assert accounted(again)


def test_results_stand_when_the_fracture_comes(service: Service) -> None:
    person = world.demographics()
    load(service, [_result(person), _result(world.demographics(), "r2")])
    load(service, [world.report(person)])
    (value,) = ToldValue.objects.all()
    assert (value.person, value.value, value.state) == (Person.objects.get(), 52.0, "standing")
    assert FeedRow.objects.get(record="r1").outcome == "new"
    assert SetAside.objects.count() == 1


def test_a_number_that_a_notice_joins_leads_to_more(service: Service) -> None:
    person = world.demographics()
    joined = replace(person, identifiers=(*person.identifiers, HOSPITAL), telephone="01632 960555")
    load(service, [_result(replace(person, identifiers=(HOSPITAL,)))])
    load(service, [_notice(joined)])
    load(service, [world.report(person)])
    assert ToldValue.objects.get().person == Person.objects.get()
    assert Person.objects.get().telephone == "01632 960555"


def test_whatever_came_first_the_end_is_the_same(service: Service) -> None:
    person = world.demographics()
    told: list[Reading] = [
        _result(person, value=50.0, version="1"),
        _result(person, value=55.0, version="2"),
        world.report(replace(person, deceased=True)),
    ]

    def end() -> tuple[object, ...]:
        values = ToldValue.objects.order_by("value").values_list("value", "state")
        return list(values), Person.objects.get().deceased, Episode.objects.get().state

    ends = in_any_order(told, lambda readings: [load(service, [each]) for each in readings], end)
    assert ends == {repr(([(50.0, "replaced"), (55.0, "standing")], True, "not_for_us"))}


def test_what_is_told_by_hand_wakes_it_too(nurse: Actor) -> None:
    person = world.demographics()
    load(nurse.service, [_result(person)])
    added = by_hand(nurse, person=person)
    assert ToldValue.objects.get().person == added.episode.person


def test_a_stranger_with_her_number_waits_for_a_person(service: Service) -> None:
    person = world.demographics()
    other = replace(person, family_name="Other", given_name="Eve", birth_date=world.TODAY.replace(year=1980))
    load(service, [_result(other)])
    load(service, [world.report(person)])
    assert not ToldValue.objects.exists()
    row = FeedRow.objects.get(record="r1")
    assert row.reason.startswith("waits for a person")
    assert row.waiting["value"] == 52.0


def test_after_a_year_it_is_removed_and_its_row_says_so(service: Service) -> None:
    person = world.demographics()
    load(service, [_result(person)])
    assert remove_old(service) == 0
    with clock.at(world.at_noon(world.TODAY + timedelta(days=367))):
        assert remove_old(service) == 1
        load(service, [world.report(person)])
    assert not ToldValue.objects.exists()
    assert FeedRow.objects.get(record="r1").reason == REMOVED


@pytest.mark.parametrize("fracture_first", [False, True])
def test_what_was_removed_is_taken_in_when_it_is_sent_again(fracture_first: bool, service: Service) -> None:
    person = world.demographics()
    readings = [_result(person), _notice(replace(person, deceased=True))]
    load(service, readings)
    with clock.at(world.at_noon(world.TODAY + timedelta(days=367))):
        assert remove_old(service) == 2
        if fracture_first:
            load(service, [world.report(person)])
        again = load(service, [*readings, *readings])
        assert (accounted(again), again.rows_known, again.rows_new) == (True, 4, 0)
        if not fracture_first:
            assert set(FeedRow.objects.values_list("reason", flat=True)) == {WHY}
            assert SetAside.objects.count() == 2
            assert remove_old(service) == 0  # its year begins again
            load(service, [world.report(person)])
        assert accounted(load(service, readings))
    assert (ToldValue.objects.get().state, Person.objects.get().deceased) == ("standing", True)
    assert FeedRow.objects.filter(record__in=["r1", "n1"], outcome="new").count() == 2
    assert FeedRow.objects.count() == 3


def test_a_scan_that_wakes_moves_the_row_of_the_audit_and_is_to_be_looked_at(nurse: Actor) -> None:
    """A message joins a number; under it a scan lies aside: whoever is under care must be told of it."""
    person = world.demographics()
    load(nurse.service, [world.report(person)])
    episode = finding.confirm(episode=Episode.objects.get(), by=nurse)
    scan = Source("lab", "scan", SourceKind.RESULT, "line 1", "1")
    on = world.TODAY - timedelta(days=1)
    apart = replace(person, identifiers=(HOSPITAL,))
    load(nurse.service, [Measured(scan, apart, on, "bone_density.total_hip_t", -2.7, "-2.7")])
    load(nurse.service, [_notice(replace(apart, deceased=True), "n2")])
    load(nurse.service, [_result(replace(person, identifiers=(*person.identifiers, HOSPITAL)), "r9")])
    assert episode.tasks.filter(kind=TaskKind.DXA_RESULT, done_at=None, due=world.TODAY).exists()
    assert FlsdbRow.objects.get().deceased == "Yes"


@pytest.mark.parametrize("reading", [_result, _notice])
def test_one_who_is_named_by_no_number_is_left_out_with_the_reason(reading, service: Service) -> None:
    load(service, [reading(world.demographics(identifiers=()))])
    assert FeedRow.objects.get().reason.startswith("it names its person by no number")
    assert not SetAside.objects.exists()
