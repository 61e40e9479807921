"""Rows brought for many people say of each what they say when asked for alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

import world
from openfls.record.sites import Side, Site
from openfls.service.actions import assessing, telling
from openfls.service.actor import Actor
from openfls.service.models import Episode, ToldValue
from openfls.service.picture import picture_of
from openfls.service.rows import bring
from service import asking_world as aw

pytestmark = pytest.mark.django_db


def test_a_picture_is_the_same_however_its_rows_came(nurse: Actor) -> None:
    twice = world.demographics()
    first = world.confirmed(nurse, person=twice, on=world.TODAY - timedelta(days=400))
    second = world.confirmed(nurse, person=twice, site=Site.HIP, side=Side.RIGHT)
    scan = {"bone_density.on": "2025-06-01", "bone_density.total_hip_t": -2.7}
    assessing.answer(episode=first, answers=scan | {"smoking": "never"}, by=nurse)
    assessing.answer(episode=second, answers={"falls_last_year": 1, "previous_hip_fracture": True}, by=nurse)
    third = aw.sent(nurse).episode
    telling.accept(episode=third, told=ToldValue.objects.get(), by=nurse)
    world.confirmed(nurse)
    alone = {
        episode.pk: picture_of(episode, world.TODAY) for episode in Episode.objects.select_related("person")
    }
    together = bring(list(Episode.objects.select_related("person")))
    assert {episode.pk: picture_of(episode, world.TODAY) for episode in together} == alone
    assert alone[second.pk].bone_density is not None, "typed into the other assessment"
    assert alone[third.pk].falls_last_year == 2
    assert len(set(map(repr, alone.values()))) == 4


def test_many_take_as_few_questions_to_the_database_as_two(
    nurse: Actor, django_assert_max_num_queries: object
) -> None:
    for _ in range(4):
        assessing.answer(episode=world.confirmed(nurse), answers={"falls_last_year": 1}, by=nurse)
    episodes = list(Episode.objects.select_related("person"))
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        for episode in bring(episodes):
            picture_of(episode, world.TODAY)
