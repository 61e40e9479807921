"""The forms of the quality pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from openfls.quality import SET_IDS, measure_set
from openfls.record.written_dates import read_date
from openfls.service.quality.standards import EvidenceKind
from openfls.web.forms.fields import Day, Line, Select, Text


class AnyDay(Day):
    """A date typed in any sane way; it may lie ahead."""

    def clean(self, value: Any) -> date | None:
        """The day."""
        typed = forms.CharField.clean(self, value)
        if not typed:
            return None
        day = read_date(typed)
        if day is None:
            raise forms.ValidationError("Enter a date, for example 27 3 2026")
        return day


class OneMeasure(forms.ChoiceField):
    """A measure of any set, as ``set.measure``."""

    shown_as = "select"

    def __init__(self, **options: Any) -> None:
        choices = [("", "")]
        for set_id in SET_IDS:
            choices += [
                (f"{set_id}.{measure.id}", f"{set_id}: {measure.title}")
                for measure in measure_set(set_id).measures
            ]
        super().__init__(choices=choices, **options)


class ChangeForm(forms.Form):
    """A change that is tried."""

    title = Line(
        label="What is changed, in a few words",
        max_length=120,
        error_messages={"required": "Say what is changed"},
    )
    measure = OneMeasure(
        label="The measure that shows it", error_messages={"required": "Choose the measure that shows it"}
    )
    plan = Text(
        label="Plan: what is to be better, by how much, by when",
        help_text="Without names: others read it.",
        error_messages={"required": "Say what is to be better"},
    )
    began_on = AnyDay(label="First day of the change", error_messages={"required": "Enter the first day"})


class LearnForm(forms.Form):
    """What came of a change."""

    did = Text(label="Do: what was done", required=False)
    studied = Text(label="Study: what was seen", required=False)
    acted = Text(label="Act: what follows from it", required=False)
    ended_on = AnyDay(label="Last day, where it is over", required=False)


class EvidenceForm(forms.Form):
    """Evidence that somebody stands for."""

    kind = Select(EvidenceKind, label="Kind", missing="Choose the kind of evidence")
    words = Line(label="What it shows", max_length=500, error_messages={"required": "Say what it shows"})
    on = Day(label="Date of it", error_messages={"required": "Enter its date"})
    holds_until = AnyDay(label="Holds until, where it ends", required=False)
    owner = Line(
        label="Who stands for it", max_length=120, error_messages={"required": "Say who stands for it"}
    )
    where = Line(label="Where the paper is kept", max_length=300, required=False)


class GapForm(forms.Form):
    """What is to be done about a gap."""

    words = Line(
        label="What is to be done", max_length=500, error_messages={"required": "Say what is to be done"}
    )
    owner = Line(label="Who does it", max_length=120, error_messages={"required": "Say who does it"})
    due = AnyDay(label="By when", error_messages={"required": "Enter the day by which it is done"})


class _OptedOut(forms.TypedChoiceField):
    shown_as = "radios"
    inline = True


class OptOutForm(forms.Form):
    """What was found when somebody looked."""

    opted_out = _OptedOut(
        label="National data opt-out",
        choices=[("no", "Not set"), ("yes", "Set: leave this person out of the national file")],
        coerce=lambda text: text == "yes",
        error_messages={"required": "Choose whether it is set"},
    )
    checked_on = Day(label="Day on which it was looked up", error_messages={"required": "Enter the day"})


class _Ticks(forms.TypedMultipleChoiceField):
    shown_as = "ticks"


class OptOutListForm(forms.Form):
    """A list of NHS numbers, and what it is a list of. The page itself shows the field for the file."""

    list = forms.Field(required=False)
    opted_out = _OptedOut(
        label="Who is in the list",
        choices=[("yes", "People who have set the opt-out"), ("no", "People who have not set it")],
        coerce=lambda text: text == "yes",
        error_messages={"required": "Choose who is in the list"},
    )
    whole = _Ticks(
        label="And everybody else of this period",
        choices=[("yes", "They were looked up too: take of them the opposite of what the list says")],
        coerce=bool,
        required=False,
    )
    checked_on = Day(label="Day on which they were looked up", error_messages={"required": "Enter the day"})
