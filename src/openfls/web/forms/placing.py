"""The form that puts day and place of a fracture right."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from openfls.record.sites import OUTSIDE_FLS, Side, Site
from openfls.service.actions.placing import Placed
from openfls.web.forms.fields import Day, Line, Select

_SPINE = [*(f"C{n}" for n in range(1, 8)), *(f"T{n}" for n in range(1, 13)), *(f"L{n}" for n in range(1, 6))]
_RANGE = re.compile(r"([CTL]\d{1,2})-([CTL]?\d{1,2})")


class PlacingForm(forms.Form):
    """When and where the bone broke, and why that is put right."""

    on = Day(label="Day of the fracture", required=False)
    site = Select(Site, label="Which bone?", missing="Choose the bone")
    side = Select(Side, label="Which side?", required=False)
    levels = Line(
        label="Levels, for a fracture of the spine",
        required=False,
        help_text="For example, T12, L1 or T11-L1",
    )
    reason = Line(
        label="Why is it put right?",
        max_length=300,
        help_text="For example: she fell on 2 May, as she told at the clinic",
        error_messages={"required": "Say why it is put right"},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        site: Any = self.fields["site"]
        site.choices = [("", ""), *((one.value, one.label) for one in Site if one not in OUTSIDE_FLS)]
        side: Any = self.fields["side"]
        side.choices = [("", "Not said"), *((one.value, one.value.capitalize()) for one in Side if one)]

    def clean_levels(self) -> tuple[str, ...]:
        """The levels down the spine, ranges written out."""
        typed = self.cleaned_data["levels"].upper().replace("–", "-")
        named = re.sub(r"\s*-\s*", "-", typed)
        found: set[str] = set()
        for part in filter(None, re.split(r"[\s,;]+", named)):
            found |= set(_levels(part))
        return tuple(level for level in _SPINE if level in found)

    def placed(self) -> Placed:
        """Day and place as a value."""
        given = self.cleaned_data
        return Placed(given["on"], given["site"], given["side"] or Side.NONE, given["levels"])


def _levels(part: str) -> list[str]:
    if part in _SPINE:
        return [part]
    match = _RANGE.fullmatch(part)
    first, last = (
        (match[1], match[2] if match[2][0] in "CTL" else match[1][0] + match[2]) if match else ("", "")
    )
    if first not in _SPINE or last not in _SPINE or _SPINE.index(first) > _SPINE.index(last):
        raise forms.ValidationError("Enter levels such as T12, L1 or T11-L1")
    return _SPINE[_SPINE.index(first) : _SPINE.index(last) + 1]
