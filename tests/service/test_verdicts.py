"""Verdicts beside what the reader said, the draw of what it passed over, and what comes of judging it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

import world
from openfls.identification.reports.lexicon import RULES_VERSION
from openfls.record.feeds import SourceKind
from openfls.record.findings import Certainty
from openfls.record.pathway import NotPossible, State
from openfls.record.people import Demographics
from openfls.record.reasons import NotForUs
from openfls.record.sites import Side, Site
from openfls.service.actions import auditing, finding, undoing
from openfls.service.actor import Actor
from openfls.service.feeds.drawing import is_drawn
from openfls.service.feeds.taking_in import _key
from openfls.service.models import Delivery, Episode, PassedOver, Person, Service, Verdict
from openfls.service.verdicts import reader_report
from service import invariants
from service.feed_world import accounted, load, told


def refute(by: Actor, reason: NotForUs, **columns: object) -> Episode:
    return finding.refute(episode=world.found(by.service, **columns), reason=reason, by=by)


def shares(service: Service) -> dict[str, tuple[int, int]]:
    """Group and label → (there was, decided)."""
    return {
        line.label: (line.share.yes, line.share.of)
        for lines in reader_report(service).precision.values()
        for line in lines
    }


def test_a_verdict_keeps_what_the_reader_had_said(nurse: Actor) -> None:
    episode = world.confirmed(nurse, site=Site.HIP)
    verdict = Verdict.objects.get(episode=episode)
    assert (verdict.confirmed, verdict.reason, verdict.reader) == (True, "", RULES_VERSION)
    assert (verdict.triage, verdict.site, verdict.kinds) == ("case", "hip", "radiology")
    assert verdict.status == episode.statuses.get(step="confirm")


def test_what_a_code_told_is_no_verdict_on_the_reader(nurse: Actor) -> None:
    coded = replace(
        told(world.demographics(), "code 1", kind=SourceKind.DIAGNOSIS), text="", code="icd10|S52.5"
    )
    load(nurse.service, [coded])
    finding.confirm(episode=Episode.objects.get(), by=nurse)
    assert Verdict.objects.get().reader == ""
    assert shares(nurse.service) == {"All": (0, 0)}


def test_precision_counts_misreading_alone_against_it(nurse: Actor) -> None:
    world.confirmed(nurse, site=Site.HIP)
    world.confirmed(nurse, site=Site.WRIST)
    refute(nurse, NotForUs.NO_FRACTURE, site=Site.WRIST)
    for reason in set(NotForUs) - {NotForUs.NO_FRACTURE}:
        refute(nurse, reason, site=Site.WRIST)
    refute(nurse, NotForUs.KNOWN)
    report = reader_report(nurse.service)
    assert shares(nurse.service) == {
        "All": (2, 3),
        "Case": (2, 3),
        "The report alone": (2, 3),
        "Hip": (1, 1),
        "Wrist": (1, 2),
    }
    assert dict(report.set_aside) == {
        reason: 2 if reason is NotForUs.KNOWN else 1 for reason in NotForUs if reason != NotForUs.NO_FRACTURE
    }
    assert report.versions == (RULES_VERSION,)


def test_only_what_stands_counts(nurse: Actor) -> None:
    episode = world.confirmed(nurse)
    assert shares(nurse.service)["All"] == (1, 1)
    undoing.undo(episode=episode, by=nurse)
    assert shares(nurse.service)["All"] == (0, 0)
    finding.refute(episode=episode, reason=NotForUs.NO_FRACTURE, by=nurse)
    assert shares(nurse.service)["All"] == (0, 1)
    finding.bring_back(episode=episode, by=nurse)
    assert shares(nurse.service)["All"] == (0, 0)
    undoing.undo(episode=episode, by=nurse)  # it was not for us after all
    assert shares(nurse.service)["All"] == (0, 1)
    finding.bring_back(episode=episode, by=nurse)
    finding.confirm(episode=episode, by=nurse)
    assert shares(nurse.service)["All"] == (1, 1)
    assert Verdict.objects.count() == 3, "none is removed"


def test_another_service_counts_for_itself(nurse: Actor) -> None:
    world.confirmed(nurse)
    other = world.service("south")
    assert shares(other) == {"All": (0, 0)}
    assert reader_report(other).recall.drawn == 0


def test_the_draw_is_steady_and_about_one_in_so_many(service: Service) -> None:
    service.audit_one_in = 10
    readings = [world.negative(record=f"report {number}") for number in range(2000)]
    drawn = [reading for reading in readings if is_drawn(reading, _key(reading), service)]
    # 200 expected of 2000 by a fair lot; five standard deviations are 67.
    assert 133 < len(drawn) < 267
    assert drawn == [reading for reading in readings if is_drawn(reading, _key(reading), service)]
    service.audit_one_in = 0
    assert not any(is_drawn(reading, _key(reading), service) for reading in readings)


@pytest.mark.parametrize(
    ("person", "drawn"),
    [
        ({"birth_date": date(1976, 5, 22)}, True),  # 50 on the day
        ({"birth_date": date(1976, 5, 23)}, False),
        ({"birth_date": None}, True),
        ({"identifiers": (), "family_name": ""}, False),
    ],
)
def test_who_can_be_drawn(person: dict, drawn: bool, service: Service) -> None:
    service.audit_one_in = 1
    reading = world.negative(world.demographics(**person), on=date(2026, 5, 22))
    assert is_drawn(reading, "key", service) is drawn


def test_a_report_that_was_passed_over_stays_left_out_and_is_kept_once(nurse: Actor) -> None:
    service = nurse.service
    service.audit_one_in = 1
    known = world.found(service).person.demographics()
    reading = world.negative(known)
    first = load(service, [reading])
    again = load(service, [reading, world.negative(text="Old healed fracture of the distal radius.")])
    assert accounted(first)
    assert accounted(again)
    assert (first.rows_rejected, again.rows_known, again.rows_rejected) == (1, 1, 1)  # type: ignore[attr-defined]
    assert [row.person.family_name for row in PassedOver.objects.order_by("pk")] == ["Example", "Example"]
    assert Person.objects.count() == 2
    assert PassedOver.objects.first().text == "XR left wrist. No bony injury."
    assert (PassedOver.objects.first().reader, PassedOver.objects.first().one_in) == (RULES_VERSION, 1)
    assert Episode.objects.count() == 1, "nothing is put forward by it"


def test_in_doubt_whose_it_is_a_report_is_not_drawn(service: Service) -> None:
    service.audit_one_in = 1
    first = world.demographics()
    world.deliver(service, world.report(first))
    stranger = Demographics(
        identifiers=first.identifiers, family_name="Other", given_name="Zoe", birth_date=date(1944, 4, 4)
    )
    delivery = load(service, [world.negative(stranger)])
    assert (delivery.rows_rejected, PassedOver.objects.count()) == (1, 0)  # type: ignore[attr-defined]


def test_without_a_draw_nobody_is_made_for_a_report_without_a_fracture(service: Service) -> None:
    service.audit_one_in = 0
    world.deliver(service, world.negative())
    assert (Person.objects.count(), PassedOver.objects.count()) == (0, 0)


def test_a_yes_is_evidence_like_any_other(nurse: Actor) -> None:
    passed = world.passed_over(nurse.service)
    episode = auditing.judge(passed=passed, there_is=True, site=Site.WRIST, side=Side.LEFT, by=nurse)
    assert episode is not None
    assert (episode.state, episode.triage, episode.reason) == (State.FOUND, "review", auditing.REMARK)
    fracture = episode.index_fracture
    assert (fracture.site, fracture.side, fracture.on) == ("wrist", "left", world.TODAY - timedelta(days=10))
    assert [record.text for record in fracture.source_records.all()] == [passed.text]
    passed.row.refresh_from_db()
    assert (passed.row.outcome, passed.row.reason) == ("new", "")
    assert accounted(Delivery.objects.counted().get(pk=passed.row.delivery_id))
    invariants.check(episode.pk)
    finding.confirm(episode=episode, by=nurse)
    assert shares(nurse.service) == {"All": (0, 0)}, "a person read it, not the reader"


def test_a_yes_about_a_fracture_that_is_known_makes_no_second(nurse: Actor) -> None:
    person = world.demographics()
    world.found(nurse.service, person=person)
    passed = world.passed_over(nurse.service, person=person)
    assert auditing.judge(passed=passed, there_is=True, site=Site.WRIST, side=Side.LEFT, by=nurse) is None
    assert Episode.objects.get().index_fracture.source_records.count() == 2


def test_a_no_can_be_taken_back_and_a_yes_is_refuted(nurse: Actor) -> None:
    passed = world.passed_over(nurse.service)
    assert auditing.judge(passed=passed, there_is=False, site=Site.HIP, by=nurse) is None
    passed.refresh_from_db()
    assert (passed.there_is, passed.site, passed.judged_by) == (False, "", nurse.user)
    with pytest.raises(NotPossible, match="judged already"):
        auditing.judge(passed=passed, there_is=True, site=Site.HIP, by=nurse)
    auditing.take_back(passed=passed, by=nurse)
    with pytest.raises(NotPossible, match="not been judged"):
        auditing.take_back(passed=passed, by=nurse)
    for site in (None, Site.HAND):
        with pytest.raises(NotPossible, match="which bone"):
            auditing.judge(passed=passed, there_is=True, site=site, by=nurse)
    auditing.judge(passed=passed, there_is=True, site=Site.HIP, by=nurse)
    with pytest.raises(NotPossible, match="Refute it there"):
        auditing.take_back(passed=passed, by=nurse)


def test_recall_from_the_sample(nurse: Actor) -> None:
    service = nurse.service
    service.audit_one_in = 1
    service.save()
    world.confirmed(nurse)  # in a delivery of the same noon: since the sample began
    world.deliver(service, *(world.negative() for _ in range(40)))
    reports = list(PassedOver.objects.order_by("pk"))
    for number, passed in enumerate(reports[:29]):
        auditing.judge(passed=passed, there_is=number == 0, site=Site.HIP, by=nurse)
    early = reader_report(service)
    assert (early.recall.too_few, early.recall.value, early.judged, early.waiting) == (True, None, 29, 11)
    auditing.judge(passed=reports[29], there_is=False, by=nurse)
    found = reader_report(service).recall
    assert (found.right, found.drawn, found.share_missed.yes, found.share_missed.of) == (1, 40, 1, 30)
    assert found.value == pytest.approx(1 / (1 + 40 / 30))
    service.audit_one_in = 50
    assert reader_report(service).recall.drawn == 0, "rates are not mixed"


def test_a_yes_brings_back_what_was_refuted_as_only_possible(nurse: Actor) -> None:
    person = world.demographics()
    possible = world.report(person, text="Possible fracture of the left wrist.")
    possible = replace(possible, findings=(replace(possible.findings[0], certainty=Certainty.POSSIBLE),))
    [episode] = world.deliver(nurse.service, possible)
    finding.refute(episode=episode, reason=NotForUs.NO_FRACTURE, by=nurse)
    passed = world.passed_over(nurse.service, person=person)
    assert auditing.judge(passed=passed, there_is=True, site=Site.WRIST, side=Side.LEFT, by=nurse) == episode
    episode.refresh_from_db()
    assert episode.state == State.FOUND
    invariants.check(episode.pk)
