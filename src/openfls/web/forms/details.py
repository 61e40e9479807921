"""The form that sets a person's details right."""

from __future__ import annotations

from typing import Any

from django import forms

from openfls.record.pathway import NotPossible
from openfls.record.people import Sex
from openfls.service.feeds.correcting import Corrected, check_corrected
from openfls.web.forms.fields import Day, Line, Select, Text


class HasDied(forms.TypedChoiceField):
    """Yes or no: it is one of the two on every record."""

    shown_as = "radios"
    inline = True


class DetailsForm(forms.Form):
    """What ought to stand on the record, and why."""

    family_name = Line(label="Family name", required=False, max_length=200)
    given_name = Line(label="Given name", required=False, max_length=200)
    birth_date = Day(label="Date of birth", required=False)
    sex = Select(Sex, label="Sex", missing="Choose the sex, or unknown")
    deceased = HasDied(
        label="Has died",
        choices=[("no", "No"), ("yes", "Yes")],
        coerce=lambda text: text == "yes",
        error_messages={"required": "Choose whether the person has died"},
    )
    deceased_on = Day(label="Date of death, where it is known", required=False)
    address = Text(label="Address", required=False, max_length=500)
    postcode = Line(label="Postcode", required=False, max_length=12)
    telephone = Line(label="Telephone", required=False, max_length=60)
    general_practice = Line(label="GP practice", required=False, max_length=200)
    reason = Line(
        label="Why is it corrected?", max_length=300, error_messages={"required": "Say why it is corrected"}
    )

    def clean(self) -> dict[str, Any]:
        """Details that contradict each other are refused here as they would be by the action."""
        given = super().clean()
        if not self.errors:
            try:
                check_corrected(self.corrected())
            except NotPossible as error:
                self.add_error("deceased_on", str(error))
        return given

    def corrected(self) -> Corrected:
        """The details as a value."""
        given = self.cleaned_data
        return Corrected(**{name: given[name] for name in given if name != "reason"})
