"""How long a report is kept that was passed over, and whose record goes with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import world
from openfls.record.people import NHS_NUMBER, Identifier
from openfls.service import clock
from openfls.service.actions import auditing, flagging
from openfls.service.actor import Actor
from openfls.service.audit import verify
from openfls.service.by_hand.numbers import drop_number
from openfls.service.models import (
    AuditEvent,
    Brought,
    FeedRow,
    PassedOver,
    Person,
    PersonFlag,
    PersonIdentifier,
)
from openfls.service.nightly import nightly
from openfls.service.verdicts import reader_report
from service.feed_world import accounted, load


def drawn(by: Actor, *names: str) -> list[PassedOver]:
    """A report without a fracture of each of them."""
    by.service.audit_one_in = 1
    by.service.save()
    load(by.service, [world.negative(world.demographics(family_name=name)) for name in names])
    return list(PassedOver.objects.order_by("pk"))


def night(by: Actor, days: int) -> None:
    """The night so many days on."""
    with clock.at(clock.now() + timedelta(days=days)):
        nightly(by.service)


def test_a_stranger_goes_with_her_report_when_its_time_is_over(nurse: Actor, settings) -> None:
    settings.PASSED_OVER_DAYS = 40
    first, second, case, known = drawn(nurse, "First", "Second", "Case", "Known")
    auditing.judge(passed=first, there_is=False, by=nurse)
    assert auditing.judge(passed=case, there_is=True, site=auditing.SITES[0], by=nurse) is not None
    flagging.set_flag(person=known.person, kind=PersonFlag.Kind.NO_CONTACT, words="She rang.", by=nurse)

    night(nurse, 39)
    assert PassedOver.objects.count() == 4
    night(nurse, 41)
    night(nurse, 41)

    assert list(PassedOver.objects.all()) == [case]
    assert {person.family_name for person in Person.objects.all()} == {"Case", "Known"}
    assert PersonIdentifier.objects.count() == 2
    left = FeedRow.objects.filter(pk__in=[first.row_id, second.row_id])
    assert [(row.person, "removed" in row.reason) for row in left] == [(None, True)] * 2
    (event,) = AuditEvent.objects.filter(action="passed_over.remove")
    assert event.detail == {"removed": 3, "judged": 1, "people": 2}
    assert verify(nurse.service)[1] == []


def test_what_is_left_of_older_years_is_not_taken_for_a_sample(nurse: Actor, settings) -> None:
    (case,) = drawn(nurse, "Case")
    auditing.judge(passed=case, there_is=True, site=auditing.SITES[0], by=nurse)
    assert reader_report(nurse.service).judged == 1
    with clock.at(clock.now() + timedelta(days=settings.PASSED_OVER_DAYS + 1)):
        assert reader_report(nurse.service).judged == 0


def test_the_same_report_again_brings_nobody_back(nurse: Actor, settings) -> None:
    report = world.negative(record="report 1")
    nurse.service.audit_one_in = 1
    load(nurse.service, [report])
    night(nurse, settings.PASSED_OVER_DAYS + 1)
    assert Person.objects.count() == 0
    assert accounted(load(nurse.service, [report]))
    assert (Person.objects.count(), PassedOver.objects.count()) == (0, 0)


def test_what_a_removed_report_brought_stays_as_long_as_its_number_is_hers(nurse: Actor, settings) -> None:
    nurse.service.audit_one_in = 1
    nurse.service.save()
    ours, theirs = Identifier("RXX", "A1"), Identifier(NHS_NUMBER, world.nhs_number())
    who = world.demographics(identifiers=(ours, theirs))
    load(nurse.service, [world.negative(who)])
    person = Person.objects.get()
    flagging.set_flag(person=person, kind=PersonFlag.Kind.NO_CONTACT, words="She rang.", by=nurse)
    by_ours = replace(who, identifiers=(ours,), telephone="01632 960222")
    by_theirs = replace(who, identifiers=(theirs,), telephone="01632 960222", postcode="ZZ99 3CZ")
    load(nurse.service, [world.negative(by_ours), world.negative(by_theirs)])
    night(nurse, settings.PASSED_OVER_DAYS + 1)
    assert not PassedOver.objects.exists()
    assert [row.named["numbers"] for row in Brought.objects.order_by("pk")] == [
        [[each.system, each.value]] for each in (ours, theirs)
    ]
    assert drop_number(person=person, reason="Her sister’s", by=nurse) == 1
    person.refresh_from_db()
    assert (person.telephone, person.postcode) == ("01632 960222", who.postcode)
