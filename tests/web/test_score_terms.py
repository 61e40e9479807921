"""Wherever a QFracture score can be read, the terms of its licence stand beside it: page, print, letter, lesson."""

from __future__ import annotations

import pytest
from django.test import Client

import world
from openfls.record.questions import QuestionKind, by_field
from openfls.service import clock, letters
from openfls.service.actions import assessing
from openfls.service.actor import Actor
from openfls.service.advice import advise
from openfls.service.models import Episode
from openfls.training.loader import shipped
from openfls.web.guard import Route
from openfls.web.urls import ROUTES
from openfls_qfracture import DISCLAIMER
from web.page import Page

EVERYTHING = {
    field: False for field, question in by_field().items() if question.kind is QuestionKind.YES_NO
} | {
    "height_cm": 165.0,
    "weight_kg": 68.0,
    "alcohol_units_week": 0.0,
    "smoking": "never",
    "ethnic_group": "white or not recorded",
    "falls_last_year": 1,
    "fracture_history_taken": True,
}
WITH_A_SCORE = {"assessment", "results", "plan", "aid", "advice", "advice-given", "risk"}


def _pages_of_one_person(episode: Episode) -> dict[str, str]:
    records = {"episodes/<uuid:pk>/": episode.pk, "people/<uuid:pk>/": episode.person_id}
    return {
        route.name: "/" + route.address.replace("<uuid:pk>", str(pk))
        for route in ROUTES
        for begins, pk in records.items()
        if isinstance(route, Route) and route.address.startswith(begins) and "GET" in route.methods
        if route.address.count("<") == 1
    }


@pytest.mark.django_db
def test_every_page_of_a_person_that_shows_the_score_shows_its_terms(nurse: Actor, client: Client) -> None:
    assert nurse.user is not None
    client.force_login(nurse.user)
    episode = world.confirmed(nurse)
    assessing.answer(episode=episode, answers=EVERYTHING, by=nurse)
    score = advise(episode, clock.today())["qfracture"]
    figures = {f"{score[name]:.1f}" for name in ("major_osteoporotic_pct", "hip_pct")}
    pages = _pages_of_one_person(episode)
    seen = set()

    def look(names: set[str]) -> None:
        for name in names:
            answer = client.get(pages[name])
            if answer.status_code != 200 or "html" not in answer["Content-Type"]:
                continue
            words = Page(answer.content).words
            if any(figure in words for figure in figures):
                seen.add(name)
                assert " ".join(DISCLAIMER.split()) in words, name

    look({"assessment"})
    assessing.finish(episode=episode, assessed_on=world.TODAY, by=nurse)
    look(set(pages) - {"assessment"})
    assert seen == WITH_A_SCORE


@pytest.mark.django_db
def test_no_letter_and_no_leaflet_of_a_person_names_the_score(nurse: Actor) -> None:
    """A letter that showed one would carry the terms by itself (`information.compose`); none is given one."""
    episode = world.confirmed(nurse)
    assessing.answer(episode=episode, answers=EVERYTHING, by=nurse)
    assert letters.context_of(episode, None).risks == ()


@pytest.mark.parametrize("quoted", ["6.3 %", "6.8 %"])
def test_a_lesson_or_a_case_that_quotes_a_score_of_ours_ends_with_the_terms(quoted: str) -> None:
    texts = [text for topic in shipped().topics.values() for text in (topic.lesson, topic.case)]
    quoting = [text for text in texts if "QFracture" in text and quoted in text]
    assert quoting
    assert all(DISCLAIMER in text for text in quoting)
