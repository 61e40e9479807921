"""The small topics in the place of the program's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import world
from openfls.service.actor import Actor
from openfls.service.models import Service
from openfls.service.roles import Role
from training import small


@pytest.fixture(scope="session")
def topics(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where they are."""
    return small.write(tmp_path_factory.mktemp("topics"))


@pytest.fixture(autouse=True)
def _small_content(settings: Any, topics: Path) -> None:
    settings.TRAINING_CONTENT = str(topics)


@pytest.fixture
def lead(service: Service) -> Actor:
    """The supervisor."""
    return world.member(service, Role.CLINICIAN, "lead")
