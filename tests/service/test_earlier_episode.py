"""A second episode: what stays true is there, what may have changed is offered, and nothing of it silently."""

from __future__ import annotations

from datetime import timedelta

import pytest

import world
from openfls.record.questions import Earlier, by_field
from openfls.record.sites import Side, Site
from openfls.service.actions import assessing
from openfls.service.actor import Actor
from openfls.service.claims import EARLIER
from openfls.service.known import known_of, values_of
from openfls.service.models import Episode
from openfls.service.picture import picture_of
from service import results_world as rw

TODAY = world.TODAY
BEFORE = {
    "parent_hip_fracture": True,
    "rheumatoid_arthritis": True,
    "lupus": False,
    "previous_fracture": False,
    "height_cm": 160.0,
    "weight_kg": 61.0,
    "smoking": "never",
    "falls_last_year": 2,
    "cord_signs": False,
    "creatinine_umol_l": 82.0,
    "bone_density.on": "2025-05-01",
    "bone_density.total_hip_t": -2.4,
    "frax.hip_pct": 4.0,
}


@pytest.fixture
def second(nurse: Actor) -> Episode:
    person = world.demographics()
    first = world.confirmed(nurse, person=person, on=TODAY - timedelta(days=380))
    assessing.answer(episode=first, answers=BEFORE, known_on=TODAY - timedelta(days=300), by=nurse)
    return world.confirmed(nurse, person=person, site=Site.HIP, side=Side.RIGHT)


def test_what_stays_true_counts_and_says_from_where(second: Episode) -> None:
    known = known_of(second, TODAY)
    filled = {name for name, one in known.items() if one.counts and one.counts.kind == EARLIER}
    assert filled == {"parent_hip_fracture", "rheumatoid_arthritis", "height_cm"}
    claim = known["parent_hip_fracture"].counts
    assert claim is not None
    assert (claim.on, claim.by) == (TODAY - timedelta(days=300), "Nurse Example")
    assert claim.source == "the assessment after the fracture of 17 May 2025"
    assert picture_of(second, TODAY).parent_hip_fracture is True


def test_what_may_have_changed_is_offered_and_counts_for_nothing(second: Episode) -> None:
    known = known_of(second, TODAY)
    offered = {name for name, one in known.items() if one.offered}
    assert offered == {"lupus", "weight_kg", "smoking", "falls_last_year", "creatinine_umol_l"}
    assert not offered & values_of(second).keys()
    picture = picture_of(second, TODAY)
    assert (picture.weight_kg, picture.smoking, picture.lupus, picture.frax) == (None, None, None, None)
    # Asked anew, or of one day: never shown as an answer. A no to earlier fractures is no longer true.
    assert not {"cord_signs", "frax.hip_pct"} & {
        name for name, one in known.items() if one.counts or one.offered
    }
    # A no to earlier fractures is no longer true: the record knows the fracture that came after it.
    assert (known["previous_fracture"].value, known["previous_fracture"].rivals) == (True, ())
    assert picture.bone_density is not None, "the scan itself is the person's"


def test_a_result_an_answer_and_an_emptied_field_go_before(second: Episode, nurse: Actor) -> None:
    rw.bring(second, weight_kg=58.0)
    assessing.answer(episode=second, answers={"height_cm": 158.0, "parent_hip_fracture": False}, by=nurse)
    assessing.answer(episode=second, answers={"rheumatoid_arthritis": False}, by=nurse)
    assessing.answer(episode=second, answers={"rheumatoid_arthritis": None}, by=nurse)
    known = known_of(second, TODAY)
    assert (known["weight_kg"].value, known["weight_kg"].offered) == (58.0, None)
    assert (known["height_cm"].value, known["parent_hip_fracture"].value) == (158.0, False)
    assert known["rheumatoid_arthritis"].value is None


def test_a_later_episode_tells_an_earlier_one_nothing(nurse: Actor, second: Episode) -> None:
    assessing.answer(episode=second, answers={"dementia": True}, by=nurse)
    first = second.person.episodes.exclude(pk=second.pk).get()
    assert "dementia" not in known_of(first, TODAY)


def test_only_a_yes_or_a_fixed_value_stays() -> None:
    for question in by_field().values():
        assert not (question.earlier is Earlier.STAYS_IF_YES and question.stays(False)), question.field
    assert by_field()["height_cm"].stays(160.0)
    assert not by_field()["smoking"].stays("never")
