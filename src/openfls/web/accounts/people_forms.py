"""The forms on which a manager says who gets in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from openfls.record.written_dates import read_date
from openfls.service.access.inviting import Wish
from openfls.service.models import Emergency, Membership, Outcome, SecondFactor
from openfls.service.roles import Role
from openfls.web.forms.fields import Line, Radios, Text


class LastDay(forms.CharField):
    """A day that may lie ahead; None where none is given."""

    shown_as = "text"
    width = "nhsuk-input--width-10"

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)

    def clean(self, value: Any) -> date | None:
        """The day."""
        typed = super().clean(value)
        if not typed:
            return None
        day = read_date(typed)
        if day is None:
            raise forms.ValidationError("Enter a date, for example 27 3 2026")
        return day


class Invite(forms.Form):
    """Whom to invite, to which role."""

    given_name = Line(label="Given name", max_length=150, error_messages={"required": "Enter the given name"})
    family_name = Line(
        label="Family name", max_length=150, error_messages={"required": "Enter the family name"}
    )
    email = forms.EmailField(
        label="E-mail address at work",
        required=False,
        max_length=254,
        help_text="Good for signing in too, and with your organisation where that is set up",
        error_messages=dict.fromkeys(
            ("invalid", "max_length"), "Enter an e-mail address such as name@trust.example"
        ),
    )
    role = Radios(Role, label="Role", missing="Choose a role")
    last_day = LastDay(
        label="Last day, where it is known",
        help_text="For a locum, a student or a trainee, for example 27 3 2026. Empty: until you end it",
    )

    def wish(self) -> Wish:
        """What was asked for."""
        given = self.cleaned_data
        return Wish(
            given["given_name"], given["family_name"], given["email"], given["role"], given["last_day"]
        )


class NewRole(forms.Form):
    """Another role."""

    role = Radios(Role, label="Role", missing="Choose a role")


class Leaving(forms.Form):
    """When a role ends, and who takes over."""

    last_day = LastDay(
        label="Last day", help_text="For example 27 3 2026. Empty: now, and every session ends at once"
    )
    hand_to = forms.ChoiceField(label="Who takes over", required=False)
    hand_to.shown_as = "select"

    def __init__(self, data: Any = None, *, others: Sequence[Membership]) -> None:
        super().__init__(data)
        self._others = {str(row.pk): row for row in others}
        self.fields["hand_to"].choices = [
            ("", "Nobody"),
            *((key, row.user.full_name) for key, row in self._others.items()),
        ]

    def successor(self) -> Membership | None:
        """Who takes over."""
        return self._others.get(self.cleaned_data["hand_to"])


class Rules(forms.Form):
    """Of whom a second factor is asked."""

    second_factor = Radios(SecondFactor, label="Of whom do you ask a second factor?", missing="Choose one")


class Open(forms.Form):
    """Which record of another service, and why."""

    number = Line(
        label="NHS number",
        max_length=20,
        help_text="Ten digits",
        error_messages={"required": "Enter the NHS number"},
    )
    born = LastDay(label="Date of birth", help_text="For example, 27 3 1948")
    kind = Radios(Emergency, label="Why do you need it now?", missing="Choose why you need it")
    words = Text(
        label="What has happened?",
        max_length=1000,
        help_text="One sentence. The other service's manager reads it",
        error_messages={"required": "Say what has happened"},
    )
    number.width = "nhsuk-input--width-10"

    def clean_born(self) -> date:
        """It must be known: a number alone opens nothing."""
        born = self.cleaned_data["born"]
        if not isinstance(born, date):
            raise forms.ValidationError("Enter the date of birth")
        return born


class Judge(forms.Form):
    """What a manager makes of an emergency."""

    outcome = Radios(Outcome, label="What do you make of it?", missing="Choose what you make of it")
    words = Text(
        label="What came of it",
        max_length=1000,
        required=False,
        help_text="Needed where it was not in order",
    )
