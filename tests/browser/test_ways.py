"""The other ways: not for us and back, closed early, a call that failed, and finding a person."""

from __future__ import annotations

from datetime import timedelta

import pytest

import world
from browser import steps
from browser.conftest import SIZES
from openfls.record.pathway import State
from openfls.service.models import Contact


def test_not_for_us_with_a_reason_and_back(nurse, open_browser) -> None:
    episode = world.found(nurse.service)
    later = episode.index_date + timedelta(days=1)
    world.found(nurse.service, person=world.demographics(family_name="Next"), on=later)
    user = open_browser()
    user.sign_in()
    steps.when_she_opens_the_found_fracture(user, episode)

    # The key opens the reasons and stands on the first; an own reason needs its words
    user.page.keyboard.press("x")
    assert user.page.evaluate("document.activeElement.name") == "reason"
    user.choose("Why is it not for us?", "Another reason")
    user.press("Not for us")
    user.sees("Say what the reason is")
    user.fill("In your words", "Fell from a ladder at work")
    user.press("Not for us")

    # The next one is there at once
    user.said(f"Not for us: {episode.person.name}.")
    user.sees_heading("Is this a fragility fracture?")
    user.sees("NEXT, Ada")
    episode.refresh_from_db()
    assert episode.state == State.NOT_FOR_US

    steps.when_she_opens_the_person(user, episode)
    user.sees("Another reason: Fell from a ladder at work")
    user.press("Bring it back")
    user.said("Brought back.")
    episode.refresh_from_db()
    assert episode.state == State.FOUND


@SIZES
def test_closed_early_and_undone(size, nurse, open_browser) -> None:
    episode = world.planned(nurse)
    user = open_browser(size)
    user.sign_in()
    steps.when_she_opens_the_person(user, episode)
    user.follow("Close")
    user.press("Close the episode")
    user.sees("Choose a reason")
    user.choose("Why is it closed?", "Moved to another service")
    user.press("Close the episode")
    user.said("The episode is closed.")
    steps.then_the_timeline_has(user, "Plan agreed", "Closed")
    user.press("Undo")
    user.said("Undone")
    user.sees("Next: Review at 16 weeks")


@SIZES
def test_a_call_that_failed_is_promised_again(size, nurse, open_browser, it_is) -> None:
    episode = world.confirmed(nurse)
    user = open_browser(size)
    user.sign_in()
    steps.when_she_opens_the_person(user, episode)
    user.follow("Record a contact")
    user.choose("What came of it", "No answer")
    user.press("Save")
    user.said("The contact is kept.")
    user.sees("Also: call again, by 4 June 2026")
    assert Contact.objects.get().on == world.TODAY

    user.follow("Add results")
    user.fill("25-hydroxyvitamin D (nmol/L)", "31")
    user.press("Keep the results")
    user.said("The results are kept.")

    it_is(world.TODAY.replace(day=4))
    user.open("/")
    user.sees("Call again")


@pytest.mark.parametrize(
    "words", ["Example Ada", "ada EXAM", "1 3 1950", "01/03/50", "{number}", "{spaced}", "Ada 1/3/1950"]
)
def test_a_person_is_found_by_what_is_at_hand(words, nurse, open_browser) -> None:
    person = world.found(nurse.service).person
    world.found(
        nurse.service, person=world.demographics(family_name="Other", given_name="Bea", birth_date=None)
    )
    number = person.identifiers.get().value
    user = open_browser()
    user.sign_in()
    user.page.keyboard.press("/")
    user.page.keyboard.type(words.format(number=number, spaced=f"{number[:3]} {number[3:6]} {number[6:]}"))
    user.key("Enter")
    assert user.page.url.endswith(f"/people/{person.pk}/")
    user.sees(person.name)


def test_several_people_and_nobody(nurse, open_browser) -> None:
    for given in ("Ada", "Bea"):
        world.found(nurse.service, person=world.demographics(given_name=given))
    user = open_browser()
    user.sign_in()
    user.find("example")
    user.sees("2 found.")
    user.find("Zebedee")
    user.sees("Nobody in this service matches.")
    user.press("Sign out")
    user.sees_heading("Sign in")
