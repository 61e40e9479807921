"""A second episode: the record answers “broke a bone before this one”, and one bone is never counted twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

import world
from openfls.record.picture import PastFracture
from openfls.record.reasons import NotForUs
from openfls.record.sites import Side, Site
from openfls.service.actions import assessing, finding, telling, undoing
from openfls.service.actor import Actor
from openfls.service.claims import EARLIER, RECORD, TYPED, Known
from openfls.service.known import known_of
from openfls.service.models import Answer, Episode, FlsdbRow
from openfls.service.picture import picture_of
from openfls.service.told import person_says
from web.page import Page

TODAY = world.TODAY
THEN = TODAY - timedelta(days=380)
ASKED = "previous_fracture"


@pytest.fixture
def first(nurse: Actor) -> Episode:
    return world.confirmed(nurse, on=THEN)


@pytest.fixture
def second(nurse: Actor, first: Episode) -> Episode:
    return world.confirmed(nurse, person=first.person.demographics(), site=Site.HIP, side=Side.RIGHT)


def known(episode: Episode, field: str = ASKED) -> Known:
    return known_of(episode, TODAY).get(field, Known(field))


def bones(episode: Episode) -> list[Site]:
    return [each.site for each in picture_of(episode, TODAY).fractures]


def say(episode: Episode, by: Actor, **answers: object) -> None:
    assessing.answer(episode=episode, answers=answers, by=by)


def test_the_record_fills_the_question_in_with_its_source_and_day(second: Episode) -> None:
    claim = known(second).counts
    assert claim is not None
    assert (claim.kind, claim.value, claim.on) == (RECORD, True, THEN)
    assert claim.source == "the record of fractures (Left wrist, 17 May 2025)"
    assert known(second, "previous_hip_fracture") == Known("previous_hip_fracture"), "the hip is this one"
    assert bones(second) == [Site.WRIST, Site.HIP]


def test_a_yes_that_the_record_explains_adds_no_fracture(second: Episode, nurse: Actor) -> None:
    say(second, nurse, previous_fracture=True)
    assert bones(second) == [Site.WRIST, Site.HIP]
    say(second, nurse, previous_vertebral_fracture=True)  # that one the record does not hold
    assert bones(second) == [Site.WRIST, Site.HIP, Site.VERTEBRA]


def test_a_yes_of_the_earlier_assessment_spoke_of_another_one(
    first: Episode, second: Episode, nurse: Actor
) -> None:
    say(first, nurse, previous_fracture=True)
    claim = known(second).counts
    assert claim is not None
    assert claim.kind == EARLIER
    assert bones(second) == [Site.WRIST, Site.HIP, Site.UNSPECIFIED]


def test_a_fracture_that_nobody_judged_is_offered_and_takes_no_word_away(
    first: Episode, second: Episode, nurse: Actor
) -> None:
    first.fractures.update(fragility=None)
    one = known(second)
    assert one.counts is None
    assert one.offered is not None
    assert one.offered.source == "the record of fractures (Left wrist, 17 May 2025, not judged yet)"
    say(second, nurse, previous_fracture=True)
    told = PastFracture(Site.UNSPECIFIED, fragility=True)
    assert told in picture_of(second, TODAY).fractures, "the word of the person counts as it did before"


def test_before_the_age_of_50_or_without_a_birthday_the_record_says_nothing(
    first: Episode, second: Episode
) -> None:
    first.fractures.update(on=second.person.birth_date.replace(year=1999))
    assert known(second) == Known(ASKED)
    first.fractures.update(on=THEN)
    second.person.birth_date = None
    assert known(second) == Known(ASKED)


def test_a_no_against_the_record_is_shown_until_somebody_chooses(
    second: Episode, nurse: Actor, client: Client
) -> None:
    say(second, nurse, previous_fracture=False)
    assert [claim.kind for claim in known(second).rivals] == [TYPED, RECORD]
    assert known(second).value is None
    assert nurse.user is not None
    client.force_login(nurse.user)
    path = f"/episodes/{second.pk}/assessment/"
    shown = Page(client.get(path).content)
    assert "Yes from the record of fractures (Left wrist, 17 May 2025)" in shown.words
    no = known(second).rivals[0]
    client.post(path, {**shown.fields, f"choose.{ASKED}": no.key})
    one = known(second)
    assert (one.value, [claim.kind for claim in one.beside]) == (False, [RECORD])
    assert Answer.objects.latest("pk").source == f"typed, although yes in {one.beside[0].source}"
    assert bones(second) == [Site.WRIST, Site.HIP], "what is on record still counts"


def test_a_fracture_found_later_asks_again(first: Episode, second: Episode, nurse: Actor) -> None:
    told = person_says(person=second.person, field=ASKED, value=False, on=TODAY, reference="questionnaire 1")
    assert told is not None
    telling.accept(episode=second, told=told, instead="record", by=nurse)
    assert known(second).value is False
    world.confirmed(nurse, person=first.person.demographics(), on=THEN - timedelta(days=400), site=Site.ANKLE)
    assert known(second).value is None
    assert len(known(second).rivals) == 2


def test_what_the_record_says_is_chosen_and_an_emptied_field_stays_empty(
    second: Episode, nurse: Actor, client: Client
) -> None:
    say(second, nurse, previous_fracture=False)
    assert nurse.user is not None
    client.force_login(nurse.user)
    client.post(f"/episodes/{second.pk}/assessment/field/", {f"choose.{ASKED}": "record", "was": "{}"})
    assert known(second).value is True
    say(second, nurse, previous_fracture=None)
    one = known(second)
    assert (one.value, [claim.kind for claim in one.beside]) == (None, [RECORD])


def test_a_hip_said_once_more_takes_no_other_fracture_away(first: Episode, nurse: Actor) -> None:
    say(first, nurse, previous_fracture=True)  # one that the record does not hold
    person = first.person.demographics()
    world.confirmed(nurse, person=person, on=TODAY - timedelta(days=200), site=Site.HIP)
    third = world.confirmed(nurse, person=person, site=Site.ANKLE)
    before = bones(third)
    say(third, nurse, previous_hip_fracture=None)
    say(third, nurse, previous_hip_fracture=True)
    assert Site.UNSPECIFIED in before
    assert bones(third) == before


def test_what_was_taken_from_the_record_does_not_outlive_it(
    first: Episode, second: Episode, nurse: Actor, client: Client
) -> None:
    first.fractures.update(fragility=None)
    assert nurse.user is not None
    client.force_login(nurse.user)
    client.post(f"/episodes/{second.pk}/assessment/field/", {f"choose.{ASKED}": "record", "was": "{}"})
    third = world.confirmed(nurse, person=first.person.demographics(), on=TODAY, site=Site.ANKLE)
    assert known(second).value is True
    first.fractures.update(fragility=False)
    one = known(second)
    assert (one.value, [claim.value for claim in one.beside]) == (None, [True])
    assert bones(second) == [Site.HIP]
    assert bones(third) == [Site.HIP, Site.ANKLE]
    say(second, nurse, previous_fracture=True)
    assert bones(second) == [Site.HIP, Site.UNSPECIFIED], "what she says herself stands"


def test_many_fractures_are_named_in_short_and_one_more_asks_again(second: Episode, nurse: Actor) -> None:
    person = second.person.demographics()
    for days, site in ((800, Site.ANKLE), (1200, Site.HUMERUS), (1600, Site.PELVIS), (2000, Site.RIB)):
        world.confirmed(nurse, person=person, on=TODAY - timedelta(days=days), site=site)
    told = person_says(person=second.person, field=ASKED, value=False, on=TODAY, reference="questionnaire 1")
    assert told is not None
    telling.accept(episode=second, told=told, instead="record", by=nurse)
    assert known(second).value is False
    assert known(second).beside[0].source.endswith("… (5 in all))")
    assert len(Answer.objects.latest("pk").source) <= 200
    world.confirmed(nurse, person=person, on=TODAY - timedelta(days=2400), site=Site.ANKLE)
    assert known(second).value is None


def test_a_judgement_taken_back_rewrites_the_audit_rows_of_later_fractures(
    first: Episode, second: Episode, nurse: Actor
) -> None:
    def said() -> str | None:
        return FlsdbRow.objects.get(episode=second).previous_fracture

    assert said() == "Yes"
    undoing.undo(episode=first, by=nurse)
    assert said() is None, "found by a machine, judged by nobody"
    first.refresh_from_db()
    finding.refute(episode=first, reason=NotForUs.NO_FRACTURE, by=nurse)
    finding.bring_back(episode=first, by=nurse)
    first.refresh_from_db()
    finding.confirm(episode=first, by=nurse)
    assert said() == "Yes"
