"""Given, when and then of the journey, in the words of the people who make it."""

from __future__ import annotations

from browser.user import User
from openfls.service.models import Episode

REPORT = "XR left wrist. Fracture of the distal radius."


def when_she_opens_the_found_fracture(user: User, episode: Episode) -> None:
    """From Today over the worklist to the evidence."""
    user.open("/")
    user.follow("To confirm", exact=False)
    user.sees_heading("To confirm")
    user.follow(episode.person.name)
    user.sees_heading("Is this a fragility fracture?")


def then_the_evidence_is_marked(user: User) -> None:
    """The report stands there as sent, with the words marked that made the finding."""
    user.sees(REPORT)
    assert user.page.locator("mark").all_inner_texts() == ["Fracture"]


def when_she_opens_the_person(user: User, episode: Episode) -> None:
    """By the NHS number."""
    user.find(episode.person.identifiers.get().value)
    user.sees_heading("Everything about this person")


def when_she_assesses(user: User, episode: Episode) -> None:
    """She answers some questions, leaves the others open, saves, and finishes."""
    when_she_opens_the_person(user, episode)
    user.follow("Assess bone health and falls")
    user.fill("Falls in the last 12 months, with this one", "2")
    user.choose("Lives in a care home", "No")
    user.fill("Height (cm)", "162")
    user.select("Smoking", "Never smoked")
    user.press("Save")
    user.said("Saved.")
    assert user.page.get_by_label("Height (cm)", exact=True).input_value() == "162"
    user.press("Save and finish")
    user.said("The assessment is finished.")
    user.sees_heading("Agree a plan")


def when_a_plan_is_agreed(user: User) -> None:
    """A slip first: no drug is named."""
    user.choose("Bone-protecting drug", "A drug is recommended")
    user.choose("Calcium and vitamin D", "Calcium and vitamin D")
    user.choose("Falls team", "Referred to the falls team")
    user.choose("Bone density scan (DXA)", "Ordered or recommended")
    user.fill("What matters to the person", "Her allotment")
    user.press("Keep the plan")
    user.sees("Say which drug is recommended")
    user.select("Which drug", "Alendronate")
    user.press("Keep the plan")
    user.said("The plan is kept, and the reviews are promised.")
    user.sees_heading("Letters")


def when_she_writes_and_approves(user: User, episode: Episode, letter: str) -> bytes:
    """A letter, as it will look, then signed; the PDF of it."""
    user.open(f"/episodes/{episode.pk}/letters/")
    user.press(letter)
    user.sees("Draft")
    user.press("Approve and lock")
    user.said("Approved.")
    user.sees("It is locked.")
    address = user.page.get_by_role("link", name="Open as PDF").get_attribute("href")
    assert address is not None
    return user.download(address)


def when_she_reviews(user: User, episode: Episode, heading: str) -> None:
    """From the list of reviews that are due."""
    user.open("/")
    assert user.tile("Reviews due") == "1"
    user.follow("Reviews due", exact=False)
    user.follow(episode.person.name)
    user.follow("Review at 16 weeks" if "16" in heading else "Review at 52 weeks")
    user.sees_heading(heading)
    user.sees("Alendronate")
    user.sees("Her allotment")
    user.choose("What did you find?", "Taking the bone-protecting drug")
    user.select("Which drug is being taken", "Alendronate")
    user.choose("Strength and balance exercise started", "Yes")
    user.press("Keep the review")
    user.said("The review is kept.")


def then_the_timeline_has(user: User, *titles: str) -> None:
    """These stand there in this order, the oldest first; others may stand between them."""
    shown = iter(user.timeline()[::-1])
    assert all(title in shown for title in titles), user.timeline()
