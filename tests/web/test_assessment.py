"""The assessment page over HTTP: saved field by field, nothing of another's written over, refusals in plain words."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

import world
from openfls.record.sites import Side, Site
from openfls.service import clock
from openfls.service.actions import assessing
from openfls.service.actor import Actor
from openfls.service.known import known_of, values_of
from openfls.service.models import Answer, AuditEvent, Episode
from openfls.service.told import person_says
from service import results_world as rw
from web.page import Page

TODAY = world.TODAY


@pytest.fixture
def episode(nurse: Actor) -> Episode:
    return world.confirmed(nurse)


@pytest.fixture(autouse=True)
def _signed_in(client: Client, nurse: Actor) -> None:
    assert nurse.user is not None
    client.force_login(nurse.user)


def path(episode: Episode, rest: str = "") -> str:
    return f"/episodes/{episode.pk}/assessment/{rest}"


def page(client: Client, episode: Episode) -> Page:
    return Page(client.get(path(episode)).content)


def save(client: Client, episode: Episode, **typed: Any) -> Any:
    fields = {name.replace("__", "."): value for name, value in typed.items()}
    return client.post(path(episode, "field/"), fields)


def test_what_is_known_stands_there_with_its_source_and_is_not_saved_again(
    client: Client, episode: Episode
) -> None:
    rw.bring(episode, creatinine_umol_l=82.0)
    shown = page(client, episode)
    assert shown.fields["creatinine_umol_l"] == "82"
    assert f"from {rw.LAB}, 27 May 2026 · 5 days ago" in shown.words
    client.post(path(episode), {**shown.fields, "falls_last_year": "1"})
    assert list(Answer.objects.values_list("field", flat=True)) == ["falls_last_year"]


def test_a_field_is_saved_when_it_is_left(client: Client, episode: Episode) -> None:
    answer = save(client, episode, weight_kg="61", was="{}")
    told = answer.json()
    assert (answer.status_code, told["said"]) == (200, "Saved 13:00")
    assert told["was"] == {"weight_kg": "61"}
    assert "typed by" in told["notes"]["weight_kg"]
    assert told["sections"]["section-body-and-habits"] == ["1 of 6 answered", False]
    assert "Creatinine clearance cannot be worked out" in told["side"]
    assert values_of(episode) == {"weight_kg": 61.0}


def test_what_somebody_else_wrote_meanwhile_is_not_written_over(
    client: Client, episode: Episode, nurse: Actor
) -> None:
    opened = page(client, episode)
    other = world.member(nurse.service, username="samuel")
    assessing.answer(episode=episode, answers={"weight_kg": 70.0, "care_home": True}, by=other)
    typed = {"was": opened.fields["was"], "weight_kg": "61", "care_home": "", "height_cm": "160"}
    answer = client.post(path(episode), typed)
    shown = Page(answer.content)
    assert answer.status_code == 422
    assert "Weight: Meanwhile Samuel Example says: 70 kg. If yours is right, save again." in [
        words for _, words in shown.summary
    ]
    assert values_of(episode) == {"weight_kg": 70.0, "care_home": True}
    assert shown.checked["care_home"] == "yes"
    again = {**typed, "care_home": "yes", "was": shown.fields["was"], "over": shown.fields["over"]}
    assert client.post(path(episode), again).status_code == 302
    # What she had not touched stays as the other left it.
    assert values_of(episode) == {"weight_kg": 61.0, "care_home": True, "height_cm": 160.0}


def test_an_unseen_third_change_is_asked_about_again(client: Client, episode: Episode, nurse: Actor) -> None:
    typed = {"was": "{}", "weight_kg": "61"}
    for kilograms in (70.0, 75.0):
        assessing.answer(episode=episode, answers={"weight_kg": kilograms}, by=nurse)
        assert save(client, episode, **typed, over="weight_kg=70").status_code == (
            200 if kilograms == 70 else 422
        )
    assert values_of(episode)["weight_kg"] == 75.0


def test_a_result_that_comes_while_the_page_is_open_is_shown_before_it_is_written_over(
    client: Client, episode: Episode
) -> None:
    opened = page(client, episode)
    rw.bring(episode, creatinine_umol_l=82.0)
    answer = save(client, episode, creatinine_umol_l="95", was=opened.fields["was"])
    assert answer.status_code == 422
    assert f"Meanwhile {rw.LAB} says: 82 µmol/L." in answer.json()["said"]


REFUSED = [
    ("weight_kg", "600", "cannot be right"),
    ("bone_density.total_hip_t", "25", "decimal point"),
    ("bone_density.on", "3 6 2026", "must be today or in the past"),
    ("bone_density.on", "3 6 1940", "before the person was born"),
    ("dxa.requested_on", "3 6 2027", "must be today or in the past"),
    ("egfr", "normal", "Enter a number"),
    ("tsh_mu_l", "2 mU", "without the unit"),
    ("dxa.machine", "x" * 201, "200 characters or fewer"),
]


def test_refusals_name_the_question_in_plain_words(client: Client, episode: Episode) -> None:
    from openfls.record.questions import by_field

    typed = {field: text for field, text, _ in REFUSED}
    shown = Page(client.post(path(episode), {**typed, "was": "{}"}).content)
    told = client.post(path(episode, "field/"), {**typed, "was": "{}"}).json()
    for said in (" ".join(words for _, words in shown.summary), told["said"]):
        assert "Ensure this value" not in said
        for field, _, why in REFUSED:
            assert why in said
            assert by_field()[field].label in said
    assert set(told["notes"]) == set(typed)
    assert not Answer.objects.exists()


def test_a_scan_may_be_booked_ahead(client: Client, episode: Episode) -> None:
    assert save(client, episode, dxa__booked_for="30 6 2026", was="{}").status_code == 200


def test_a_wrong_day_of_assessment_is_never_passed_over(client: Client, episode: Episode) -> None:
    days = {
        "1 7 2026": "The date must be today",
        "1 1 2020": "must not be before the fracture",
        "soon": "Enter a",
    }
    for day, why in days.items():
        answer = client.post(path(episode), {"weight_kg": "61", "assessed_on": day})
        shown = Page(answer.content)
        assert answer.status_code == 422
        assert "Assessed on: " in shown.words
        assert why in shown.words
        assert "Saved." not in shown.words


def test_one_no_answers_the_rest_of_a_section(client: Client, episode: Episode) -> None:
    save(client, episode, dementia="yes", was="{}")
    save(client, episode, rest_no="Conditions", was="{}")
    known = values_of(episode)
    assert (known["dementia"], known["lupus"]) == (True, False)
    assert "postmenopausal" not in known  # asked by itself
    assert "ssri" not in known  # of another section


def test_half_a_frax_result_waits_for_the_rest(client: Client, episode: Episode) -> None:
    half = save(client, episode, **{"frax__hip_pct": "5"}, was="{}")
    assert (half.status_code, half.json()["said"]) == (
        200,
        "A FRAX result is saved when all of it is filled in.",
    )
    assert values_of(episode) == {}


def test_of_sources_that_disagree_one_is_chosen_as_what_it_is(client: Client, episode: Episode) -> None:
    world.deliver(
        episode.service,
        rw.result(episode, "weight_kg", 60.0),
        rw.result(episode, "weight_kg", 66.0, teller="WARD"),
    )
    shown = page(client, episode)
    assert "Sources disagree" in shown.words
    assert shown.fields["weight_kg"] == ""
    ward = next(c for c in known_of(episode, TODAY)["weight_kg"].rivals if c.source == "WARD")
    client.post(path(episode), {**shown.fields, "choose.weight_kg": ward.key})
    one = known_of(episode, TODAY)["weight_kg"]
    assert one.counts is not None
    assert (one.value, one.counts.source, one.counts.on) == (66.0, "WARD", TODAY - timedelta(days=5))


def test_what_the_person_said_is_accepted_or_left(client: Client, episode: Episode) -> None:
    told = [
        person_says(person=episode.person, field=field, value=value, on=TODAY, reference="q1")
        for field, value in (("falls_last_year", 3), ("unsteady", True), ("care_home", False))
    ]
    shown = page(client, episode)
    assert "3 answers of the person wait to be accepted" in shown.words
    client.post(path(episode), {"was": "{}", "reject": f"told-{told[2].pk}"})  # type: ignore[union-attr]
    client.post(path(episode), {"was": "{}", "accept": f"told-{told[0].pk}"})  # type: ignore[union-attr]
    client.post(path(episode), {"was": "{}", "accept_all": "1", "waiting": [row.pk for row in told if row]})
    assert values_of(episode) == {"falls_last_year": 3, "unsteady": True}
    again = client.post(path(episode), {"was": "{}", "accept": f"told-{told[0].pk}"}, follow=True)  # type: ignore[union-attr]
    assert b"decided about this answer already" in again.content


def test_the_history_of_a_field_says_who_when_and_from_what(
    client: Client, episode: Episode, nurse: Actor
) -> None:
    rw.bring(episode, weight_kg=60.0)
    with clock.at(world.at_noon(TODAY) + timedelta(hours=1)):
        assessing.answer(episode=episode, answers={"weight_kg": 61.0, "care_home": False}, by=nurse)
    shown = Page(client.get(path(episode, "history/?field=weight_kg")).content)
    values = [row[2].removeprefix("Value").strip() for row in shown.rows[1:]]
    assert values == ["61 kg", "60 kg (sent as 60.0)"]
    assert rw.LAB in shown.words
    assert "Lives in a care home" not in shown.words
    assert AuditEvent.objects.filter(action="assessment.history.view").exists()
    assert "Lives in a care home" in Page(client.get(path(episode, "history/")).content).words


def test_a_section_is_open_where_something_is_missing(client: Client, episode: Episode) -> None:
    def opened() -> list[str]:
        body = client.get(path(episode)).content.decode()
        return [
            part.split('"')[0]
            for part in body.split('id="section-')[1:]
            if part.split(">")[0].endswith("open")
        ]

    before = opened()
    assert "falls" in before
    assert "walking-and-blood-pressure" not in before
    rest = ("lost_consciousness", "unable_to_get_up", "injured_by_fall", "unsteady", "fear_of_falling")
    no = dict.fromkeys((*rest, "frail", "care_home", "falls_service_now"), "no")
    save(client, episode, falls_last_year="0", **no, was="{}")
    assert "falls" not in opened()


def test_results_by_hand_finish_the_promise_to_look(client: Client, nurse: Actor) -> None:
    episode = world.planned(nurse)
    rw.scan(episode, TODAY)
    tasks = episode.tasks.filter(kind="dxa_result", done_at=None)
    assert tasks.get().due == TODAY
    client.post(f"/episodes/{episode.pk}/results/", {"was": "{}"})
    assert not tasks.exists()


def test_the_page_sends_what_it_showed(client: Client, episode: Episode) -> None:
    rw.bring(episode, weight_kg=60.0)
    assert json.loads(page(client, episode).fields["was"]) == {"weight_kg": "60"}


def test_a_telephone_gets_one_section_at_a_time(client: Client, episode: Episode) -> None:
    def opened(query: str = "", agent: str = "Mozilla/5.0 (iPhone) Mobile/15E148") -> list[str]:
        body = client.get(path(episode, query), headers={"user-agent": agent}).content.decode()
        parts = body.split('<details class="fls-section" id="section-')[1:]
        return [part.split('"')[0] for part in parts if part.split(">")[0].endswith(" open")]

    assert opened() == ["falls"]
    assert opened("?open=section-conditions") == ["conditions"]
    assert len(opened("?open=every")) == len(opened(agent="Mozilla/5.0 (X11)")) > 5
    rw.bring(episode, weight_kg=60.0)
    world.deliver(episode.service, rw.result(episode, "weight_kg", 66.0, teller="WARD"))
    assert opened() == ["falls", "body-and-habits"], "what needs a look stays open"
    form = {"was": "{}", "falls_last_year": "2", "next": "section-conditions"}
    answer = client.post(path(episode), form)
    assert answer.headers["Location"] == path(episode, "?open=section-conditions#section-conditions")
    assert values_of(episode)["falls_last_year"] == 2
    assert client.post(path(episode), {**form, "next": "//evil.test/"}).headers["Location"] == path(episode)


def test_the_enter_key_never_accepts_anything(client: Client, episode: Episode) -> None:
    person_says(person=episode.person, field="unsteady", value=True, on=TODAY, reference="q1")
    body = client.get(path(episode)).content.decode()
    buttons = body.split("data-saves-to")[1].split("<button ")[1:]
    assert "name=" not in buttons[0].split(">")[0], (
        "the first button of the form is the one that Enter presses"
    )
    assert any('name="accept_all"' in each.split(">")[0] for each in buttons[1:])


def test_an_answer_of_an_earlier_episode_counts_once_it_is_said_to_be_still_so(
    client: Client, episode: Episode, nurse: Actor
) -> None:
    earlier = {"weight_kg": 61.0, "smoking": "never", "parent_hip_fracture": True, "antidepressants": True}
    assessing.answer(episode=episode, answers={**earlier, "ssri": False}, by=nurse)
    again = world.confirmed(
        nurse, person=episode.person.demographics(), on=TODAY, site=Site.HIP, side=Side.RIGHT
    )
    shown = page(client, again)
    assert "1 answer that stays true is filled in" in shown.words
    assert "4 may have changed" in shown.words
    assert "Still so: 61 kg" in shown.words
    key = known_of(again, TODAY)["weight_kg"].offered
    assert key is not None
    save(client, again, choose__weight_kg=key.key, was="{}")
    counts = known_of(again, TODAY)["weight_kg"].counts
    assert counts is not None
    assert (counts.value, counts.on) == (61.0, TODAY)
    assert counts.source.startswith("said to be still so; first in the assessment after the fracture of")
    # “The rest are no” is no answer where she took it before, and is one where the earlier answer was no.
    save(client, again, rest_no="Medicines", was="{}")
    assert {"antidepressants", "ssri"} & values_of(again).keys() == {"ssri"}


def test_a_t_score_with_the_other_sign_than_its_source_is_asked_about(
    client: Client, episode: Episode
) -> None:
    rw.bring(episode, **{"bone_density.total_hip_t": -2.5})
    typed = {"bone_density__total_hip_t": "2.5", "was": '{"bone_density.total_hip_t": "-2.5"}'}
    first = save(client, episode, **typed)
    assert first.status_code == 422
    assert "Is the minus missing? Of the same day stands -2.5." in first.json()["said"]
    assert values_of(episode)["bone_density.total_hip_t"] == -2.5
    confirmed = "bone_density.total_hip_t=2.5"
    assert (
        save(client, episode, **{**typed, "bone_density__total_hip_t": "- 8"}, accepted=confirmed).status_code
        == 422
    )
    assert save(client, episode, **typed, accepted=confirmed).status_code == 200


def test_a_woman_of_76_with_periods_is_asked_about(client: Client, episode: Episode) -> None:
    told = save(client, episode, postmenopausal="no", was="{}")
    assert (told.status_code, "At the age of 76 this is unusual" in told.json()["said"]) == (422, True)
    assert (
        save(client, episode, postmenopausal="no", was="{}", accepted="postmenopausal=no").status_code == 200
    )


def test_this_fracture_is_not_denied_by_the_rest_of_falls(client: Client, episode: Episode) -> None:
    words = page(client, episode).words
    assert "Stays open: A fall needed medical or surgical treatment (this fracture counts)" in words
    save(client, episode, rest_no="Falls", was="{}")
    known = values_of(episode)
    assert (known["unsteady"], "injured_by_fall" in known) == (False, False)


def test_a_scan_booked_for_before_it_was_asked_for_is_asked_about(client: Client, episode: Episode) -> None:
    asked = {"dxa__requested_on": "30 5 2026", "was": "{}"}
    told = save(client, episode, **asked, dxa__booked_for="29 5 2026")
    assert (told.status_code, "before the day on which it was asked for" in told.json()["said"]) == (
        422,
        True,
    )
    sure = "dxa.booked_for=29 5 2026"
    assert save(client, episode, **asked, dxa__booked_for="29 5 2026", accepted=sure).status_code == 200


def test_who_goes_without_a_scan_is_told_the_decision_first(client: Client, episode: Episode) -> None:
    save(client, episode, dxa__without="declined", was="{}")
    words = page(client, episode).words
    decision, rule = "Goes without a scan: offered, and declined", "Without that decision the rule would say:"
    assert words.index(decision) < words.index("NICE")
    assert words.count(f"{rule} Offer a DXA scan") == words.count("Offer a DXA scan") > 0


def test_a_second_frax_result_of_a_day_replaces_the_first_only_when_both_figures_are_confirmed(
    client: Client, episode: Episode
) -> None:
    whole = {"frax__on": "30 5 2026", "frax__major_osteoporotic_pct": "18", "frax__hip_pct": "6"}
    rest = {"frax__country_model": "UK", "frax__with_bmd": "no"}
    assert save(client, episode, **whole, **rest, was="{}").json()["ok"]
    was = page(client, episode).fields["was"]
    typed = {"was": was, "frax__major_osteoporotic_pct": "19", "frax__hip_pct": "7"}
    told = save(client, episode, **typed)
    assert (told.status_code, "replace the result of the same day" in told.json()["said"]) == (422, True)
    assert told.json()["said"].count("replace the result") == 1, "said once of both figures"
    one = ["frax.major_osteoporotic_pct=19"]
    assert save(client, episode, **typed, accepted=one).status_code == 422
    assert save(client, episode, **typed, accepted=[*one, "frax.hip_pct=7"]).status_code == 200
    assert values_of(episode)["frax.hip_pct"] == 7.0


def test_a_stored_contradiction_is_shown_and_keeps_nobody_from_saving(
    client: Client, episode: Episode, nurse: Actor
) -> None:
    against = {"glucocorticoids_now": False, "prednisolone_mg_day": 5.0}
    assessing.answer(episode=episode, answers=against, by=nurse)
    told = save(client, episode, weight_kg="61", was="{}").json()
    assert told["ok"]
    assert "Contradicts" in told["side"]
    assert "Contradicts" in told["notes"]["prednisolone_mg_day"]
    assert Page(client.get(path(episode)).content).words.count("Contradicts") == 2  # at its field, and beside
    was = page(client, episode).fields["was"]
    assert save(client, episode, prednisolone_mg_day="7.5", was=was).status_code == 422
    mended = save(client, episode, glucocorticoids_now="yes", was=was).json()
    assert mended["ok"]
    assert "Contradicts" not in mended["side"] + mended["notes"]["prednisolone_mg_day"]
    assert save(client, episode, copd="yes", asthma_or_copd="no", was="{}").status_code == 422  # a new one


def test_scans_of_two_machines_are_shown_without_a_figure_of_change(
    client: Client, episode: Episode, nurse: Actor
) -> None:
    for days, score, machine in ((900, 0.68, "Hologic, room 1"), (3, 0.6, "Lunar, mobile")):
        values = {"bone_density.femoral_neck_t": -2.0, "dxa.femoral_neck_bmd": score, "dxa.machine": machine}
        assessing.add_scan(episode=episode, on=TODAY - timedelta(days=days), values=values, by=nurse)
    of_scans = Page(client.get(f"/episodes/{episode.pk}/scans/").content).words
    for words in (of_scans, page(client, episode).words):
        assert "not compared: different machines, or a machine not recorded" in words
        assert "-11.8 %" not in words, "0.60 against 0.68 is no change of her bone"


def test_an_error_goes_with_what_brought_it(client: Client, episode: Episode) -> None:
    save(client, episode, weight_kg="61", was="{}")
    shown = {"was": json.dumps({"weight_kg": "61"})}
    assert save(client, episode, weight_kg="600", **shown).status_code == 422
    told = save(client, episode, weight_kg="61", look="height_cm", **shown).json()
    assert (told["ok"], told["was"]) == (True, {})
    assert told["notes"].keys() == {"weight_kg", "height_cm"}
    assert "nhsuk-error-message" not in "".join(told["notes"].values())
