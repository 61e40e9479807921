"""A browser, a server, a day on which the clock stands for both, and a user who looks at every page she opens."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pytest
from django.db.models.signals import post_migrate
from playwright.sync_api import Browser, sync_playwright

import world
from browser.user import Size, User
from openfls.service import clock
from openfls.service.actor import Actor

ROOT = Path(__file__).resolve().parent.parent.parent
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = shutil.which("chromium-headless-shell") or "/usr/bin/chromium"
# A browser that talks to the server of the test and to nobody else.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# The phone is as wide as a desktop's 1280 px at a zoom of 400 %, which is narrower than any phone of today.
DESKTOP, PHONE = (1280, 900), (320, 640)
# The pictures of the documentation are made anew only when they are asked for.
collect_ignore = [] if os.environ.get("OPENFLS_SCREENSHOTS") == "1" else ["test_screenshots.py"]
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])


def pytest_collection_modifyitems(items) -> None:
    """Everything in this folder needs a browser and a database that another thread can see."""
    here = Path(__file__).parent
    for item in items:
        if here in Path(item.path).parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of the accessibility checker."""
    assert AXE.exists(), "axe-core is missing: run `npm ci` (it is in package-lock.json)"
    return AXE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser of the system. Its driver keeps an event loop going, which tests of the listener cannot share."""
    assert Path(CHROMIUM).exists(), f"{CHROMIUM} is missing: install the package chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture(scope="session", autouse=True)
def _no_permissions_anew() -> None:
    """After each test the tables are emptied, and Django would write its permissions anew. Nothing here asks them."""
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")


@pytest.fixture(autouse=True)
def _quick_passwords(settings) -> None:
    """What makes a password slow to guess makes a test slow to run."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def it_is() -> Iterator[Callable[[date], None]]:
    """Move the clock of test and server to noon of a day; it begins at `world.TODAY`."""
    with ExitStack() as stack:

        def move(day: date) -> None:
            stack.enter_context(clock.everywhere_at(world.at_noon(day)))

        move(world.TODAY)
        yield move


@pytest.fixture
def nurse(it_is, live_server) -> Actor:
    """The co-ordinator of the service North, who may sign in."""
    return world.member(world.service())


@pytest.fixture
def open_browser(chromium, axe, live_server) -> Iterator[Callable[..., User]]:
    """Open a window of a size, with script or without."""
    contexts = []

    def open_window(
        size: Size = DESKTOP, script: bool = True, accessible: bool = True, narrowed: Size | None = None
    ) -> User:
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=script,
            locale="en-GB",
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        return User(context.new_page(), axe if script and accessible else "", script, narrowed)

    yield open_window
    for context in contexts:
        context.close()
