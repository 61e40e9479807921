"""The pages about guidance: proposed, counted, decided by another; side by side; as advised; FRAX recorded."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import timedelta

import pytest

import world
from openfls.record.people import Sex
from openfls.record.questions import QuestionKind, by_field
from openfls.service import clock, watching
from openfls.service.actions import assessing, planning, treating
from openfls.service.guidance import guidance_of
from openfls.service.models import GuidelineChange
from openfls_qfracture import DISCLAIMER
from service import asking_world as aw
from web.conftest import signed_in
from web.page import Page

pytestmark = pytest.mark.django_db
NG259 = "NG259@2026-07-29"
FORM = {
    "guideline": NG259,
    "falls": "NG249@2025-04-29",
    "bloods": "BLOODS@2024",
    "nogg_between_ages": "band",
    "is_on": "yes",
    "reason": "Our region",
}
FRAX = {"on": "1 6 2026", "major": "12,5", "hip": "3", "country_model": "UK", "with_bmd": "no"}


def test_a_threshold_is_proposed_by_one_and_approved_by_another(nurse, client) -> None:
    episode = world.confirmed(nurse)
    frax = {"frax.on": "2026-06-01", "frax.major_osteoporotic_pct": 12.0, "frax.hip_pct": 3.0}
    assessing.answer(
        episode=episode, answers={**frax, "frax.country_model": "UK", "frax.with_bmd": False}, by=nurse
    )
    answer = client.post("/guidance/propose/", FORM | {"ng259_consider_dxa_major_pct": "15"})
    assert answer.status_code == 302
    own = Page(client.get(answer.headers["Location"]).content)
    assert "1 of 1 people under care would be advised differently" in own.words
    assert episode.person.name in own.words
    assert "You proposed it: a second person decides." in own.words
    decide = answer.headers["Location"] + "decide/"
    client.post(decide, {"approve": "1"})
    assert guidance_of(nurse.service, world.TODAY).settings == {}, "not by the proposer, whatever is posted"

    rows = list(
        csv.reader(b"".join(client.get(answer.headers["Location"] + "who.csv")).decode().splitlines())
    )
    assert rows[1][0] == episode.person.name
    assert "NG259-1.4.2" in rows[1][3]

    second = signed_in(aw.lead(nurse.service))
    assert 'name="approve"' in second.get(answer.headers["Location"]).content.decode()
    second.post(decide, {"approve": "1"})
    assert guidance_of(nurse.service, world.TODAY).value(NG259, "consider_dxa_major_pct") == 15
    page = Page(client.get("/guidance/").content)
    assert "Approved" in page.words
    assert "10 % → 15 %" in page.words
    assert "ours" in Page(client.get("/guidance/rules/ng259-2026-07-29/").content).words


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("ng259_treat_t_score", "25", "Enter a number between -6 and 0"),
        ("nogg_several_factors", "two", "Enter a number, without the unit"),
        ("wanted_from", "31 2 2027", "Enter a date"),
        ("wanted_from", "1 5 2026", "today or later"),
        ("reason", "", "Say why this should change"),
        ("falls", "CG161@2013", "Choose one"),
    ],
)
def test_a_slip_is_named_and_nothing_is_lost(field, typed, said, client) -> None:
    answer = client.post("/guidance/propose/", FORM | {"bloods_severe_t_score": "-2.8", field: typed})
    page = Page(answer.content)
    assert answer.status_code == 422
    assert any(said in words for _, words in page.summary)
    assert all(place in page.ids for place, _ in page.summary)
    assert page.fields["bloods_severe_t_score"] == "-2.8"
    assert not GuidelineChange.objects.exists()


def test_where_the_guidelines_differ_stands_first_with_rule_strength_source_and_mark(nurse, client) -> None:
    episode = world.confirmed(nurse)
    page = Page(client.get(f"/episodes/{episode.pk}/advice/").content)
    for words in ("Why?", "What would change it?", "checked, second-hand", "NOGG 2024, section 4", "strong"):
        assert words in page.words
    for internal in ("also no vfa", "Qfracture", "Above scanner limit", "VFA positive"):
        assert internal not in page.words, internal
    assert page.words.index("They differ") < page.words.index("Who is assessed")
    opened = client.get(f"/episodes/{episode.pk}/advice/?all=1").content.decode()
    assert opened.count("<details") == opened.count(" open><summary"), "for print every reason is open"


def test_advice_of_the_day_is_shown_as_it_was_after_the_guideline_has_changed(nurse, client) -> None:
    episode = world.assessed(nurse)
    with clock.at(clock.now() + timedelta(days=200)):
        aw.in_force(nurse, aw.by_nogg(nurse.service))
        page = Page(client.get(f"/episodes/{episode.pk}/advice/as-given/").content)
    assert "As advised on 1 June 2026" in page.words
    assert "Under NG259, version 2026-07-29" in page.words
    assert "Given again: the same, bit for bit" in page.words
    episode.assessment.advice["packs"][0]["advice"][0]["text"] = "Do nothing."
    episode.assessment.save()
    page = Page(client.get(f"/episodes/{episode.pk}/advice/as-given/").content)
    assert "Given again it is not the same." in page.words


def test_switched_off_no_page_shows_advice_and_each_says_so(nurse, client) -> None:
    episode = world.confirmed(nurse)
    client.post(f"/episodes/{episode.pk}/risk/frax/", FRAX)
    aw.in_force(nurse, replace(guidance_of(nurse.service, world.TODAY), is_on=False))
    for path in ("advice/", "risk/", "assessment/"):
        words = Page(client.get(f"/episodes/{episode.pk}/{path}").content).words
        assert "switched decision support off" in words
        assert "NG259-" not in words
        assert "Intervention" not in words
    assert "12.5 %" in Page(client.get(f"/episodes/{episode.pk}/risk/").content).words, "a record stays"


def test_switched_off_no_drug_is_judged_and_a_plan_is_agreed_all_the_same(nurse, client) -> None:
    episode = world.assessed(nurse)
    treating.start(episode=episode, drug="denosumab", started_on=world.TODAY - timedelta(days=250), by=nurse)
    watching.look(episode.pk)
    assert "Options, the first to consider" in Page(client.get(f"/episodes/{episode.pk}/plan/").content).words
    aw.in_force(nurse, replace(guidance_of(nurse.service, world.TODAY), is_on=False))
    for path in ("plan/", "deciding-together/"):
        words = Page(client.get(f"/episodes/{episode.pk}/{path}").content).words
        assert "switched decision support off" in words
        for advice in ("Options, the first", "Contraindicated", "Suitable", "NG259-", "% ("):
            assert advice not in words
    assert "Denosumab is late" in Page(client.get(f"/episodes/{episode.pk}/plan/").content).words
    agreed = replace(world.AGREED, decisions={"DMAB-LATE": "Given this week"})
    plan = planning.agree(episode=episode, agreed=agreed, agreed_on=world.TODAY, by=nurse)
    assert plan.detail.shown["options"] == {}, "what was not shown is not kept as shown"


def test_frax_is_recorded_whole_and_drawn_with_its_table(nurse, client) -> None:
    episode = world.confirmed(nurse)
    path = f"/episodes/{episode.pk}/risk/"
    assert "No FRAX result is on record." in Page(client.get(path).content).words
    assert client.post(path + "frax/", FRAX).status_code == 302
    assessing.answer(episode=episode, answers={"falls_last_year": 2}, by=nurse)
    body = client.get(path).content.decode()
    page = Page(body.encode())
    assert "Recorded: 1 June 2026, country model UK, without bone density 12.5 % 3 %" in page.words
    assert "Our arithmetic, not FRAX" in page.words
    assert "This person: age 76, 10-year probability of a major osteoporotic fracture 12.5 %" in body
    assert "(this person: 12.5 )" in page.words.replace("12.5)", "12.5 )")
    assert "read second-hand" in page.words
    assert "FRAX of 1 June 2026" in page.words


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


def test_the_score_stands_with_its_disclaimer_and_the_hip_for_both_where_it_is_higher(nurse, client) -> None:
    man = world.demographics(sex=Sex.MALE, birth_date=world.TODAY.replace(year=1946))
    episode = world.confirmed(nurse, person=man)
    worse = {"parkinsons": True, "type_1_diabetes": True, "care_home": True}
    assessing.answer(episode=episode, answers=EVERYTHING | worse, by=nurse)
    words = Page(client.get(f"/episodes/{episode.pk}/risk/").content).words
    assert "The equation for the hip gives the higher figure, so it is shown for both." in words
    assert " ".join(DISCLAIMER.split()) in words


def test_outside_its_range_there_is_no_score_and_the_reason_is_in_words(nurse, client) -> None:
    episode = world.confirmed(nurse)
    assessing.answer(episode=episode, answers=EVERYTHING | {"weight_kg": 45.0}, by=nurse)
    words = Page(client.get(f"/episodes/{episode.pk}/risk/").content).words
    assert "No QFracture score" in words
    assert "for a body-mass index of 20 to 40 kg/m²; this person's is 16.5" in words
    assert "error:" not in words


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"hip": "20"}, "swapped"),
        ({"on": "2 6 2026"}, "today or in the past"),
        ({"on": "27 3 1949"}, "before the person was born"),
        ({"major": "120"}, "Major osteoporotic fracture in ten years: enter a number between 0 and 100"),
        ({"with_bmd": ""}, "Say whether bone density went in"),
        ({"country_model": ""}, "Choose the country model"),
    ],
)
def test_a_frax_result_that_cannot_be_is_refused(changed, said, nurse, client) -> None:
    episode = world.confirmed(nurse)
    answer = client.post(f"/episodes/{episode.pk}/risk/frax/", FRAX | changed)
    assert answer.status_code == 422
    assert any(said in words for _, words in Page(answer.content).summary)


def test_an_odd_frax_result_is_asked_about_once(nurse, client) -> None:
    episode = world.confirmed(nurse, person=world.demographics(birth_date=world.TODAY.replace(year=1930)))
    path = f"/episodes/{episode.pk}/risk/frax/"
    answer = client.post(path, FRAX)
    assert answer.status_code == 422
    assert "calculates as at 90" in Page(answer.content).words
    accepted = Page(answer.content).fields["accepted"]
    assert client.post(path, FRAX | {"major": "17", "accepted": accepted}).status_code == 422
    assert client.post(path, FRAX | {"accepted": accepted}).status_code == 302
