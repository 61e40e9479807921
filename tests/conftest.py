"""What every test shares: a data folder of its own, and a clock that stands still where a test says so."""

from __future__ import annotations

import gc
import os
import tempfile
from pathlib import Path

import pytest
from jinja2 import FileSystemBytecodeCache
from xdist.scheduler import LoadFileScheduling

gc.disable()  # until everything is imported and collected
os.environ.setdefault("OPENFLS_DATA", tempfile.mkdtemp(prefix="openfls-tests-"))
os.environ.setdefault("OPENFLS_SECRET_KEY", "for tests alone")
# Playwright's own event loop runs in the test's thread; the database calls of a test are not inside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

# Files that take longest, longest first (measured): begun early, none is left alone in one process at the end.
LONGEST = """
    browser/test_every_page service/test_steps_in_any_order service/inbox/test_killed browser/test_assessment
    browser/test_journey browser/test_toolkit browser/test_ways browser/test_training service/test_migrations
    browser/test_guidance_and_questionnaire browser/test_plan browser/test_practice browser/test_by_keyboard
    browser/test_queue_keys service/test_fictional_year service/test_feeds_order service/test_feeds_files
    web/test_access web/test_quality_pages service/training/test_practice service/test_actions_permitted
    web/test_forms security/test_foreign_ids
"""

STANDING = ("test_access", "test_foreign_ids", "test_requests", "test_headers")


@pytest.fixture(scope="session", autouse=True)
def _files_looked_up_when_asked_for() -> None:
    """Every client of a test would list all static files before its first request."""
    from django.conf import settings

    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(scope="session", autouse=True)
def _templates_compiled_once() -> None:
    """What one process of a whole run made of a template, the others read."""
    if folder := os.environ.get("TEMPLATES_OF_TESTS"):
        from django.template import engines

        engines["jinja2"].env.bytecode_cache = FileSystemBytecodeCache(folder)


def pytest_collection_finish() -> None:
    """What was imported and collected stays: it is not looked through for garbage, now or later."""
    gc.enable()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_sessionfinish() -> None:
    """At the end everything may go."""
    gc.unfreeze()


class _ByFile(LoadFileScheduling):
    """A file stays in one process, and so do the files that share the two services with a record of everything."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return "standing" if Path(file).stem in STANDING else file


@pytest.hookimpl(optionalhook=True)  # pytest may run without xdist
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> _ByFile:
    """How the tests are shared out."""
    return _ByFile(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first; the others stay as they were."""
    here = Path(__file__).parent
    place = {here / f"{name}.py": number for number, name in enumerate(LONGEST.split())}
    items.sort(key=lambda item: place.get(item.path, len(place)))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The embedded database of the tests is a file, as a user's is.

    One in memory is shared by threads with locks of another kind, which fail at once where a file's wait.
    """
    from django.db import connection

    if connection.vendor == "sqlite":
        folder: Path = tmp_path_factory.mktemp("database")
        connection.settings_dict["TEST"]["NAME"] = str(folder / "tests.sqlite3")
        options = connection.settings_dict["OPTIONS"]
        # Nobody pulls the plug of a test.
        options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    elif worker := os.environ.get("PYTEST_XDIST_WORKER"):
        connection.settings_dict["TEST"]["NAME"] = f"test_openfls_{worker}"
