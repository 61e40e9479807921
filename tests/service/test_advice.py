"""The advice that an assessment keeps: replayable, with the score and its disclaimer."""

from __future__ import annotations

import pytest

import world
from openfls.investigation import evaluate, pack
from openfls.investigation.codec import picture_from_dict
from openfls.record.questions import QuestionKind, by_field
from openfls.service import clock
from openfls.service.actions import assessing
from openfls.service.advice import advise
from openfls_qfracture import DISCLAIMER

pytestmark = pytest.mark.django_db

_EVERYTHING = {
    field: False for field, question in by_field().items() if question.kind is QuestionKind.YES_NO
} | {
    "height_cm": 160.0,
    "weight_kg": 60.0,
    "alcohol_units_week": 0.0,
    "smoking": "never",
    "ethnic_group": "white or not recorded",
    "falls_last_year": 1,
    "fracture_history_taken": True,
}


@pytest.fixture
def episode():
    with clock.at(world.at_noon(world.TODAY)):
        yield world.confirmed(world.member(world.service()))


def test_no_score_without_its_inputs_and_they_are_named(episode) -> None:
    found = advise(episode, world.TODAY)["qfracture"]
    assert "version" not in found
    assert {"height_cm and weight_kg", "smoking"} <= set(found["missing"])


def test_a_score_stands_with_its_disclaimer_and_takes_no_advice_away(episode) -> None:
    nurse = world.member(episode.service, username="second")
    before = {line["rule"] for shown in advise(episode, world.TODAY)["packs"] for line in shown["advice"]}
    assessing.answer(episode=episode, answers=_EVERYTHING, by=nurse)
    after = advise(episode, world.TODAY)
    assert after["qfracture"]["disclaimer"] == DISCLAIMER
    assert 0 < after["qfracture"]["hip_pct"] < after["qfracture"]["major_osteoporotic_pct"] < 50
    assert before <= {line["rule"] for shown in after["packs"] for line in shown["advice"]}


def test_kept_advice_is_replayed_from_what_was_kept_with_it(episode) -> None:
    nurse = world.member(episode.service, username="second")
    assessing.answer(episode=episode, answers=_EVERYTHING, by=nurse)
    kept = assessing.finish(episode=episode, assessed_on=world.TODAY, by=nurse).advice
    picture = picture_from_dict(kept["picture"])
    for shown in kept["packs"]:
        again = evaluate(pack(shown["pack"]), picture)
        assert [line["rule"] for line in shown["advice"]] == list(
            dict.fromkeys(advice.trace.rule for advice in again.advice)
        )
