"""The clinical picture: what the record says reaches the rules as it was meant."""

from __future__ import annotations

from datetime import timedelta

import pytest

import world
from openfls.record.picture import PastFracture
from openfls.record.sites import Site
from openfls.service.actions import assessing
from openfls.service.actor import Actor
from openfls.service.models import Episode
from openfls.service.picture import picture_of
from service.feed_world import load, told


def _picture(by: Actor, **answers: object):
    episode = world.confirmed(by)
    if answers:
        assessing.answer(episode=episode, answers=answers, by=by)
    return picture_of(episode, world.TODAY)


@pytest.mark.parametrize(("answered", "meant"), [("none", ""), ("alendronate", "alendronate"), (None, None)])
def test_no_bone_drug_is_none_after_asking(answered: str | None, meant: str | None, nurse: Actor) -> None:
    assert _picture(nurse, bone_drug_now=answered).bone_drug_now == meant


def test_nothing_answered_is_nothing_known(nurse: Actor) -> None:
    picture = _picture(nurse)
    assert (picture.bone_drug_now, picture.care_home, picture.frax, picture.bone_density) == (None,) * 4
    assert (picture.age, picture.sex) == (76, "female")


def test_no_is_not_unknown(nurse: Actor) -> None:
    picture = _picture(nurse, care_home=False, falls_last_year=0, smoking="never")
    assert (picture.care_home, picture.falls_last_year, picture.smoking) == (False, 0, "never")


def test_half_a_frax_result_is_none(nurse: Actor) -> None:
    half: dict[str, object] = {
        "frax.major_osteoporotic_pct": 20.0,
        "frax.hip_pct": 5.0,
        "frax.on": "2026-05-01",
    }
    assert _picture(nurse, **half).frax is None
    whole = _picture(nurse, **half, **{"frax.country_model": "UK", "frax.with_bmd": False})
    assert whole.frax is not None
    assert whole.frax.on.isoformat() == "2026-05-01"


def test_earlier_fractures_that_were_told(nurse: Actor) -> None:
    fractures = _picture(nurse, previous_fracture=True, previous_hip_fracture=True).fractures
    assert PastFracture(Site.HIP, fragility=True) in fractures
    assert len(fractures) == 2


def test_the_levels_of_the_spine_are_counted(nurse: Actor) -> None:
    episode = world.confirmed(nurse)
    episode.fractures.update(site=Site.VERTEBRA, side="", levels="T12;L1")
    assert picture_of(episode, world.TODAY).fractures[0].levels == ("T12", "L1")


def test_both_bones_of_one_event_count(nurse: Actor) -> None:
    person = world.demographics()
    load(nurse.service, [told(person, "a"), told(person, "b", day=3, site=Site.HIP)])
    episode = Episode.objects.select_related("person", "service").get()
    later = episode.index_date + timedelta(days=30)
    assert {each.site for each in picture_of(episode, later).fractures} == {Site.WRIST, Site.HIP}
