"""The small topics, read once."""

from __future__ import annotations

from pathlib import Path

import pytest

from openfls.training.loader import load_bank
from openfls.training.values import Bank
from training import small


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where they are."""
    return small.write(tmp_path_factory.mktemp("topics"))


@pytest.fixture(scope="session")
def bank(folder: Path) -> Bank:
    """The topics."""
    return load_bank(folder)
