"""What is kept of a case: an area, the user's own figures, choices and words. Never anything about a person."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from openfls.toolkit.printable import printable
from openfls.toolkit.scenario import OwnCount, People

Words = Annotated[str, Field(max_length=4_000), AfterValidator(printable)]
LARGEST = 200_000
"""Characters of a case as JSON; a full one has some thirty thousand."""


class _Kept(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Answer(_Kept):
    """The user's own figure, with what is known of it."""

    value: float
    low: float | None = None
    high: float | None = None
    source: Annotated[str, Field(max_length=300), AfterValidator(printable)] = ""
    price_year: Annotated[str, Field(max_length=10)] = ""
    kind: Literal["own", "measured", "stand-in", "assumption"] = "own"


class Figures(_Kept):
    """All that moves the answer.

    Attributes:
        answers: by the key of the question or the id of the parameter.
        choices: settings as text, by their key; what is not there has its usual value.
        population: people by sex and age, from the user's file.
        own: the service's own counts.
    """

    answers: Annotated[dict[str, Answer], Field(max_length=400)] = {}
    choices: Annotated[dict[str, Words], Field(max_length=60)] = {}
    population: Annotated[list[People], Field(max_length=300)] = []
    own: Annotated[list[OwnCount], Field(max_length=60)] = []


class Case(_Kept):
    """A case.

    Attributes:
        area: the code of an `areas.Area`, empty where the user named one of their own in ``title``.
        figures: as they stand.
        kept: the figures at the moment that the user chose to compare with; None: where the case began.
        words: what was written on the pages of the kit, by ``part.field``.
    """

    title: Annotated[str, Field(max_length=200), AfterValidator(printable)] = ""
    area: Annotated[str, Field(max_length=20)] = ""
    figures: Figures = Figures()
    kept: Figures | None = None
    words: Annotated[dict[str, Words], Field(max_length=400)] = {}

    def with_figures(self, **changes: object) -> Case:
        """The same with some parts of its figures changed."""
        return self.model_copy(update={"figures": self.figures.model_copy(update=changes)})

    def word(self, key: str) -> str:
        """What was written in a field of the kit; empty where nothing was."""
        return self.words.get(key, "")
