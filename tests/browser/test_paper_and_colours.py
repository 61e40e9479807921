"""What only a browser can show: a page on paper, in the colours of the user's system, and with text twice as large."""

from __future__ import annotations

import world

_BOX = "e => { const s = getComputedStyle(e); return [s.backgroundColor, s.borderBottomStyle, s.display]; }"
_AFTER = "e => getComputedStyle(e, '::after').content"


def test_a_worklist_on_paper_in_forced_colours_and_in_large_text(nurse, open_browser) -> None:
    world.found(nurse.service, person=world.demographics(family_name="Featherstonehaugh-Cholmondeley"))
    user = open_browser(accessible=False)
    user.sign_in()
    user.open("/worklist/to-confirm/")
    page = user.page

    assert not page.locator(".fls-printed").is_visible()
    page.emulate_media(media="print")
    for furniture in (".fls-header", ".fls-nav", ".fls-tabs", ".fls-filter", ".fls-footer"):
        assert not page.locator(furniture).is_visible(), furniture
    assert "printed on 1 June 2026 by Nurse Example" in page.locator(".fls-printed").inner_text()
    link = page.locator(".fls-table a").first
    assert link.evaluate(_AFTER) == "none", "the key of a person is not printed"
    assert page.locator(".fls-table").evaluate("e => getComputedStyle(e).breakInside") == "auto"

    page.emulate_media(media="screen", forced_colors="active")
    here = page.locator(".fls-tabs a[aria-current]").evaluate(_BOX)
    other = page.locator(".fls-tabs a:not([aria-current])").first.evaluate(_BOX)
    assert (here[1], other[1]) == ("solid", "none"), "where one is, is a line and no shadow"

    page.emulate_media(forced_colors="none")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    user.look()
