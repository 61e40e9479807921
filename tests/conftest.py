"""What every test shares: a data folder of its own, and a clock that stands still where a test says so."""

from __future__ import annotations

import os
import tempfile

os.environ.setdefault("OPENFLS_DATA", tempfile.mkdtemp(prefix="openfls-tests-"))
os.environ.setdefault("OPENFLS_SECRET_KEY", "for tests alone")
# Playwright's own event loop runs in the test's thread; the database calls of a test are not inside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
