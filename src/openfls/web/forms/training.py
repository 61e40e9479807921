"""The forms of the training room."""

from __future__ import annotations

from typing import Any

from django import forms

from openfls.service.training.library import bank
from openfls.service.training.rules import LIMITS
from openfls.web.forms.fields import Count, Day, Line, Text


class OneTopic(forms.ChoiceField):
    """A topic of any course."""

    shown_as = "select"

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=_topics, **options)


def _topics() -> list[tuple[str, str]]:
    return [("", ""), *((one.id, f"{one.id} {one.title}") for one in bank().topics.values())]


class Sharing(forms.TypedChoiceField):
    """Whether supervisors may read it; not, unless somebody says so."""

    shown_as = "radios"

    def __init__(self, **options: Any) -> None:
        super().__init__(
            choices=[("no", "Nobody else"), ("yes", "The supervisors of my service too")],
            coerce=lambda text: text == "yes",
            empty_value=False,
            initial="no",
            required=False,
            **options,
        )


class ReflectionForm(forms.Form):
    """An entry of the reflective log."""

    topic = OneTopic(label="Topic, if it belongs to one", required=False)
    happened = Text(
        label="What happened?",
        help_text="Nothing by which anybody could be known: no name, number, day or place.",
        max_length=4000,
        error_messages={"required": "Say what happened"},
    )
    learned = Text(
        label="What did you learn?", max_length=4000, error_messages={"required": "Say what you learned"}
    )
    change = Text(label="What will you do differently?", required=False, max_length=4000)
    shared = Sharing(label="Who may read it?")


class SignOffForm(forms.Form):
    """A topic that somebody was seen to do in practice."""

    topic = OneTopic(label="Topic", error_messages={"required": "Choose the topic"})
    words = Line(
        label="What you saw",
        help_text="Without anything about a person who was treated.",
        max_length=500,
        error_messages={"required": "Say what you saw"},
    )
    on = Day(label="When")


def _count(name: str, label: str, hint: str = "") -> Count:
    least, most = LIMITS[name]
    missing = {"required": f"Enter a number from {least} to {most}"}
    return Count(label=label, help_text=hint, min_value=least, max_value=most, error_messages=missing)


class RulesForm(forms.Form):
    """What a service sets of the papers of a course."""

    pass_mark = _count("pass_mark", "Pass mark (per cent)")
    minutes = _count("minutes", "Minutes for a paper", "Extra time of a person comes on top.")
    attempts = _count("attempts", "Attempts before a supervisor is asked")
    wait_days = _count("wait_days", "Days between two attempts")
    per_topic = _count("per_topic", "Questions of each topic in a paper")
