"""Without a mouse, and without script."""

from __future__ import annotations

import world
from browser import steps
from openfls.record.pathway import State


def test_from_the_door_to_a_confirmed_fracture_by_keyboard_alone(nurse, open_browser) -> None:
    episode = world.found(nurse.service)
    user = open_browser()
    user.open("/sign-in/")
    user.page.keyboard.press("Tab")
    assert user.page.evaluate("document.activeElement.innerText").strip() == "Skip to main content"
    user.page.keyboard.press("Enter")
    user.tab_to("User name or e-mail address")
    user.page.keyboard.type("nurse")
    user.tab_to("Password")
    user.page.keyboard.type(world.PASSWORD)
    user.key("Enter")
    user.tab_to("To confirm")
    user.key("Enter")
    user.tab_to(episode.person.name)
    user.key("Enter")
    steps.then_the_evidence_is_marked(user)
    user.tab_to("Confirm")
    user.key("Enter")
    user.said(f"Confirmed: {episode.person.name}.")
    user.tab_to("Undo")
    user.key("Enter")
    user.said("Undone")
    user.key("c")
    episode.refresh_from_db()
    assert episode.state == State.TO_ASSESS


def test_a_shortcut_does_nothing_while_somebody_types(nurse, open_browser) -> None:
    episode = world.found(nurse.service)
    user = open_browser()
    user.sign_in()
    steps.when_she_opens_the_found_fracture(user, episode)
    user.page.keyboard.press("/")
    user.page.keyboard.type("c/x z")
    assert user.page.get_by_label("Find a person by").input_value() == "c/x z"
    episode.refresh_from_db()
    assert episode.state == State.FOUND


def test_the_way_to_an_approved_letter_without_script(nurse, open_browser) -> None:
    episode = world.found(nurse.service)
    user = open_browser(script=False)
    user.sign_in()
    steps.when_she_opens_the_found_fracture(user, episode)
    steps.then_the_evidence_is_marked(user)
    user.press("Confirm c")
    user.press("Undo")
    user.press("Confirm c")
    steps.when_she_assesses(user, episode)
    steps.when_a_plan_is_agreed(user)
    assert steps.when_she_writes_and_approves(user, episode, "Letter to the GP").startswith(b"%PDF-")
    steps.when_she_opens_the_person(user, episode)
    user.follow("Close")
    user.choose("Why is it closed?", "Could not be reached")
    user.press("Close the episode")
    episode.refresh_from_db()
    assert episode.state == State.CLOSED
