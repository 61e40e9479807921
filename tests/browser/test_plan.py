"""From advice to a signed plan with three letters: how often somebody has to press, choose or type."""

from __future__ import annotations

import world
from browser.conftest import DESKTOP, PHONE
from openfls.service.actions import treating
from openfls.service.models import Letter

AT_MOST = 15


class Counted:
    """Counts what she does at the page."""

    def __init__(self, user) -> None:
        self._user = user
        self.number = 0

    def __getattr__(self, name: str):
        act = getattr(self._user, name)
        if name not in ("follow", "press", "choose", "select", "fill", "key"):
            return act

        def counted(*words: str, **options: object) -> object:
            self.number += 1
            return act(*words, **options)

        return counted


def test_from_advice_to_a_signed_plan_with_three_letters(nurse, open_browser) -> None:
    episode = world.assessed(nurse)
    user = Counted(open_browser(DESKTOP))
    user.sign_in()
    user.open(f"/episodes/{episode.pk}/plan/")
    user.sees("Options, the first to consider at the top")
    user.number = 0

    user.choose("Bone-protecting drug", "A drug is recommended")
    user.select("Which drug", "Alendronate")
    user.choose("Calcium and vitamin D", "Calcium and vitamin D")
    user.choose("Falls team", "Referred to the falls team")
    user.choose("Bone density scan (DXA)", "Ordered or recommended")
    user.press("Keep the plan")
    user.said("The plan is kept, and the reviews are promised.")
    assert episode.plans.get().detail.signed_by == nurse.user

    for number, letter in enumerate(
        ("Letter to the GP", "Letter to the person", "Referral to the falls team")
    ):
        if number:
            user.follow("All letters of the episode")
        user.press(letter)
        user.press("Approve and lock")
        user.said("Approved.")

    assert Letter.objects.filter(episode=episode).exclude(approved_at=None).count() == 3
    assert user.number <= AT_MOST, f"{user.number} interactions"


def test_the_pages_of_treatment_are_seen_at_both_widths(nurse, open_browser) -> None:
    episode = world.assessed(nurse)
    for size in (DESKTOP, PHONE):
        user = open_browser(size)
        user.sign_in()
        for page in ("plan", "deciding-together", "treatment"):
            user.open(f"/episodes/{episode.pk}/{page}/")
        user.open("/alerts/")
        user.open("/reviews/")
        for page in ("", "hours/", "absences/", "calendar/"):
            user.open(f"/clinic/{page}")


def test_a_dose_told_wrongly_is_undone_on_a_phone(nurse, open_browser) -> None:
    episode = world.planned(nurse)
    course = treating.start(episode=episode, drug="zoledronate", started_on=world.TODAY, by=nurse)
    user = open_browser(PHONE)
    user.sign_in()
    user.open(f"/episodes/{episode.pk}/treatment/")
    user.page.locator("summary", has_text="What was told of it").click()
    with user.page.expect_navigation():
        user.page.locator("button", has_text="Undo").click()
    user.said("Undone. What was told stays to be seen, as taken back.")
    course.refresh_from_db()
    assert course.withdrawn
