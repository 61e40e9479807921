"""The forms of a connection and of an address that is told of events."""

from __future__ import annotations

from django import forms

from openfls.service.sharing.connecting import Wish
from openfls.service.sharing.outbox import KINDS
from openfls.service.sharing.scopes import SCOPES
from openfls.web.forms.fields import Line
from openfls.web.forms.plan import DayToCome, Ticks


class ConnectionForm(forms.Form):
    """A system that may read."""

    name = Line(
        label="Which system",
        max_length=100,
        help_text="For example: shared care record of the region.",
        error_messages={"required": "Enter which system it is"},
    )
    purpose = Line(
        label="What it needs the data for",
        max_length=300,
        help_text="Direct care alone. Research and planning need another way.",
        error_messages={"required": "Enter what it needs the data for"},
    )
    scopes = Ticks(
        label="What it may read",
        choices=SCOPES,
        error_messages={"required": "Choose what it may read", "invalid_choice": "Choose what it may read"},
    )
    expires_on = DayToCome(
        label="Its last day",
        help_text="Within two years, for example 27 3 2027.",
        error_messages={"required": "Enter its last day"},
    )

    def wish(self) -> Wish:
        """What was asked for."""
        given = self.cleaned_data
        return Wish(given["name"], given["purpose"], tuple(given["scopes"]), given["expires_on"])


class WebhookForm(forms.Form):
    """An address that is told what happened."""

    name = Line(label="Which system", max_length=100, error_messages={"required": "Enter which system it is"})
    url = Line(
        label="Its address",
        max_length=500,
        help_text="Begins with https://. It gets ids and links, never a name or a number of a person.",
        error_messages={"required": "Enter its address"},
    )
    kinds = Ticks(
        label="What it is told of",
        choices=list(KINDS.items()),
        error_messages={"required": "Choose what it is told of", "invalid_choice": "Choose from the list"},
    )
