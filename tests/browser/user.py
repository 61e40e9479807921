"""A user at a browser: she opens, presses and fills in by the words on the page, and each page she sees is checked."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Locator, Page, Response, expect

import world

Size = tuple[int, int]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_ANSWERED_WITH_ERROR = "Failed to load resource: the server responded with a status of"
_FIND_VIOLATIONS = """tags => axe.run(document, {runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]})
    .then(found => found.violations.map(each => each.id + ": " + each.help + "\\n  "
        + each.nodes.map(node => node.html + "\\n    " + node.failureSummary).join("\\n  ")))"""

# What the checker judges a page by: which elements it has, in which class and state, how nested, and how named. A page
# that holds nothing of this that was not checked before at its width is not checked again: it differs in words alone.
_SHAPES = """() => [...new Set([...document.querySelectorAll("body, body *")].map(each => {
    const path = [];
    for (let at = each; at && path.length < 3; at = at.parentElement)
        path.push(at.tagName + "." + (at.getAttribute("class") ?? ""));
    const kept = [...each.attributes].filter(one => !["class", "id", "d"].includes(one.name));
    const said = kept.map(one => one.name + "=" + (/^(aria-(?!desc|label|contr|owns)|role|type|open|hidden|tabindex)/
        .test(one.name) ? one.value : one.value !== ""));
    return [...path, ...said, each.textContent.trim() !== ""].join(" ");
}))]"""
_CHECKED: dict[int, set[str]] = {}
# The processes of a whole run tell each other what they have checked, each in a file of its own.
_TOLD = os.environ.get("SHAPES_OF_TESTS", "")
# How wide the page is, with what is folded away where that is asked, and how wide its window.
_WIDTH = """unfolded => {
    const folded = unfolded ? [...document.querySelectorAll("details:not([open])")] : [];
    folded.forEach(each => each.open = true);
    const width = document.scrollingElement.scrollWidth;
    folded.forEach(each => each.open = false);
    return [width, window.innerWidth];
}"""


class User:
    """Somebody at one window. ``axe`` is the source of the checker, empty where it is not asked.

    ``narrowed`` is a second size of the window: each page is looked at in it as well, when she has made it so small.
    """

    def __init__(self, page: Page, axe: str, script: bool = True, narrowed: Size | None = None) -> None:
        self.page = page
        self._narrowed = narrowed
        self.seen: list[str] = []
        self._axe = axe
        self._script = script
        self._faults: list[str] = []
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self._faults.append(str(error)))
        page.on("response", self._fetched)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(_ANSWERED_WITH_ERROR):
            self._faults.append(message.text)

    def _fetched(self, response: Response) -> None:
        if response.status >= 400 and response.request.resource_type in (
            "stylesheet",
            "script",
            "image",
            "font",
        ):
            self._faults.append(f"{response.url} answered {response.status}")

    # What she does

    def open(self, path: str) -> Response:
        """Type an address."""
        response = self.page.goto(path)
        assert response is not None
        self.look()
        return response

    def follow(self, words: str, exact: bool = True) -> None:
        """Click a link."""
        self._go(self.page.get_by_role("link", name=words, exact=exact).first.click)

    def press(self, words: str) -> None:
        """Click a button that sends a form."""
        self._go(self.page.get_by_role("button", name=words, exact=True).first.click)

    def key(self, key: str) -> None:
        """Press a key that leads to another page."""
        self._go(lambda: self.page.keyboard.press(key))

    def _go(self, act: Callable[[], Any]) -> None:
        with self.page.expect_navigation():
            act()
        self.look()

    def fill(self, label: str, typed: str) -> None:
        """Type into a field."""
        self._found(self.page.get_by_label(label, exact=True)).fill(typed)

    def select(self, label: str, words: str) -> None:
        """Choose from a drop-down list."""
        self._found(self.page.get_by_label(label, exact=True)).select_option(label=words)

    def choose(self, question: str, answer: str) -> None:
        """Choose a radio button of a question."""
        group = self.page.get_by_role("group", name=question, exact=True)
        if not group.count():  # one in a closed section has no role yet
            group = self.page.locator("fieldset", has=self.page.get_by_text(question, exact=True))
        self._found(group).get_by_label(answer, exact=True).check()

    def _found(self, field: Locator) -> Locator:
        """A field in a closed section: she opens the section first."""
        section = field.locator("xpath=ancestor::details[not(@open)]")
        if section.count():
            section.locator("summary").first.click()
        return field

    def sign_in(self, username: str = "nurse") -> None:
        """Come in by the door."""
        self.open("/sign-in/")
        self.fill("User name or e-mail address", username)
        self.fill("Password", world.PASSWORD)
        self.press("Sign in")

    def find(self, words: str) -> None:
        """Search from the head of the page."""
        self.page.get_by_label("Find a person by name, number or date of birth").fill(words)
        self.press("Find")

    def download(self, path: str) -> bytes:
        """Fetch a file with her own session."""
        answer = self.page.request.get(path)
        assert answer.ok, answer.status
        return answer.body()

    # What she sees

    def look(self) -> None:
        """Check the page that is open: it is accessible, fits its window, and its script and policy agree."""
        page = self.page
        self.seen.append(page.url)
        expect(page.locator("h1")).to_have_count(1)
        if not self._script:
            return
        room = self._fits()
        if self._axe:
            self._check(room)
        if self._narrowed and page.viewport_size:
            wide = page.viewport_size
            page.set_viewport_size({"width": self._narrowed[0], "height": self._narrowed[1]})
            self._fits(unfolded=True)
            page.set_viewport_size(wide)
        assert not self._faults, (page.url, self._faults)

    def _fits(self, unfolded: bool = False) -> int:
        width, room = self.page.evaluate(_WIDTH, unfolded)
        assert width <= room, f"{self.page.url} is {width} px wide in a window of {room}"
        return int(room)

    def _check(self, width: int) -> None:
        page, checked = self.page, _CHECKED.setdefault(width, set())
        shapes = set(page.evaluate(_SHAPES))
        if shapes <= checked:
            return
        checked |= _told_by_others(width)
        if shapes <= checked:
            return
        page.evaluate(self._axe)
        violations = page.evaluate(_FIND_VIOLATIONS, TAGS)
        assert not violations, f"{page.url} as “{page.title()}”:\n" + "\n".join(violations)
        new = shapes - checked
        checked |= shapes
        _tell_others(width, new)

    def sees(self, words: str) -> None:
        """Somewhere on the page stands this."""
        expect(self.page.locator("body")).to_contain_text(words)

    def sees_heading(self, words: str) -> None:
        """The page is this one."""
        expect(self.page.locator("h1")).to_contain_text(words)

    def said(self, words: str) -> None:
        """The page says that this has just happened."""
        expect(self.page.get_by_role("status").first).to_contain_text(words)

    def tile(self, words: str) -> str:
        """The number on a tile of the first page."""
        tile: Locator = self.page.locator(".fls-tile", has_text=words)
        return tile.locator(".fls-tile__number").inner_text()

    def timeline(self) -> list[str]:
        """The titles of the timeline, newest first."""
        return self.page.locator(".fls-timeline strong").all_inner_texts()

    # Without a mouse

    def tab_to(self, words: str) -> None:
        """Press Tab until the focus stands on what is called ``words``, and see that one can see where it stands."""
        for _ in range(150):
            self.page.keyboard.press("Tab")
            name, shown = self.page.evaluate(_FOCUS)
            if name:
                assert shown, f"nothing shows that the focus is on “{name}”"
            if words in name:
                return
        raise AssertionError(f"Tab never reaches “{words}” on {self.page.url}")


def _told_by_others(width: int) -> set[str]:
    """What other processes have found to be in order; a line that is being written is left for the next time."""
    found: set[str] = set()
    for path in Path(_TOLD).glob(f"{width}-*") if _TOLD else ():
        for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
            if line.endswith("\n"):
                found.update(json.loads(line))
    return found


def _tell_others(width: int, shapes: set[str]) -> None:
    if _TOLD:
        with Path(_TOLD, f"{width}-{os.getpid()}").open("a", encoding="utf-8") as file:
            file.write(json.dumps(sorted(shapes)) + "\n")


_FOCUS = """() => {
    const at = document.activeElement;
    if (!at || at === document.body) return ["", false];
    const labels = [...(at.labels ?? [])].map(label => label.innerText).join(" ");
    const box = at.type === "radio" ? at.nextElementSibling : at;
    const styles = [getComputedStyle(box), getComputedStyle(box, "::before")];
    const shown = styles.some(style =>
        style.boxShadow !== "none" || (style.outlineStyle !== "none" && style.outlineWidth !== "0px"));
    return [(labels || at.getAttribute("aria-label") || at.innerText || at.name || "").trim(), shown];
}"""
