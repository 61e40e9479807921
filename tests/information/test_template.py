"""The language of the wording as a table: template, values, sentences."""

from __future__ import annotations

import pytest

from openfls.information.phrases import joined, spaced_nhs_number
from openfls.information.template import expand

VALUES = {"drug": "X", "none": "", "sites": ("hip", "spine", "wrist"), "nothing": ()}


@pytest.mark.parametrize(
    ("template", "sentences"),
    [
        ("No field.", ("No field.",)),
        ("Take {drug}.", ("Take X.",)),
        ("Take {none}.", ()),
        ("Take {none|not known yet}.", ("Take not known yet.",)),
        ("Take {drug|not known yet}.", ("Take X.",)),
        ("Broke {sites}.", ("Broke hip, spine and wrist.",)),
        ("Broke {nothing}.", ()),
        ("{sites*}!", ("hip!", "spine!", "wrist!")),
        ("{nothing*}!", ()),
        ("{drug*}!", ("X!",)),
        ("{sites*} and {drug}", ("hip and X", "spine and X", "wrist and X")),
        ("{sites*} and {none}", ()),
        ("{?drug}Said.", ("Said.",)),
        ("{!drug}Said.", ()),
        ("{?none}Said.", ()),
        ("{!nothing}Said.", ("Said.",)),
        ("{?drug}{!none}Both.", ("Both.",)),
    ],
)
def test_template(template, sentences):
    assert expand(template, VALUES) == sentences


@pytest.mark.parametrize(
    ("parts", "text"), [((), ""), (("a",), "a"), (("a", "b"), "a and b"), (("a", "b", "c"), "a, b and c")]
)
def test_lists_are_joined_as_people_say_them(parts, text):
    assert joined(parts) == text


@pytest.mark.parametrize(
    ("number", "shown"),
    [("9990000018", "999 000 0018"), ("999-000-0018", "999 000 0018"), ("12", "12"), ("", "")],
)
def test_nhs_numbers_are_shown_in_groups(number, shown):
    assert spaced_nhs_number(number) == shown
