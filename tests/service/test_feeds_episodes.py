"""From records to episodes: one fracture told often is one, a later one another, a decision is left alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

import world
from openfls.record.feeds import Notice, Observation, Source, SourceKind
from openfls.record.findings import Certainty, Finding
from openfls.record.pathway import State
from openfls.record.reasons import Channel, ContactOutcome, NotForUs
from openfls.record.sites import Side, Site
from openfls.service import clock
from openfls.service.actions import finding, reviewing
from openfls.service.actor import Actor
from openfls.service.models import Episode, FlsdbRow, Fracture, Person, Service, SourceRecord, Task
from openfls.service.projection import row_of
from service import invariants
from service.feed_world import START, accounted, again, episodes, load, told
from service.snapshot import tables


def test_one_fracture_told_by_four_sources_is_one_episode(service: Service) -> None:
    person = world.demographics()
    kinds = (SourceKind.EMERGENCY, SourceKind.RADIOLOGY, SourceKind.THEATRE, SourceKind.DIAGNOSIS)
    load(service, [told(person, f"r{day}", day=day, kind=kind) for day, kind in enumerate(kinds)])
    ((day, state, fractures),) = episodes(service)
    assert (day, state) == (START, State.FOUND)
    assert fractures == ((START, "wrist", "left", ("r0", "r1", "r2", "r3")),)


@pytest.mark.parametrize(("days", "fractures"), [(90, 1), (91, 2)])
def test_a_fracture_of_the_same_bone_after_90_days_is_a_new_episode(
    days: int, fractures: int, service: Service
) -> None:
    person = world.demographics()
    load(service, [told(person, "first"), told(person, "second", day=days)])
    assert len(episodes(service)) == fractures


def test_two_bones_of_one_fall_are_one_episode(service: Service) -> None:
    person = world.demographics()
    load(service, [told(person, "wrist"), told(person, "hip", site=Site.HIP)])
    ((_, _, fractures),) = episodes(service)
    assert {site for _, site, _, _ in fractures} == {"wrist", "hip"}


def test_the_same_records_again_change_nothing(service: Service) -> None:
    person = world.demographics()
    readings = [told(person, "a"), told(person, "b", day=3, site=Site.HIP), told(world.demographics(), "c")]
    load(service, readings)
    before = tables()
    elsewhere = [again(each, feed="copy.csv", position="row 9") for each in readings]
    second = load(service, elsewhere, readings)
    assert tables() == before
    assert (second.rows_read, second.rows_known) == (6, 6)
    assert accounted(second)


def test_a_corrected_record_takes_the_place_of_the_earlier_one(service: Service) -> None:
    person = world.demographics()
    load(service, [told(person, "a", version="2026-01-01")])
    load(service, [told(person, "a", version="2026-01-02", side=Side.RIGHT)])
    ((_, _, ((_, _, side, records),)),) = episodes(service)
    assert (side, records) == ("right", ("a",))
    assert SourceRecord.objects.filter(superseded=True).count() == 1


def test_an_older_version_that_comes_late_changes_nothing(service: Service) -> None:
    person = world.demographics()
    load(service, [told(person, "a", version="2026-01-02", side=Side.RIGHT)])
    before = episodes(service)
    load(service, [told(person, "a", version="2026-01-01", side=Side.LEFT)])
    assert episodes(service) == before


def test_what_somebody_confirmed_is_left_as_it_is(service: Service, nurse: Actor) -> None:
    person = world.demographics()
    load(service, [told(person, "a", day=5)])
    episode = finding.confirm(episode=Episode.objects.get(), by=nurse)
    kept = Episode.objects.values().get(), Fracture.objects.values().get()
    load(service, [told(person, "b", day=1, side=Side.RIGHT), told(person, "c", day=4)])
    load(service, [told(person, "d", day=2)])
    assert Episode.objects.filter(pk=episode.pk).values().get() == kept[0]
    assert Fracture.objects.filter(episode=episode).values().get() == kept[1]
    assert set(episode.index_fracture.source_records.values_list("row__record", flat=True)) >= {"a", "c", "d"}
    invariants.check(episode.pk)


def _possible(person: object, record: str, **columns: object) -> Observation:
    reading = told(person, record, **columns)  # type: ignore[arg-type]
    return replace(
        reading, findings=tuple(replace(f, certainty=Certainty.POSSIBLE) for f in reading.findings)
    )


def test_what_somebody_refuted_stays_refuted_when_it_is_only_told_again(
    service: Service, nurse: Actor
) -> None:
    person = world.demographics()
    load(service, [told(person, "a", version="1")])
    finding.refute(episode=Episode.objects.get(), reason=NotForUs.HIGH_ENERGY, by=nurse)
    load(service, [told(person, "b", day=2)])
    load(service, [replace(told(person, "a", version="2"), text="Left wrist fracture.")])
    assert Episode.objects.get().state == State.NOT_FOR_US


@pytest.mark.parametrize("record", ["b", "a"], ids=["another record", "a correction of the record"])
def test_a_certain_record_brings_back_what_was_refuted_as_possible(
    record: str, service: Service, nurse: Actor
) -> None:
    person = world.demographics()
    load(service, [_possible(person, "a", version="1")])
    finding.refute(episode=Episode.objects.get(), reason=NotForUs.NO_FRACTURE, by=nurse)
    load(service, [_possible(person, "again", day=1)])
    assert Episode.objects.get().state == State.NOT_FOR_US
    load(service, [told(person, record, day=2, version="2")])
    episode = Episode.objects.get()
    last = episode.statuses.last()
    assert (episode.state, last.by, last.step) == (State.FOUND, None, "bring_back")
    assert last.reason.startswith("new evidence since it was left out: ")
    invariants.check(episode.pk)
    finding.refute(episode=episode, reason=NotForUs.NO_FRACTURE, by=nurse)
    load(service, [told(person, "c", day=3)])
    assert Episode.objects.get().state == State.NOT_FOR_US


@pytest.mark.parametrize(
    ("reason", "state"), [(NotForUs.NO_FRACTURE, State.FOUND), (NotForUs.KNOWN, State.NOT_FOR_US)]
)
def test_a_record_dated_after_the_refutal_brings_it_back(
    reason: NotForUs, state: State, service: Service, nurse: Actor
) -> None:
    person = world.demographics()
    with clock.at(world.at_noon(START + timedelta(days=3))):
        load(service, [told(person, "a"), told(person, "b", site=Site.HIP)])
        finding.refute(episode=Episode.objects.get(), reason=reason, by=nurse)
    load(service, [told(person, "c", day=10, site=Site.HIP)])
    episode = Episode.objects.get()
    assert episode.state == state
    assert episode.fractures.count() == 2


def test_a_record_that_its_sender_withdrew_from_a_found_fracture(service: Service) -> None:
    person = world.demographics()
    load(service, [told(person, "a", version="1")])
    load(service, [told(person, "a", version="2", site=Site.HAND)])
    episode = Episode.objects.get()
    assert episode.state == State.NOT_FOR_US
    assert episode.statuses.last().by is None
    assert episode.statuses.last().reason == "Left out now: hand: outside a fracture liaison service"
    invariants.check(episode.pk)


def _death(person: object, day: int = 200) -> Notice:
    died = replace(person, deceased=True, deceased_on=START + timedelta(days=day))  # type: ignore[type-var]
    return Notice(Source("adt.hl7", "death 1", SourceKind.ENCOUNTER, "message 1"), died, "death")


def test_a_death_told_later_takes_what_nobody_decided_off_the_list(service: Service, nurse: Actor) -> None:
    person = world.demographics()
    load(service, [told(person, "a")])
    episode = Episode.objects.get()
    reviewing.contact(
        episode=episode, channel=Channel.TELEPHONE, outcome=ContactOutcome.NO_ANSWER, on=world.TODAY, by=nurse
    )
    load(service, [_death(person)])
    episode.refresh_from_db()
    last = episode.statuses.last()
    assert (episode.state, last.by) == (State.NOT_FOR_US, None)
    assert last.reason.startswith(f"died {START + timedelta(days=200)}: not offered for contact")
    invariants.check(episode.pk)
    finding.bring_back(episode=episode, by=nurse)
    load(service, [told(person, "b", day=2)])
    assert Episode.objects.get().state == State.FOUND


def test_nobody_is_asked_to_call_the_dead(service: Service, nurse: Actor) -> None:
    person = world.demographics()
    load(service, [told(person, "a")])
    episode = finding.confirm(episode=Episode.objects.get(), by=nurse)
    reviewing.contact(
        episode=episode, channel=Channel.TELEPHONE, outcome=ContactOutcome.NO_ANSWER, on=world.TODAY, by=nurse
    )
    load(service, [_death(person)])
    assert Episode.objects.get().state == State.TO_ASSESS
    assert not Task.objects.filter(cancelled_at=None).exists()


def test_a_death_told_later_marks_the_person_and_closes_nothing(service: Service, nurse: Actor) -> None:
    person = world.demographics()
    load(service, [told(person, "a")])
    episode = finding.confirm(episode=Episode.objects.get(), by=nurse)
    load(service, [_death(person)])
    kept = Person.objects.get()
    assert (kept.deceased, kept.deceased_on) == (True, START + timedelta(days=200))
    assert Episode.objects.get().state == State.TO_ASSESS
    assert FlsdbRow.objects.get().deceased == "Yes"
    assert row_of(Episode.objects.get())["death_date"] == FlsdbRow.objects.get().death_date
    invariants.check(episode.pk)


def test_a_death_is_not_taken_back_by_a_feed_that_does_not_know_of_it(service: Service) -> None:
    person = world.demographics()
    load(service, [_death(person), told(person, "a")])
    assert Person.objects.get().deceased
    episode = Episode.objects.get()
    assert (episode.state, episode.triage) == (State.NOT_FOR_US, "none")


def test_a_report_of_two_bones_stands_behind_both_whatever_comes_later(
    service: Service, nurse: Actor
) -> None:
    person = world.demographics()
    two = (Finding(Site.WRIST, Side.LEFT), Finding(Site.HIP, Side.RIGHT))
    load(service, [replace(told(person, "both"), findings=two)])
    assert episodes(service)[0][2] == (
        (START, "hip", "right", ("both",)),
        (START, "wrist", "left", ("both",)),
    )
    finding.confirm(episode=Episode.objects.get(), by=nurse)
    load(service, [told(person, "hip again", day=9, site=Site.HIP, side=Side.RIGHT)])
    load(service, [told(person, "later", day=300, site=Site.ANKLE)])
    by_state = [(state, [bone[1] for bone in bones]) for _, state, bones in episodes(service)]
    assert by_state == [(State.TO_ASSESS, ["hip", "wrist"]), (State.FOUND, ["ankle"])]
