"""The explanation page says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from information.examples import full_context
from openfls.information.compose import compose
from openfls.information.fields import FIELD_NAMES
from openfls.information.letter import TO_THE_PERSON, LetterKind
from openfls.information.readability import letter_readability

PAGE = (Path(__file__).parents[2] / "docs" / "explanation" / "letters.md").read_text("utf-8")


def test_every_field_is_named():
    listed = re.search(r"The fields are\n(.+?)\n\n", PAGE, re.DOTALL)
    assert listed
    assert set(re.findall(r"`([a-z_]+)`", listed[1])) == FIELD_NAMES


@pytest.mark.parametrize("kind", sorted(LetterKind))
def test_every_kind_is_named(kind):
    assert f"\n| `{kind}` |" in PAGE


@pytest.mark.parametrize("kind", sorted(TO_THE_PERSON))
def test_the_measured_grades_are_today_s(kind):
    found = letter_readability(compose(kind, full_context()))
    assert f"| `{kind}` | {found.flesch_kincaid_grade:.1f} | {found.smog_grade:.1f} |" in PAGE
