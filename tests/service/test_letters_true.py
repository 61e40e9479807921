"""A letter says only what the record holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

import world
from openfls.information.compose import block_texts
from openfls.information.letter import LetterKind
from openfls.record.people import NHS_NUMBER, Identifier
from openfls.record.questions import by_field
from openfls.record.reasons import Drug
from openfls.service import letters
from openfls.service.actions import assessing, writing
from openfls.service.actor import Actor
from openfls.service.models import Episode, PlanDetail

IN_HOSPITAL = {
    *(Drug.ZOLEDRONATE, Drug.TERIPARATIDE, Drug.ABALOPARATIDE, Drug.ROMOSOZUMAB, Drug.IBANDRONATE_IV),
}
BY_EITHER = {Drug.DENOSUMAB, Drug.IBANDRONATE}


def _text(episode: Episode, kind: str, by: Actor) -> str:
    letter = letters.written(episode, LetterKind(kind), by.user)
    return "\n".join(text for block in letter.blocks for text in block_texts(block))


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (3, "Fell 3 times in the last year, with this fracture."),
        (1, "Fell once in the last year, with this fracture."),
        (0, None),
        (None, None),
    ],
)
def test_why_the_falls_team_is_asked(answer: int | None, said: str | None, nurse: Actor) -> None:
    episode = world.planned(nurse)
    assessing.answer(episode=episode, answers={"falls_last_year": answer}, by=nurse)
    text = _text(episode, "falls_referral", nurse)
    assert "after a fall" not in text
    assert (said in text) if said else ("Fell" not in text)


@pytest.mark.parametrize("drug", Drug)
def test_who_is_asked_to_prescribe(drug: Drug, nurse: Actor) -> None:
    episode = world.planned(nurse, agreed=replace(world.AGREED, drug=drug))
    gp, person = (_text(episode, kind, nurse) for kind in ("gp", "person"))
    asked = drug not in IN_HOSPITAL | BY_EITHER
    assert ("Consider prescribing" in gp) is asked
    assert ("We will ask your GP" in person) is asked
    assert ("our service arranges it" in gp) is (drug in IN_HOSPITAL)
    assert ("who gives it is still to be agreed" in gp) is (drug in BY_EITHER)


def test_the_person_is_promised_what_may_not_have_been_sent(nurse: Actor) -> None:
    text = _text(world.planned(nurse), "person", nurse)
    assert "We have asked" not in text
    for words in ("your GP", "for a bone scan", "the falls team"):
        assert f"We will ask {words}" in text


@pytest.mark.parametrize(("system", "shown"), [("hospital number", "RX4411"), ("https://fhir.example", "")])
def test_the_hospital_number_is_the_hospitals(system: str, shown: str, nurse: Actor) -> None:
    numbers = (Identifier(NHS_NUMBER, world.nhs_number()), Identifier(system, "RX4411"))
    episode = world.planned(nurse, person=world.demographics(identifiers=numbers))
    assert letters.context_of(episode, None).person.hospital_number == shown


def test_the_gp_is_told_what_bears_on_the_drug_where_it_is_known(nurse: Actor) -> None:
    episode = world.planned(nurse)
    assert "Body-mass index" not in _text(episode, "gp", nurse)
    known = {
        "egfr": 48.0,
        "crp_mg_l": 3.0,
        "parent_hip_fracture": True,
        "height_cm": 160.0,
        "weight_kg": 64.0,
    }
    assessing.answer(episode=episode, answers=known, by=nurse)
    text = _text(episode, "gp", nurse)
    for words in ("eGFR", "48", "CRP", "Body-mass index\n25.0 kg/m²"):
        assert words in text
    assert by_field()["parent_hip_fracture"].label in text


def test_the_letters_tell_the_plan_as_it_was_talked_about_and_greet_without_shouting(nurse: Actor) -> None:
    agreed = replace(
        world.AGREED,
        offered=("alendronate", "zoledronate"),
        what_matters="To dance  again",
        lifestyle=("exercise",),
        dental="advice",
        come_back_on=world.TODAY + timedelta(days=100),
    )
    shouted = world.demographics(family_name="SMITH", given_name="ADA")
    episode = world.planned(nurse, person=shouted, agreed=agreed)
    gp, person = (_text(episode, kind, nurse) for kind in ("gp", "person"))
    assert "Talked about: alendronate, zoledronate; exercise; care of the teeth." in gp
    assert "To dance again." in gp
    assert "You told us what matters to you: To dance again." in person
    assert "We will talk about the medicine again on or near 9 September 2026." in person
    letter = writing.write(episode=episode, kind="person", by=nurse)
    assert letters.value_of(letter).salutation == "Dear Ada Smith"
    assert "SMITH" in episode.person.name


def test_a_specialist_who_is_asked_beside_the_drug_gets_a_letter(nurse: Actor) -> None:
    episode = world.planned(nurse, agreed=replace(world.AGREED, specialist="referred"))
    assert "Advise on treatment" in _text(episode, "specialist_referral", nurse)


def test_the_gp_is_not_asked_to_prescribe_what_a_prescriber_of_the_service_answers_for(nurse: Actor) -> None:
    ours = replace(world.AGREED, signing=PlanDetail.Signing.PRESCRIBER)
    gp, person = (_text(world.planned(nurse, agreed=ours), kind, nurse) for kind in ("gp", "person"))
    assert "Consider prescribing" not in gp
    assert "Do not prescribe alendronate." in gp
    assert "We will arrange this for you." in person
