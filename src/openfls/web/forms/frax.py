"""A FRAX result as somebody read it off the FRAX page: whole, dated, and held to what it can be."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from openfls.investigation.frax_record import check_frax
from openfls.investigation.ranges import Verdict
from openfls.record.picture import FraxResult, Picture
from openfls.record.questions import by_field
from openfls.service import clock
from openfls.service.checks import frax_queries
from openfls.web.forms.fields import Day


class Percent(forms.FloatField):
    """A percentage, with a point or a comma before the decimals."""

    shown_as = "number"
    unit = "%"
    width = "nhsuk-input--width-5"

    def __init__(self, **options: Any) -> None:
        missing = f"{options['label']}: enter a number between 0 and 100"
        messages = dict.fromkeys(("required", "invalid", "min_value", "max_value"), missing)
        super().__init__(min_value=0, max_value=100, error_messages=messages, **options)

    def to_python(self, value: Any) -> float | None:
        """The number."""
        return super().to_python(value.strip().replace(",", ".") if isinstance(value, str) else value)


class FraxForm(forms.Form):
    """The five parts of a result. One that is odd but possible is asked about once, and kept when sent again."""

    on = Day(label="Day of the result")
    major = Percent(label="Major osteoporotic fracture in ten years")
    hip = Percent(label="Hip fracture in ten years")
    country_model = forms.ChoiceField(
        label="Country model",
        choices=by_field()["frax.country_model"].options,
        error_messages={"required": "Choose the country model", "invalid_choice": "Choose the country model"},
    )
    with_bmd = forms.TypedChoiceField(
        label="Computed with bone density",
        choices=[("yes", "Yes"), ("no", "No")],
        coerce=lambda text: text == "yes",
        error_messages={"required": "Say whether bone density went in"},
    )

    def __init__(self, *given: Any, picture: Picture, born: date | None = None, **options: Any) -> None:
        super().__init__(*given, **options)
        self.picture, self.born = picture, born
        self.asks_back = False
        for name in ("country_model", "with_bmd"):
            self.fields[name].shown_as = "radios"
            self.fields[name].inline = True

    @property
    def as_sent(self) -> str:
        """The parts as they were sent: a result that was asked back about is kept only as the very one it was."""
        return " | ".join(self.data.get(name, "").strip() for name in self.fields)

    def clean_on(self) -> date:
        """The day of the result: the person was born by then."""
        on: date = self.cleaned_data["on"]
        if self.born is not None and on < self.born:
            raise forms.ValidationError("Day of the result: this day is before the person was born")
        return on

    def clean(self) -> dict[str, Any]:
        """The parts together."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        result, today, known = self.result(), clock.today(), self.picture
        checks = check_frax(result, today, known.age)
        refused = [check.message for check in checks if check.verdict is Verdict.REFUSE]
        queries = [check.message for check in checks if check.verdict is Verdict.QUERY]
        queries += frax_queries(result, today, known.frax, scanned=known.bone_density is not None)
        for message in refused:
            self.add_error("hip", message)
        if queries and not refused and self.data.get("accepted") != self.as_sent:
            self.asks_back = True
            self.add_error("major", f"{' '.join(queries)} If it is right, save again.")
        return cleaned

    def result(self) -> FraxResult:
        """The result as read."""
        read = self.cleaned_data
        return FraxResult(read["major"], read["hip"], read["on"], read["country_model"], read["with_bmd"])

    def answers(self) -> dict[str, Any]:
        """The same as answers of the assessment."""
        result = self.result()
        return {
            "frax.on": result.on.isoformat(),
            "frax.major_osteoporotic_pct": result.major_osteoporotic_pct,
            "frax.hip_pct": result.hip_pct,
            "frax.country_model": result.country_model,
            "frax.with_bmd": result.with_bmd,
        }
