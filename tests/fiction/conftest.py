"""One year for all tests of the room; it is only read."""

from __future__ import annotations

from datetime import date

import pytest

from fiction.figures import Figures
from openfls.fiction import feed_files, generate
from openfls.fiction.values import FeedFile, Year

END = date(2026, 11, 20)


@pytest.fixture(scope="session")
def year() -> Year:
    return generate(end=END)


@pytest.fixture(scope="session")
def files(year) -> list[FeedFile]:
    return feed_files(year)


@pytest.fixture(scope="session")
def figures() -> Figures:
    """Five times the usual size: the larger the hospital, the closer it lies to what it was calibrated to."""
    return Figures(generate(end=END, seed=1, size=3000))
