"""What needs a browser of the door: a passkey, and the notice before an idle session ends."""

from __future__ import annotations

from playwright.sync_api import expect

import world

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_a_passkey_is_made_and_opens_the_door_alone(nurse, open_browser) -> None:
    user = open_browser()
    devices = user.page.context.new_cdp_session(user.page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    user.sign_in()
    user.open("/account/passkeys/add/")
    user.fill("What you call it", "Blue key")
    user.press("Make the passkey")
    user.sees("Keep these now: they are not shown again.")
    user.open("/account/")
    user.sees("Blue key")
    user.press("Sign out")
    user.press("Sign in with a passkey")
    user.sees_heading("Today")
    user.press("Sign out")
    user.sign_in()
    user.sees_heading("Show a second time that it is you")
    user.press("Use a passkey")
    user.sees_heading("Today")


def test_a_notice_stands_before_an_idle_session_ends_and_then_the_page_goes_away(nurse, open_browser) -> None:
    user = open_browser()
    user.page.clock.install()
    user.sign_in()
    notice = user.page.get_by_role("alert").filter(has_text="You will be signed out at")
    user.page.clock.fast_forward("24:00")
    expect(notice).to_have_count(0)
    user.page.clock.fast_forward("02:00")
    expect(notice).to_have_count(1)
    user.look()
    notice.get_by_role("button", name="Stay signed in").click()
    expect(notice).to_have_count(0)
    with user.page.expect_navigation():
        user.page.clock.fast_forward("31:00")
    user.sees_heading("Sign in")
    user.sees("You were signed out because nothing was opened or saved for a while.")
    assert user.open("/account/").url.endswith("/sign-in/?next=/account/"), "the server knows it too"

    user.sign_in()
    user.open("/fractures/add/")
    user.fill("Family name", "O'Neill")
    with user.page.expect_navigation():
        user.page.clock.fast_forward("31:00")
    user.sees_heading("Not saved yet, and not lost")
    assert "O'Neill" not in user.page.content(), "a form that waits for its owner is sealed"
    again = user.page.context.new_page()
    again.goto(user.page.url.replace("/fractures/add/", "/sign-in/"))
    again.get_by_label("User name").fill("nurse")
    again.get_by_label("Password", exact=True).fill(world.PASSWORD)
    again.get_by_role("button", name="Sign in", exact=True).click()
    user.press("I have signed in: go on")
    user.press("Add the fracture")
    expect(user.page.get_by_label("Family name")).to_have_value("O'Neill")
