"""A question as a page may show it. Nothing in these values tells which answer is right, so nothing in a page can."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.safestring import SafeString, mark_safe

from openfls.training.as_html import image_html
from openfls.training.marking import Answer, plain, words
from openfls.training.papers import Item
from openfls.training.values import Kind


@dataclass(frozen=True, slots=True)
class Before:
    """A step of a case that is answered, and can be changed no more."""

    tells: str
    stem: str
    answer: str


@dataclass(frozen=True, slots=True)
class Asking:
    """One step of a question. ``lines`` are options or items in the order shown; ``chosen`` are the places of those
    that were chosen, or the rank of each item; ``typed`` a number.
    """

    kind: Kind
    stem: str
    tells: str
    lines: tuple[str, ...]
    chosen: tuple[str, ...]
    typed: str
    unit: str
    picture: SafeString
    before: tuple[Before, ...]
    step: int
    steps: int

    @property
    def told(self) -> str:
        """What the reader is to do."""
        return self.kind.label


def asking(item: Item, step: int, answers: list[Answer], given: QueryDict | None = None) -> Asking:
    """A step of an item with what was answered, or what was just typed and could not be read."""
    question = item.question
    part = question.parts[step]
    answer = answers[step] if step < len(answers) else None
    order = item.shown[step]
    lines = question.items if question.kind is Kind.ORDER else tuple(option.text for option in part.options)
    picture = image_html(item.picture, question.alt) if item.picture else ""
    return Asking(
        kind=question.kind,
        stem=part.stem,
        tells=_tells(item, step),
        lines=tuple(lines[number] for number in order),
        chosen=_chosen(item, order, answer) if given is None else _given(item, given),
        typed=_typed(answer) if given is None else given.get("number", ""),
        unit=question.number.unit if question.number else "",
        # Every text of it is escaped by the renderer.
        picture=mark_safe(picture),
        before=tuple(
            Before(_tells(item, number), question.parts[number].stem, words(item, number, answers[number]))
            for number in range(min(step, len(answers)))
        ),
        step=step,
        steps=item.steps,
    )


def _tells(item: Item, step: int) -> str:
    """What happens; the first step of a case begins with what stands above all of it."""
    told = item.question.parts[step].tells
    above = item.question.stem if item.question.kind is Kind.UNFOLDING and step == 0 else ""
    return " ".join(part for part in (above, told) if part)


def _chosen(item: Item, order: tuple[int, ...], answer: Answer | None) -> tuple[str, ...]:
    if not isinstance(answer, list):
        return ()
    if item.question.kind is Kind.ORDER:
        return tuple(str(answer.index(number) + 1) for number in order)
    return tuple(str(place) for place, number in enumerate(order) if number in answer)


def _given(item: Item, given: QueryDict) -> tuple[str, ...]:
    if item.question.kind is Kind.ORDER:
        return tuple(given.get(f"place-{place}", "") for place in range(len(item.shown[0])))
    return tuple(given.getlist("choice"))


def _typed(answer: Answer | None) -> str:
    return plain(answer) if isinstance(answer, float | int) else ""


def fields_of(given: QueryDict) -> dict[str, list[str]]:
    """What of a form is an answer; fields that were left empty are none."""
    return {
        name: values
        for name, values in given.lists()
        if (name in ("choice", "number") or name.startswith("place-")) and any(values)
    }
