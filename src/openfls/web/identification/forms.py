"""The forms of a fracture that somebody told of: who she is, and what broke."""

from __future__ import annotations

from typing import Any

from django import forms

from openfls.identification.feeds.numbers import nhs_identifier
from openfls.record.feeds import Energy
from openfls.record.findings import Certainty
from openfls.record.people import Demographics, Identifier, Sex, is_valid_nhs_number
from openfls.service.by_hand.telling import CHANNELS, Told
from openfls.service.expecting.figures import MOST_CASES, MOST_PEOPLE
from openfls.web.forms.fields import Count, Day, Line, Select
from openfls.web.forms.placing import PlacingForm

_ENERGY = (
    ("low", "A fall from standing height or less, or hardly any injury"),
    ("high", "Harder: a road accident, a fall from higher up, a blow"),
    ("unknown", "Not known"),
)
_CERTAIN = (("present", "Seen on an image"), ("possible", "Suspected, or nobody could say"))
_THEN = (("confirm", "I have what I need: confirm it now"), ("wait", "Let it wait among those to confirm"))


class OneOf(forms.ChoiceField):
    """One of a few, as radio buttons."""

    shown_as = "radios"
    inline = False


class WhoForm(forms.Form):
    """Who she is: enough to find her, and to make a record of somebody who is not known."""

    nhs_number = Line(label="NHS number", required=False, max_length=20, help_text="Ten digits")
    hospital_number = Line(label="Hospital number", required=False, max_length=60)
    family_name = Line(
        label="Family name", max_length=200, error_messages={"required": "Enter the family name"}
    )
    given_name = Line(label="Given name", required=False, max_length=200)
    birth_date = Day(label="Date of birth", help_text="For example, 27 3 1946")
    sex = Select(Sex, label="Sex", missing="Choose the sex, or unknown")
    telephone = Line(label="Telephone", required=False, max_length=60)
    postcode = Line(label="Postcode", required=False, max_length=12)

    def clean_nhs_number(self) -> str:
        """Digits whose last one holds; a number heard wrongly on the telephone is found here."""
        typed = str(self.cleaned_data["nhs_number"])
        if typed and not is_valid_nhs_number(typed):
            raise forms.ValidationError(
                "This is no NHS number: its last digit does not fit. Check it, or leave it out"
            )
        return typed

    def demographics(self, hospital_system: str) -> Demographics:
        """The person as a value."""
        given = self.cleaned_data
        numbers = []
        if (nhs := nhs_identifier(given["nhs_number"])) is not None:
            numbers.append(nhs)
        if given["hospital_number"]:
            numbers.append(Identifier(hospital_system, given["hospital_number"]))
        return Demographics(
            identifiers=tuple(numbers),
            family_name=given["family_name"],
            given_name=given["given_name"],
            birth_date=given["birth_date"],
            sex=given["sex"],
            telephone=given["telephone"],
            postcode=given["postcode"],
        )


class BoneForm(PlacingForm):
    """What broke, how, who told it, and what happens then."""

    reason: Any = None
    on = Day(
        label="Day of the fracture",
        required=False,
        help_text="For example, 27 3 2026. Leave it empty where nobody knows it: it is counted from today then",
    )
    certainty = OneOf(
        label="How sure is it?", choices=_CERTAIN, error_messages={"required": "Choose how sure it is"}
    )
    energy = OneOf(
        label="How did it happen?", choices=_ENERGY, error_messages={"required": "Choose how it happened"}
    )
    channel = OneOf(
        label="How was it told?",
        choices=[(key, words[:1].upper() + words[1:]) for key, words in CHANNELS.items()],
        error_messages={"required": "Choose how it was told"},
    )
    teller = Line(
        label="Who told it?",
        max_length=120,
        help_text="For example: the ward sister of ward 12, herself, her daughter",
        error_messages={"required": "Say who told it"},
    )
    then = OneOf(label="What now?", choices=_THEN, error_messages={"required": "Choose what happens now"})

    def told(self) -> Told:
        """What was told as a value."""
        given = self.cleaned_data
        return Told(
            placed=self.placed(),
            certainty=Certainty(given["certainty"]),
            energy=Energy(given["energy"]),
            channel=given["channel"],
            teller=given["teller"].strip(),
        )


class UntellForm(forms.Form):
    """Why what was told by hand is taken back."""

    reason = Line(
        label="Why is it taken back?",
        max_length=300,
        help_text="For example: it was another patient of the ward",
        error_messages={"required": "Say why it is taken back"},
    )


class FiguresForm(forms.Form):
    """What the service itself says that it is to expect."""

    caseload = Count(
        label="Fractures to expect in a year",
        required=False,
        min_value=1,
        max_value=MOST_CASES,
        help_text="Fragility fractures of people aged 50 or over, as your hospital counts them; empty for none",
    )
    population = Count(
        label="People who live in your area",
        required=False,
        min_value=1,
        max_value=MOST_PEOPLE,
        help_text="Of all ages",
    )
    source = Line(
        label="Where are the figures from?",
        max_length=300,
        help_text="For example: coded fractures of April 2025 to March 2026; the council’s population estimate",
        error_messages={"required": "Say where the figures are from"},
    )


class NumberForm(forms.Form):
    """The NHS number of somebody whom no feed named by one."""

    number = Line(
        label="NHS number",
        max_length=20,
        help_text="Ten digits, as the national tracing service or the practice gives it",
        error_messages={"required": "Enter the NHS number"},
    )
    how = Line(
        label="How is it known?",
        max_length=300,
        help_text="For example: traced by name, birth date and postcode; told by the practice",
        error_messages={"required": "Say how the number is known"},
    )


class NotHersForm(forms.Form):
    """Why the NHS number on a record is not right."""

    reason = Line(
        label="Why is the NHS number not right?",
        max_length=300,
        error_messages={"required": "Say why the number is not right"},
    )
