"""The small forms about a course of a drug: it began, a dose was given, it was reviewed, it stopped."""

from __future__ import annotations

from django import forms

from openfls.intervention.packs import drugs
from openfls.web.forms.fields import Day, Line, Radios
from openfls.web.forms.plan import Worded

_DRUGS = [(drug.key, drug.name) for drug in drugs()]


class Ended(Worded):
    """How a course ended."""

    STOPPED = "stopped", "Stopped"
    PAUSED = "paused", "Paused, to be looked at again"


class DrugOf(forms.ChoiceField):
    """One of the drugs of the pack, as a drop-down."""

    shown_as = "select"

    def __init__(self, label: str, *, required: bool = True, empty: str = "") -> None:
        super().__init__(
            label=label,
            required=required,
            choices=[("", empty), *_DRUGS],
            error_messages={"required": "Choose which drug it is"},
        )


class StartForm(forms.Form):
    """A course began."""

    drug = DrugOf("Drug")
    on = Day(label="First day, or day of the first dose")


class DoseForm(forms.Form):
    """A dose was given."""

    on = Day(label="Day of the dose")


class ReviewedForm(forms.Form):
    """It was reviewed, and goes on."""

    on = Day(label="Reviewed on")


class StopForm(forms.Form):
    """It ended."""

    on = Day(label="Last day")
    ended = Radios(Ended, label="Stopped or paused?", missing="Choose whether it was stopped or paused")
    reason = Line(label="Why", max_length=300, error_messages={"required": "Say why"})
    follow_on = DrugOf("What follows", required=False, empty="Nothing is planned yet")
