"""The forms of the queue: one reason for several, and what a report that was passed over says."""

from __future__ import annotations

from typing import Any

from django import forms

from openfls.record.reasons import NotForUs
from openfls.record.sites import Side, Site
from openfls.service.actions.auditing import SITES
from openfls.web.forms.fields import Line, Select


class TogetherForm(forms.Form):
    """Why the ticked ones are not for the service."""

    reason = Select(NotForUs, label="Why are they not for us?", missing="Choose a reason")
    words = Line(label="In your words", required=False, max_length=300)

    def __init__(self, data: Any = None, *, picked: int = 0) -> None:
        super().__init__(data)
        self._picked = picked

    def clean(self) -> dict[str, Any]:
        """Somebody is ticked, and another reason is written out."""
        given = super().clean()
        if given.get("reason") is NotForUs.OTHER and not given.get("words"):
            self.add_error("words", "Say what the reason is")
        if not self._picked:
            self.add_error(None, "Tick at least one person")
        return given


class PassedOverForm(forms.Form):
    """Is there a fracture that this service should know of?"""

    there_is = forms.TypedChoiceField(
        label="Is there a fracture that this service should know of?",
        choices=[("no", "No"), ("yes", "Yes")],
        coerce=lambda text: text == "yes",
        empty_value=None,
        error_messages={"required": "Choose yes or no", "invalid_choice": "Choose yes or no"},
    )
    site = Select(Site, label="If yes: which bone?", required=False)
    side = Select(Side, label="Which side?", required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        there_is: Any = self.fields["there_is"]
        there_is.shown_as, there_is.inline = "radios", False
        site: Any = self.fields["site"]
        site.choices = [("", ""), *((site.value, site.label) for site in SITES)]
        side: Any = self.fields["side"]
        side.choices = [("", "Not said")] + [(each.value, each.value.capitalize()) for each in Side if each]

    def clean(self) -> dict[str, Any]:
        """A yes names its bone; a no names none."""
        given = super().clean()
        if given.get("there_is") and not given.get("site"):
            self.add_error("site", "Choose the bone that is broken")
        given["site"] = given.get("site") if given.get("there_is") else None
        given["side"] = (given.get("side") if given.get("there_is") else None) or Side.NONE
        return given
