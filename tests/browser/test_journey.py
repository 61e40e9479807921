"""The whole way of a person through the service, in a browser."""

from __future__ import annotations

from datetime import timedelta

import world
from browser import steps
from browser.conftest import PHONE
from openfls.record.pathway import State
from openfls.service.audit import verify


def test_from_a_found_fracture_to_closed_at_52_weeks(nurse, open_browser, it_is) -> None:
    # Given a fracture that a radiology report told of
    episode = world.found(nurse.service)
    user = open_browser(narrowed=PHONE)

    # When the nurse signs in and reads the evidence
    user.sign_in()
    user.sees_heading("Today, 1 June 2026")
    assert user.tile("To confirm") == "1"
    steps.when_she_opens_the_found_fracture(user, episode)
    steps.then_the_evidence_is_marked(user)

    # And confirms it with one key, takes the slip back with another, and confirms again
    user.key("c")
    user.said(f"Confirmed: {episode.person.name}.")
    user.sees("Every found fracture has been looked at.")
    user.key("z")
    user.said("Undone")
    user.sees_heading("Is this a fragility fracture?")
    user.key("c")

    # And assesses, plans and writes
    steps.when_she_assesses(user, episode)
    steps.when_a_plan_is_agreed(user)
    for letter in ("Letter to the GP", "Letter to the person"):
        assert steps.when_she_writes_and_approves(user, episode, letter).startswith(b"%PDF-")

    # And 16 weeks later reviews, takes it back with a reason, and reviews again
    it_is(episode.index_date + timedelta(weeks=16))
    steps.when_she_reviews(user, episode, "16-week review")
    user.follow("Correct the last step")
    user.sees("The last step was “the review at 16 weeks was made”")
    user.fill("Why is the last step taken back?", "It was the wrong person")
    user.press("Take it back")
    user.said("The last step is taken back.")
    user.sees("It was the wrong person")
    steps.when_she_reviews(user, episode, "16-week review")

    # And 52 weeks later reviews for the last time
    it_is(episode.index_date + timedelta(weeks=52))
    steps.when_she_reviews(user, episode, "52-week review")

    # Then the care is closed, and the timeline shows every step
    episode.refresh_from_db()
    assert episode.state == State.CLOSED
    user.sees("Closed")
    steps.then_the_timeline_has(
        user,
        "Found",
        "Fracture confirmed",
        "Assessment finished",
        "Plan agreed",
        "Reviewed at 16 weeks",
        "Last step taken back",
        "Reviewed at 16 weeks",
        "Reviewed at 52 weeks",
    )
    steps.then_the_timeline_has(user, "Bone health assessment after fracture: left wrist")
    steps.then_the_timeline_has(user, "Your bone health after you broke your left wrist")
    assert verify(nurse.service)[1] == []
