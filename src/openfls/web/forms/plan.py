"""The form of a plan: what was agreed, what was talked about, who answers for it, and what the record asks of it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

from django import forms

from openfls.intervention.packs import drugs
from openfls.record.written_dates import read_date
from openfls.service import clock
from openfls.service.actions.planning import Agreed, Asked
from openfls.service.models import PlanDetail
from openfls.web.forms.fields import Line, Radios
from openfls.web.forms.steps import PlanForm

ASK, DECIDE = "ask_", "decide_"


class Worded(StrEnum):
    """A choice with words; each member is written as ``key, words``."""

    label: str

    def __new__(cls, key: str, label: str) -> Worded:
        member = str.__new__(cls, key)
        member._value_ = key
        member.label = label
        return member


class Lifestyle(Worded):
    """What was talked about beside a drug (clinical facts 4.6)."""

    SMOKING = "smoking", "Stopping smoking"
    ALCOHOL = "alcohol", "Alcohol, at most 14 units a week"
    EXERCISE = "exercise", "Weight-bearing, strength and balance exercise"
    FOOD = "food", "Calcium and protein in food"
    SPINE = "spine", "Bending and lifting with a broken spine"


class Dental(Worded):
    """What was said about teeth."""

    ADVICE = "advice", "Advice given"
    CHECK_FIRST = "check_first", "Dental check before the drug"
    NOT_NEEDED = "not_needed", "Not needed for this plan"


class Specialist(Worded):
    """Whether somebody else is asked."""

    REFERRED = "referred", "Referred to a specialist"
    CONSIDERED = "considered", "Considered, and not referred"


class Who(Worded):
    """Who answers for the drug."""

    GP = PlanDetail.Signing.GP.value, "The GP is asked to prescribe"
    PRESCRIBER = PlanDetail.Signing.PRESCRIBER.value, "A prescriber of the service signs"


class DayToCome(forms.CharField):
    """A date typed in any sane way, after today."""

    shown_as = "date"
    width = "nhsuk-input--width-10"

    def clean(self, value: Any) -> date | None:
        """The day; None where nothing was typed."""
        typed = super().clean(value)
        if not typed:
            return None
        day = read_date(typed)
        if day is None:
            raise forms.ValidationError("Enter a date, for example 27 3 2027")
        if day <= clock.today():
            raise forms.ValidationError("The date must be after today")
        return day


class Ticks(forms.MultipleChoiceField):
    """Any number of a list, as check boxes."""

    shown_as = "ticks"


class FullPlanForm(PlanForm):
    """`PlanForm` with what was offered and talked about. ``ask`` adds the questions that the record raises."""

    offered = Ticks(
        label="Drugs that were talked about",
        required=False,
        choices=[(drug.key, drug.name) for drug in drugs()],
    )
    signing = Radios(
        Who, label="Who answers for the drug", missing="Choose who answers for it", required=False
    )
    calcium_reason = Line(
        label="Why no calcium and no vitamin D",
        required=False,
        max_length=300,
        help_text="Needed where there is none.",
    )
    lifestyle = Ticks(
        label="Also talked about", required=False, choices=[(one.value, one.label) for one in Lifestyle]
    )
    dental = Radios(Dental, label="Teeth", missing="Choose what was said about teeth", required=False)
    specialist = Radios(
        Specialist, label="Specialist", missing="Choose whether a specialist is asked", required=False
    )
    come_back_on = DayToCome(
        label="When to come back to it",
        required=False,
        help_text="Where something was declined or put off, for example 27 3 2027",
    )
    field_order = (
        *("agreed_on", "what_matters", "offered", "decision", "drug", "decision_reason", "signing"),
        *("calcium_vitamin_d", "calcium_reason", "falls_referral", "dxa"),
        *("lifestyle", "dental", "specialist", "come_back_on"),
    )

    def clean(self) -> dict[str, Any]:
        """The reason for no calcium belongs to its own field."""
        given = super().clean()
        wrong = [words for words in self.errors.get("decision_reason", []) if "calcium" in words]
        if wrong:
            del self._errors["decision_reason"]
            self.add_error("calcium_reason", wrong[0])
        return given

    def agreed(self) -> Agreed:
        """The plan as a value, with the answers to what the record asked."""
        given, plain = self.cleaned_data, super().agreed()
        return Agreed(
            **{name: getattr(plain, name) for name in _PLAIN},
            signing=PlanDetail.Signing(given["signing"].value) if given.get("signing") else None,
            offered=tuple(given.get("offered") or ()),
            calcium_reason=given.get("calcium_reason") or "",
            lifestyle=tuple(given.get("lifestyle") or ()),
            dental=given["dental"].value if given.get("dental") else "",
            specialist=given["specialist"].value if given.get("specialist") else "",
            come_back_on=given.get("come_back_on"),
            answers=self._typed(ASK),
            decisions=self._typed(DECIDE),
        )

    def _typed(self, prefix: str) -> dict[str, str]:
        return {
            name.removeprefix(prefix): str(words).strip()[:500]
            for name, words in self.data.items()
            if name.startswith(prefix)
        }

    def ask(self, asked: Asked) -> None:
        """Put the questions of the record on the page, each with its error where it has no answer."""
        for contradiction in asked.contradictions:
            self._add(
                ASK + contradiction.field, contradiction.question, "Which of the two is right, and why?"
            )
        for one in asked.red:
            self._add(DECIDE + one.rule.id, one.rule.text, f"{one.rule.action} What was decided, and why?")

    def _add(self, name: str, label: str, hint: str) -> None:
        self.fields[name] = Line(label=label, help_text=hint, required=False, max_length=500)
        if not str(self.data.get(name, "")).strip():
            self.add_error(name, f"Say what was decided: {label}")


_PLAIN = ("decision", "calcium_vitamin_d", "falls_referral", "dxa", "drug", "decision_reason", "what_matters")
