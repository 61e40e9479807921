"""What every test shares: a data folder of its own, and a clock that stands still where a test says so."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

os.environ.setdefault("OPENFLS_DATA", tempfile.mkdtemp(prefix="openfls-tests-"))
os.environ.setdefault("OPENFLS_SECRET_KEY", "for tests alone")
# Playwright's own event loop runs in the test's thread; the database calls of a test are not inside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


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
