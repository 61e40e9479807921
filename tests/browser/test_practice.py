"""A trainee practises at a browser: in by the training room, out by what the expert did."""

from __future__ import annotations

from browser.conftest import PHONE
from openfls.service.models import Episode

BAND = "Practice: fictional person."


def test_a_virtual_patient_from_the_door_to_the_feedback(it_is, nurse, open_browser):
    user = open_browser(PHONE)
    user.sign_in()
    user.open("/training/")
    user.follow("Practise on people who are not real")
    user.sees("0 of 13 done well.")
    user.follow("Two lines at the end of a chest CT")
    user.press("Begin")
    user.sees(BAND)
    user.follow("Work in the service")
    user.follow("Worklists")
    user.sees("FENWICK, Marjorie")
    user.open(f"/episodes/{Episode.objects.get().pk}/found/")
    user.press("Confirm")
    user.sees("7 September 2026 (simulated)")

    user.follow("Case notes")
    user.sees("She did not know that a bone in her back was broken.")
    user.press("Go on")
    user.sees("11 September 2026 (simulated)")
    user.sees("Her bloods are back")
    user.press("Leave practice")
    user.open("/")
    assert BAND not in user.page.content()
    user.open("/training/practice/")
    user.follow("Two lines at the end of a chest CT")
    user.press("Go into the practice")

    user.press("Finish and see what the expert did")
    user.sees("The vertebral fracture is taken on")
    user.sees("As the expert")
    user.page.get_by_text("Where this comes from").first.click()
    user.look()
    assert BAND not in user.page.content()
    user.open("/training/portfolio/")
    user.sees("0 of 13 done well.")
