"""Every page of the app at both widths: accessible, and no wider than its window.

The rules of accessibility are asked of every page at desktop width; on the phone, of those of the journey.
"""

from __future__ import annotations

import world
from browser.conftest import PHONE
from openfls.service.actor import can
from openfls.service.models import User as AppUser
from openfls.service.roles import Role
from openfls.service.worklist import WORKLISTS
from openfls.web.urls import ROUTES
from web.places import NEVER_MADE, a_year_of_people, place_of

# A file is no page.
PAGES = [route for route in ROUTES if "GET" in route.methods and "." not in route.address]
LONG = {
    "family_name": "Featherstonehaugh-Cholmondeley-Marjoribanks",
    "given_name": "Wilhelmina Alexandrina",
    "general_practice": "The Very Long Name of a Surgery beside the Harbour at Brindlemouth",
}


def test_every_page_of_a_service_at_work(nurse, open_browser) -> None:
    a_year_of_people(nurse)
    world.member(world.service("south"), Role.VIEWER, nurse.user.username)
    places = [
        place_of(route, by=nurse, person=world.demographics(**LONG))
        for route in PAGES
        if can(nurse, route.needs)
    ]
    user = open_browser(narrowed=PHONE)
    user.sign_in()
    for place in places:
        assert user.open(place.path).status == 200
        assert user.page.url.endswith(place.path), "the page itself, not another one that it led to"
    for worklist in WORKLISTS:
        user.open(f"/worklist/{worklist.key}/?site=wrist")
    for path in (
        "/about/",
        "/leaflets/",
        "/leaflets/food/?size=easy_read",
        "/no/such/page/",
        f"/people/{NEVER_MADE['uuid']}/",
    ):
        user.open(path)


def test_every_page_that_a_manager_alone_opens(nurse, open_browser) -> None:
    manager = world.member(nurse.service, Role.MANAGER, "manager")
    user = open_browser(narrowed=PHONE)
    user.sign_in("manager")
    for route in PAGES:
        if not can(nurse, route.needs):
            assert can(manager, route.needs)
            assert user.open(place_of(route, by=nurse).path).status == 200


def test_every_page_of_a_new_service(nurse, open_browser) -> None:
    user = open_browser(narrowed=PHONE)
    user.sign_in()
    for path in ("/", "/worklist/overdue/?site=hip", "/people/", "/measures/", "/measures/kpi1/", "/feeds/"):
        user.open(path)


def test_pages_of_those_who_may_do_little(nurse, open_browser) -> None:
    person = world.planned(nurse).person
    world.member(nurse.service, Role.VIEWER, "viewer")
    AppUser.objects.create_user("newcomer", password=world.PASSWORD)
    viewer = open_browser(narrowed=PHONE)
    viewer.sign_in("viewer")
    viewer.open(f"/people/{person.pk}/")
    assert viewer.page.get_by_role("link", name="Close").count() == 0
    assert viewer.open("/feeds/").status == 403
    newcomer = open_browser(narrowed=PHONE)
    newcomer.sign_in("newcomer")
    newcomer.sees_heading("You have no role in a service yet")


def test_a_wrong_password(nurse, open_browser) -> None:
    user = open_browser(narrowed=PHONE)
    user.open("/sign-in/forgotten/")
    user.sees("Ask the manager of your service")
    user.open("/sign-in/")
    user.press("Sign in")
    user.sees("Enter your user name")
    user.fill("User name or e-mail address", "nurse")
    user.fill("Password", "wrong")
    user.press("Sign in")
    user.sees("The user name or the password is not right")
    assert "error-summary" in user.page.evaluate("document.activeElement.className")
