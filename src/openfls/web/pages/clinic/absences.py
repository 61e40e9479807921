"""Closed days, leave and bank holidays: what is set, something more, and the way back."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render

from openfls.record.pathway import NotPossible
from openfls.record.written_dates import read_date
from openfls.service import clock
from openfls.service.actions import clinics
from openfls.service.clinic.hours import absences, holidays_to_come, hours_of
from openfls.service.models import ClinicAbsence
from openfls.web.forms.fields import Count, Line
from openfls.web.guard import Request, scoped
from openfls.web.said import problem, said


class Kinds(forms.ChoiceField):
    """What is different, as radio buttons."""

    shown_as = "radios"
    inline = False


class AnyDay(forms.CharField):
    """A date typed in any sane way."""

    shown_as = "date"
    width = "nhsuk-input--width-10"

    def clean(self, value: Any) -> date | None:
        """The day; None where nothing was typed."""
        typed = super().clean(value)
        day = read_date(typed) if typed else None
        if typed and day is None:
            raise forms.ValidationError(f"{self.label}: enter a date, for example 25 12 2027")
        return day


class AbsenceForm(forms.Form):
    """Days that differ."""

    kind = Kinds(
        label="What is different",
        choices=ClinicAbsence.Kind.choices,
        error_messages={"required": "Choose what is different", "invalid_choice": "Choose from the list"},
    )
    words = Line(
        label="Why, or who is away",
        max_length=100,
        help_text="For example: training day. Colleagues see it.",
        error_messages={"required": "Enter why, or who is away"},
    )
    first_on = AnyDay(
        label="First day",
        help_text="For example, 25 12 2027",
        error_messages={"required": "Enter the first day"},
    )
    last_on = AnyDay(label="Last day", required=False, help_text="Leave it empty for one day alone.")
    fewer = Count(
        label="Fewer reviews and treatments a day",
        required=False,
        min_value=0,
        max_value=clinics.MOST,
        help_text="Only while somebody is away: how many of the day’s places fall out.",
    )
    fewer_assess = Count(label="Fewer assessments a day", required=False, min_value=0, max_value=clinics.MOST)

    def absent(self) -> clinics.Absent:
        """What was typed."""
        told = self.cleaned_data
        return clinics.Absent(
            kind=told["kind"],
            first_on=told["first_on"],
            last_on=told["last_on"] or told["first_on"],
            words=told["words"],
            fewer=told["fewer"] or 0,
            fewer_assess=told["fewer_assess"] or 0,
        )


def listed(request: Request) -> HttpResponse:
    """What is set from today on; a POST adds days."""
    form = AbsenceForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            clinics.add_absence(absent=form.absent(), by=request.actor)
            said(request, "Kept. The lists are levelled to it.")
            return redirect("clinic-absences")
        except NotPossible as error:
            form.add_error(None, str(error))
    service, today = request.actor.service, clock.today()
    return render(
        request,
        "clinic/absences.jinja",
        {
            "here": "reviews",
            "form": form,
            "form_errors": form.errors,
            "absences": absences(service, today),
            "holidays": holidays_to_come(service, today),
            "closed_on_them": hours_of(service, today).bank_holidays,
        },
        status=422 if form.errors else 200,
    )


def end(request: Request, pk: int) -> HttpResponse:
    """The days are as any others again."""
    absence = scoped(ClinicAbsence.objects.all(), request.actor, pk=pk)
    try:
        clinics.end_absence(absence=absence, by=request.actor)
        said(request, f"Taken back: {absence.words}.")
    except NotPossible as error:
        problem(request, str(error))
    return redirect("clinic-absences")
