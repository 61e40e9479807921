"""The form of a service's letterhead."""

from __future__ import annotations

from django import forms

from openfls.web.forms.fields import Line, Text


class LetterheadForm(forms.Form):
    """What stands around every letter of the service."""

    name = Line(label="Name of the service", max_length=200, error_messages={"required": "Enter the name"})
    above = Text(
        label="Above the name", required=False, help_text="For example trust and hospital, a line each."
    )
    address = Text(label="Address", required=False, help_text="A line each.")
    telephone = Line(
        label="Telephone",
        max_length=40,
        help_text="Letters ask people to call it.",
        error_messages={"required": "Enter the telephone number: letters ask people to call it"},
    )
    email = forms.EmailField(
        label="Email",
        required=False,
        error_messages={"invalid": "Enter an email address, for example fls@nhs.uk"},
    )
    hours = Line(label="When somebody answers", required=False, max_length=200)
    signature = Text(
        label="Under the name of who signs",
        required=False,
        help_text="For example a registration or a clinic, a line each.",
    )

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        self.fields["email"].shown_as = "text"
