"""A question with its answer, for after it was given: what was chosen, what is right and why, and where that stands."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from openfls.training.as_html import image_html
from openfls.training.marking import Answer, Told, explained, plain, score, words
from openfls.training.papers import Item, Source
from openfls.training.values import Kind


@dataclass(frozen=True, slots=True)
class Part:
    """One step with its answer."""

    tells: str
    stem: str
    lines: tuple[Told, ...]
    answer: str


@dataclass(frozen=True, slots=True)
class Telling:
    """A whole question with its answers. ``points`` from 0 to 1."""

    id: str
    kind: Kind
    objective: str
    stem: str
    picture: SafeString
    parts: tuple[Part, ...]
    right: str
    points: float
    explanation: str
    sources: tuple[Source, ...]

    @property
    def verdict(self) -> str:
        """How it went, in words."""
        if self.points >= 1:
            return "Right"
        return "Partly right" if self.points > 0 else "Not right"


def telling(item: Item, answers: list[Answer], *, steps: int | None = None) -> Telling:
    """An item with its answers; ``steps`` shows the first so many steps only, while a case goes on."""
    question = item.question
    shown = item.steps if steps is None else steps
    padded: list[Answer | None] = [*answers, *[None] * (item.steps - len(answers))]
    parts = tuple(
        Part(
            question.parts[number].tells,
            question.parts[number].stem,
            explained(item, number, padded[number]),
            words(item, number, padded[number]),
        )
        for number in range(shown)
    )
    whole = steps is None
    number = question.number
    right = ""
    if number is not None:
        right = f"{plain(number.value)} {number.unit}".strip()
        if number.low != number.high:
            right += f" ({plain(number.low)} to {plain(number.high)} is accepted)"
    return Telling(
        id=question.id,
        kind=question.kind,
        objective=question.objective,
        stem=question.stem if question.kind is Kind.UNFOLDING else "",
        # Every text of it is escaped by the renderer.
        picture=mark_safe(image_html(item.picture, question.alt) if item.picture else ""),
        parts=parts,
        right=right,
        points=score(item, padded) if whole else 0.0,
        explanation=question.explanation if whole else "",
        sources=item.sources if whole else (),
    )
