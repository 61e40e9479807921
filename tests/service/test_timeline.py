"""The timeline: a telephone clinic is one entry, and a plan stands where it was agreed."""

from __future__ import annotations

from datetime import timedelta

import world
from openfls.service.actions import assessing, planning
from openfls.service.actor import Actor
from openfls.service.models import Answer
from openfls.service.timeline import timeline_of


def test_the_answers_of_one_sitting_are_one_entry(nurse: Actor) -> None:
    episode = world.confirmed(nurse)
    for answers in ({"care_home": True}, {"frail": False}, {"care_home": False}):
        assessing.answer(episode=episode, answers=answers, by=nurse)
    (entry,) = [each for each in timeline_of(episode.person) if each.kind == "Answers"]
    assert entry.title == "2 answers recorded"
    assert entry.detail.count("No") == 2
    first = Answer.objects.earliest("id")
    Answer.objects.filter(pk=first.pk).update(at=first.at - timedelta(days=1))
    assert len([each for each in timeline_of(episode.person) if each.kind == "Answers"]) == 2


def test_a_plan_stands_after_the_assessment_of_its_day(nurse: Actor) -> None:
    episode = world.assessed(nurse)
    planning.agree(episode=episode, agreed=world.AGREED, agreed_on=world.TODAY, by=nurse)
    order = [each.title for each in timeline_of(episode.person)]
    assert (
        order.index("A drug is recommended")
        < order.index("Assessment finished")
        < order.index("Fracture confirmed")
    )
