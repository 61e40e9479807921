"""The assessment at a browser: in few steps from the worklist to its end, saved as it goes, by keys, without script."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

import world
from browser.conftest import PHONE
from openfls.record.pathway import State
from openfls.service.actor import Actor
from openfls.service.known import known_of, values_of
from openfls.service.models import Answer, Episode
from service import results_world as rw

FEWEST = 12


@pytest.fixture
def episode(nurse: Actor) -> Episode:
    """A known person of whom bloods, a scan and her weight have come by feeds."""
    found = world.confirmed(nurse)
    rw.bring(
        found,
        creatinine_umol_l=82.0,
        egfr=61.0,
        adjusted_calcium_mmol_l=2.35,
        vitamin_d_nmol_l=38.0,
        weight_kg=61.0,
        height_cm=160.0,
    )
    rw.scan(found, world.TODAY - timedelta(days=4))
    return found


class Counted:
    """Counts what a nurse does: each click, each choice, each field filled in."""

    def __init__(self, user) -> None:
        self.user = user
        self.steps = 0

    def __getattr__(self, name: str):
        act = getattr(self.user, name)
        if name not in ("follow", "press", "fill", "select", "choose"):
            return act

        def counted(*given: str, **more: bool) -> None:
            self.steps += 1
            act(*given, **more)

        return counted


def saved(user) -> None:
    """The page has said that it saved what was left last."""
    expect(user.page.locator("[data-said]")).to_contain_text("Saved 1")


def test_from_the_worklist_to_a_finished_assessment_in_few_steps(open_browser, episode: Episode) -> None:
    user = open_browser()
    user.sign_in()
    user.open("/worklist/to-assess/")
    nurse = Counted(user)
    nurse.follow(episode.person.name)
    if "/assessment/" not in user.page.url:
        nurse.follow("Assess bone health and falls")
    # What feeds brought stands there, with where it is from and when.
    assert user.page.get_by_label("Creatinine (µmol/L)").input_value() == "82"
    user.sees("from WINPATH RXX, 27 May 2026 · 5 days ago")
    user.sees("Creatinine clearance 50 mL/min")
    user.sees("Lowest valid T-score -2.6")
    nurse.fill("Falls in the last 12 months, with this one", "2")
    nurse.choose("A fall needed medical or surgical treatment (this fracture counts)", "Yes")
    saved(user)
    for key in ("falls", "conditions", "medicines"):
        section = user.page.locator(f"#section-{key}")
        before = section.locator("[data-state]").inner_text()
        nurse.steps += 1
        section.get_by_label("I asked about all of these: the rest are no").check()
        expect(section.locator("[data-state]")).not_to_have_text(before)
    nurse.choose("After the menopause", "Yes")
    nurse.select("Smoking", "Never smoked")
    saved(user)
    user.look()
    nurse.press("Save and finish")
    user.said("The assessment is finished.")
    assert nurse.steps <= FEWEST, nurse.steps
    episode.refresh_from_db()
    assert episode.state == State.TO_PLAN
    known = values_of(episode)
    assert (known["falls_last_year"], known["rheumatoid_arthritis"], known["smoking"]) == (2, False, "never")
    assert not Answer.objects.filter(field="creatinine_umol_l").exists()  # it stays the laboratory's


def test_each_field_is_saved_when_it_is_left_and_the_advice_changes(open_browser, episode: Episode) -> None:
    user = open_browser()
    user.sign_in()
    user.open(f"/episodes/{episode.pk}/assessment/")
    page, side = user.page, user.page.locator("[data-side]")
    weight = page.get_by_label("Weight (kg)", exact=True)
    weight.fill("600")
    weight.blur()
    expect(page.locator("[data-said]")).to_contain_text("Not saved. Weight 600 kg cannot be right")
    user.look()
    weight.fill("50")
    weight.blur()
    saved(user)
    expect(side).to_contain_text("Creatinine clearance 41 mL/min")
    expect(page.locator("[data-field=weight_kg]")).to_contain_text("typed by Nurse Example")
    expect(page.locator("[data-field=weight_kg]")).to_contain_text("Beside it: 61 kg")
    falls = page.locator("#section-falls [data-state]")
    expect(falls).to_have_text("0 of 9 answered")
    user.choose("Worried about falling", "Yes")
    expect(falls).to_have_text("1 of 9 answered")
    user.press("Save")
    assert known_of(episode, world.TODAY)["weight_kg"].value == 50
    assert Answer.objects.filter(field="weight_kg").count() == 1  # the button saved nothing twice


def test_by_keyboard_alone(open_browser, episode: Episode) -> None:
    user = open_browser()
    user.sign_in()
    user.open(f"/episodes/{episode.pk}/assessment/")
    user.tab_to("Falls in the last 12 months")
    user.page.keyboard.type("3")
    user.tab_to("Not known")
    user.page.keyboard.press("ArrowRight")  # from “not known” on to “yes”
    saved(user)
    user.tab_to("Save and finish")
    user.key("Enter")
    user.said("The assessment is finished.")
    known = values_of(episode)
    assert (known["falls_last_year"], known["lost_consciousness"]) == (3, True)


def test_without_script_on_a_phone(open_browser, episode: Episode) -> None:
    user = open_browser(PHONE, script=False)
    user.sign_in()
    user.open(f"/episodes/{episode.pk}/assessment/")
    user.fill("Falls in the last 12 months, with this one", "2")
    user.fill("Assessed on", "1 7 2026")
    user.press("Save")
    user.sees("Assessed on: The date must be today or in the past")
    assert "Saved." not in user.page.inner_text("body")
    user.fill("Assessed on", "")
    user.press("Save and finish")
    user.said("The assessment is finished.")
    assert values_of(episode)["falls_last_year"] == 2


def test_sources_that_disagree_stand_side_by_side_until_one_is_chosen(open_browser, episode: Episode) -> None:
    world.deliver(episode.service, rw.result(episode, "weight_kg", 68.0, teller="WARD RXX"))
    user = open_browser()
    user.sign_in()
    user.open(f"/episodes/{episode.pk}/assessment/")
    user.sees("Sources disagree. Until you choose, it counts as not known.")
    doubt = user.page.locator("[data-field=weight_kg]")
    refused = {"ok": False, "said": "Not saved. It contradicts.", "notes": {}}
    user.page.route("**/assessment/field/", lambda route: route.fulfill(json=refused), times=1)
    doubt.get_by_label("68 kg").click()  # it may be open again before a check could look at it
    expect(user.page.locator("[data-said]")).to_contain_text("It contradicts.")
    expect(doubt.get_by_label("68 kg")).not_to_be_checked()
    doubt.get_by_label("68 kg").check()
    saved(user)
    expect(user.page.get_by_label("Weight (kg)", exact=True)).to_have_value("68")
    user.follow("History of Weight")
    user.sees("WARD RXX")
    assert values_of(episode)["weight_kg"] == 68


def _held(user) -> list:
    """The server's answers about fields from now on: each is made, and kept back until the test lets it go."""
    held: list = []
    user.page.route("**/assessment/field/", lambda route: held.append((route, route.fetch())))
    return held


def _arrives(user, held: list, number: int) -> None:
    """The ``number``-th answer that is kept back has been made; then it reaches the page."""
    while len(held) < number:
        user.page.wait_for_timeout(20)
    route, answer = held[number - 1]
    route.fulfill(response=answer)


def test_a_late_answer_of_the_server_takes_nothing_back(open_browser, episode: Episode) -> None:
    user = open_browser()
    user.sign_in()
    user.open(f"/episodes/{episode.pk}/assessment/")
    held, page = _held(user), user.page
    page.locator("#section-falls").get_by_label("I asked about all of these: the rest are no").check()
    while not held:  # every question of the section is answered with no by now, and the page does not know it
        page.wait_for_timeout(20)
    user.choose("Worried about falling", "Yes")
    user.fill("Falls in the last 12 months, with this one", "4")
    page.get_by_label("Weight (kg)", exact=True).focus()
    _arrives(user, held, 1)
    for number in (2, 3):
        worried = page.get_by_role("group", name="Worried about falling").get_by_label("Yes")
        assert worried.is_checked()
        assert page.get_by_label("Falls in the last 12 months, with this one").input_value() == "4"
        _arrives(user, held, number)
    saved(user)
    assert worried.is_checked()
    known = values_of(episode)
    assert (known["fear_of_falling"], known["falls_last_year"], known["unsteady"]) == (True, 4, False)


def test_what_could_not_be_saved_stays_until_it_is(open_browser, episode: Episode) -> None:
    user = open_browser()
    user.sign_in()
    user.open(f"/episodes/{episode.pk}/assessment/")
    page = user.page
    page.route("**/assessment/field/", lambda route: route.abort())
    user.choose("Worried about falling", "Yes")
    expect(page.locator("[data-said]")).to_contain_text("Not saved")
    page.unroute("**/assessment/field/")
    user._faults.clear()  # the browser tells of the request that we let fail
    page.locator("#section-falls").get_by_label("I asked about all of these: the rest are no").check()
    saved(user)
    expect(page.locator("[data-said]")).to_contain_text("Not saved yet: Worried about falling")
    assert page.get_by_role("group", name="Worried about falling").get_by_label("Yes").is_checked()
    user.press("Save")
    known = values_of(episode)
    assert (known["fear_of_falling"], known["unsteady"]) == (True, False)


def test_who_leaves_at_once_loses_nothing(open_browser, episode: Episode) -> None:
    user = open_browser()
    user.sign_in()
    user.open(f"/episodes/{episode.pk}/assessment/")
    page = user.page
    page.route("**/assessment/field/", lambda route: None)  # the first save never ends
    user.choose("Worried about falling", "Yes")
    page.unroute("**/assessment/field/")
    user.choose("Lives in a care home", "Yes")
    page.get_by_label("Weight (kg)", exact=True).fill("57")
    user.open(f"/episodes/{episode.pk}/assessment/history/")
    for _ in range(50):
        if "care_home" in values_of(episode):
            break
        page.wait_for_timeout(100)
    assert values_of(episode)["care_home"] is True
