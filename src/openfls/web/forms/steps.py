"""The forms of the steps along the pathway."""

from __future__ import annotations

from typing import Any

from django import forms

from openfls.record.pathway import NotPossible
from openfls.record.reasons import (
    CalciumVitaminD,
    Channel,
    Closing,
    ContactOutcome,
    Drug,
    DrugDecision,
    DxaDecision,
    FallsReferral,
    NotForUs,
    ReviewOutcome,
)
from openfls.service.actions.planning import Agreed, check_agreed
from openfls.service.actions.reviewing import Heard, check_heard
from openfls.service.treatment.courses import COUNTED
from openfls.web.forms.fields import Count, Day, Line, Radios, Select, Text, YesNo


class RefuteForm(forms.Form):
    """Why a found fracture is not for the service."""

    reason = Radios(NotForUs, label="Why is it not for us?", missing="Choose a reason")
    words = Line(label="In your words", required=False, max_length=300)

    def clean(self) -> dict[str, Any]:
        """Another reason is written out."""
        given = super().clean()
        if given.get("reason") is NotForUs.OTHER and not given.get("words"):
            self.add_error("words", "Say what the reason is")
        return given


class PlanForm(forms.Form):
    """What was agreed with the person."""

    agreed_on = Day(label="Agreed on")
    decision = Radios(
        DrugDecision, label="Bone-protecting drug", missing="Choose what was agreed about a drug"
    )
    drug = Select(Drug, label="Which drug", required=False)
    decision_reason = Line(
        label="Reason", required=False, max_length=300, help_text="Needed where there is no drug."
    )
    calcium_vitamin_d = Radios(
        CalciumVitaminD,
        label="Calcium and vitamin D",
        missing="Choose what was agreed about calcium and vitamin D",
    )
    falls_referral = Radios(
        FallsReferral, label="Falls team", missing="Choose what was agreed about the falls team"
    )
    dxa = Radios(DxaDecision, label="Bone density scan (DXA)", missing="Choose what was agreed about a scan")
    what_matters = Text(label="What matters to the person", required=False, max_length=2000)

    def clean(self) -> dict[str, Any]:
        """A plan that contradicts itself is refused here as it would be by the action."""
        given = super().clean()
        if not self.errors:
            try:
                check_agreed(self.agreed())
            except NotPossible as error:
                field = "drug" if "drug" in str(error) and "why" not in str(error) else "decision_reason"
                self.add_error(field, str(error))
        return given

    def agreed(self) -> Agreed:
        """The plan as a value."""
        given = self.cleaned_data
        return Agreed(
            decision=given["decision"],
            drug=given["drug"],
            decision_reason=given["decision_reason"],
            calcium_vitamin_d=given["calcium_vitamin_d"],
            falls_referral=given["falls_referral"],
            dxa=given["dxa"],
            what_matters=given["what_matters"],
        )


class ReviewForm(forms.Form):
    """What was heard at 16 or 52 weeks."""

    reviewed_on = Day(label="Reviewed on")
    outcome = Radios(ReviewOutcome, label="What did you find?", missing="Choose what you found")
    drug = Select(Drug, label="Which drug is being taken", required=False)
    dose_on = Day(
        label="Day of the last injection or infusion",
        required=False,
        help_text="Needed for a drug that is injected.",
    )
    strength_balance = YesNo(label="Strength and balance exercise started")
    refractures = Count(label="Fractures since the first one", required=False, min_value=0, max_value=20)
    note = Text(label="Note", required=False, max_length=2000)

    def clean(self) -> dict[str, Any]:
        """A review that contradicts itself is refused here as it would be by the action."""
        given = super().clean()
        if not self.errors:
            try:
                check_heard(self.heard())
            except NotPossible as error:
                self.add_error("drug", str(error))
            if given.get("drug") and given["drug"].value in COUNTED and not given.get("dose_on"):
                self.add_error("dose_on", "Enter the day of the last injection or infusion")
        return given

    def heard(self) -> Heard:
        """The review as a value."""
        given = self.cleaned_data
        return Heard(
            outcome=given["outcome"],
            drug=given["drug"],
            strength_balance=given["strength_balance"],
            refractures=given["refractures"],
            note=given["note"],
            dose_on=given["dose_on"],
        )


class ContactForm(forms.Form):
    """An attempt to reach somebody."""

    on = Day(label="When")
    channel = Radios(Channel, label="How", missing="Choose how")
    outcome = Radios(ContactOutcome, label="What came of it", missing="Choose what came of it")
    words = Text(label="Note", required=False, max_length=2000)


class CloseForm(forms.Form):
    """Why the care ends early."""

    reason = Radios(Closing, label="Why is it closed?", missing="Choose a reason")
    words = Line(label="In your words", required=False, max_length=300)


class CorrectForm(forms.Form):
    """Why the last step is taken back."""

    reason = Line(
        label="Why is the last step taken back?",
        max_length=300,
        error_messages={"required": "Say why; the reason stays in the record"},
    )
