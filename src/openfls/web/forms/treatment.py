"""The small forms about a course of a drug: it began, a dose was given, it was reviewed, it stopped; what was wrong."""

from __future__ import annotations

from typing import Any

from django import forms

from openfls.intervention.packs import drugs
from openfls.web.forms.fields import Day, Line, Radios
from openfls.web.forms.plan import DayToCome, Worded

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
    follow_on_due = DayToCome(
        label="For which day",
        required=False,
        help_text="Of what follows, for example 27 3 2027. Until that day the plan counts; then it is asked again.",
    )


class FollowOnForm(forms.Form):
    """What follows is planned, for a day."""

    follow_on = DrugOf("What follows")
    due = DayToCome(
        label="For which day",
        help_text="For example, 27 3 2027. Until that day the plan counts; then it is asked again.",
        error_messages={"required": "Enter the day for which it is planned"},
    )


class PutRightForm(forms.Form):
    """What was told was wrong: it never was, or it was on another day."""

    reason = Line(
        label="What was wrong",
        required=False,
        max_length=300,
        help_text="Needed after a day, or once a letter has been approved. It stays in the record.",
    )
    day = Day(
        label="The right day",
        required=False,
        help_text="For example, 27 3 2026. Leave it empty if it never was.",
    )

    def __init__(self, *args: Any, to_come: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if to_come:
            self.fields["day"] = DayToCome(
                label="The right day",
                required=False,
                help_text="For example, 27 3 2027. Leave it empty if nothing is planned.",
            )
