"""Ten minutes with the queue: one key for each decision, and the next one is there at once."""

from __future__ import annotations

from datetime import timedelta

import world
from openfls.record.sites import Site
from openfls.service.models import Episode


def _put(by, name: str, days: int) -> Episode:
    person = world.demographics(family_name=name)
    return world.found(by.service, person=person, on=world.TODAY - timedelta(days=days), site=Site.HIP)


def test_one_key_each(nurse, open_browser) -> None:
    old, middle, late, last = (
        _put(nurse, name, days) for name, days in zip("DCBA", (40, 30, 20, 10), strict=True)
    )
    user = open_browser()
    user.sign_in()
    user.open("/worklist/to-confirm/?sort=risk")
    user.follow(last.person.name)
    user.key("c")
    user.said(f"Confirmed: {last.person.name}.")
    user.sees(late.person.name)
    user.key("s")
    user.sees("To confirm (2 of 3)")
    user.sees(middle.person.name)
    user.page.keyboard.press("x")
    user.key("2")
    user.said(f"Not for us: {middle.person.name}.")
    user.sees(old.person.name)
    user.key("z")
    user.said("Undone")
    user.sees(middle.person.name)
    user.page.keyboard.press("x")
    user.page.keyboard.press("7")
    user.page.keyboard.type("2 c x")  # words, not keys
    user.key("Enter")
    user.said(f"Not for us: {middle.person.name}.")
    states = [Episode.objects.get(pk=each.pk).state for each in (old, middle, late, last)]
    assert states == ["found", "not_for_us", "found", "to_assess"]
    assert middle.statuses.last().reason == "Another reason: 2 c x"


def test_several_at_once_without_script(nurse, open_browser) -> None:
    first, second = _put(nurse, "D", 40), _put(nurse, "C", 30)
    user = open_browser(script=False)
    user.sign_in()
    user.open("/worklist/to-confirm/")
    user.page.get_by_label(f"Tick {first.person.name}").check()
    user.page.get_by_label(f"Tick {second.person.name}").check()
    user.select("Why are they not for us?", "Already known to the service")
    user.press("Not for us")
    user.sees("Every found fracture has been looked at.")
    assert user.page.get_by_role("button", name="Undo").count() == 2
