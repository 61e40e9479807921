"""The form that sets a flag of a person."""

from __future__ import annotations

from typing import Any

from django import forms

from openfls.service.actions.flagging import NEEDS_WORDS
from openfls.service.models import PersonFlag
from openfls.web.forms.fields import Line, Radios


class FlagForm(forms.Form):
    """Which flag, and what must be known with it."""

    kind = Radios(PersonFlag.Kind, label="What must be known?", missing="Choose what must be known")
    words = Line(label="In your words", required=False, max_length=300)

    def clean(self) -> dict[str, Any]:
        """What needs words has them."""
        given = super().clean()
        needs = NEEDS_WORDS.get(given.get("kind"))
        if needs and not (given.get("words") or "").strip():
            self.add_error("words", needs.rstrip("."))
        return given
