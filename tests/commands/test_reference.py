"""The reference documents say what the code says."""

from __future__ import annotations

from pathlib import Path

import openfls.commands.all
import pytest
from openfls.commands.reference import DOCUMENTS

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_document_has_fallen_behind(name: str) -> None:
    assert openfls.commands.all.app.registered_commands
    kept = (ROOT / "docs/reference" / name).read_text(encoding="utf-8")
    assert kept == DOCUMENTS[name](ROOT), "run `make docs`"


def test_every_document_is_made() -> None:
    assert {path.name for path in (ROOT / "docs/reference").glob("*.md")} == set(DOCUMENTS)
