"""The cases that can be practised."""

from __future__ import annotations

from openfls.training.patients.loader import shipped_cases
from openfls.training.patients.values import Case


def cases() -> list[Case]:
    """Every case in its order."""
    return list(shipped_cases().values())


def case_called(key: str) -> Case | None:
    """A case by its key."""
    return shipped_cases().get(key)
