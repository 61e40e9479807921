"""Form fields that know how a page shows them (``shown_as``, ``inline``, ``unit``, ``width``)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any, ClassVar

from django import forms

from openfls.record.written_dates import read_date
from openfls.service import clock


class Radios(forms.TypedChoiceField):
    """One of an enumeration's members, as radio buttons in its order."""

    shown_as = "radios"
    inline = False

    def __init__(self, kind: type[StrEnum], *, missing: str, **options: Any) -> None:
        options.setdefault("error_messages", {"required": missing, "invalid_choice": missing})
        super().__init__(
            choices=[(member.value, getattr(member, "label", member.value)) for member in kind],
            coerce=kind,
            empty_value=None,
            **options,
        )


class Select(Radios):
    """The same as a drop-down, for longer lists."""

    shown_as = "select"

    def __init__(self, kind: type[StrEnum], *, missing: str = "", **options: Any) -> None:
        super().__init__(kind, missing=missing, **options)
        self.choices = [("", ""), *self.choices]


class YesNo(forms.TypedChoiceField):
    """Yes, no, or not known; the last is None."""

    shown_as = "radios"
    inline = True

    def __init__(self, **options: Any) -> None:
        super().__init__(
            choices=[("yes", "Yes"), ("no", "No"), ("", "Not known")],
            coerce=lambda text: text == "yes",
            empty_value=None,
            required=False,
            **options,
        )


class Day(forms.CharField):
    """A date typed in any sane way, not after today."""

    shown_as = "date"
    width = "nhsuk-input--width-10"

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", "For example, 27 3 2026")
        options.setdefault("error_messages", {"required": "Enter the date"})
        super().__init__(**options)

    def clean(self, value: Any) -> date | None:
        """The day."""
        typed = super().clean(value)
        if not typed:
            return None
        day = read_date(typed)
        if day is None:
            raise forms.ValidationError("Enter a date, for example 27 3 2026")
        if day > clock.today():
            raise forms.ValidationError("The date must be today or in the past")
        return day

    def prepare_value(self, value: Any) -> Any:
        """A date is shown as it may be typed."""
        return f"{value.day} {value.month} {value.year}" if isinstance(value, date) else value


TOO_LONG = {"max_length": "Use %(limit_value)d characters or fewer; these are %(show_value)d"}
"""Django's own words are not those of a form that people fill in."""


class Line(forms.CharField):
    """One line of text."""

    shown_as = "text"
    default_error_messages = TOO_LONG


class Text(forms.CharField):
    """Several lines of text."""

    shown_as = "textarea"
    default_error_messages = TOO_LONG


class Count(forms.IntegerField):
    """A whole number."""

    default_error_messages: ClassVar = {
        "invalid": "Enter a whole number",
        "min_value": "Enter %(limit_value)s or more",
        "max_value": "Enter %(limit_value)s or fewer",
    }
    shown_as = "number"
    width = "nhsuk-input--width-3"
