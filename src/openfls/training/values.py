"""A topic and its questions as values, just as their files say them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from openfls.record.advice import Confidence

WORDS_A_MINUTE = 200
"""How fast a lesson is taken to be read. Our choice: slower than a story, for there are sums in it to follow."""


class Kind(StrEnum):
    """How a question is answered."""

    SINGLE = "single"
    SEVERAL = "several"
    ORDER = "order"
    NUMBER = "number"
    PICTURE = "picture"
    UNFOLDING = "unfolding"

    @property
    def label(self) -> str:
        """What a page tells the reader to do."""
        return {
            Kind.SINGLE: "Choose the best answer",
            Kind.SEVERAL: "Choose every answer that is right",
            Kind.ORDER: "Put these in order",
            Kind.NUMBER: "Work out a number",
            Kind.PICTURE: "Read the picture and choose the best answer",
            Kind.UNFOLDING: "Follow a case step by step",
        }[self]


@dataclass(frozen=True, slots=True)
class Objective:
    """Something that the reader is able to do afterwards."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A fact that the topic relies on, with its source and how sure it is."""

    key: str
    says: str
    source: str
    confidence: Confidence

    @property
    def sentence(self) -> str:
        """What it says, with its full stop."""
        return f"{self.says.rstrip('.')}."

    @property
    def unsure(self) -> bool:
        """Whether its mark is shown beside it."""
        return self.confidence is not Confidence.CHECKED


@dataclass(frozen=True, slots=True)
class Reading:
    """A work for further reading; ``link`` only where the facts give one."""

    title: str
    by: str = ""
    why: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One of the answers to choose from, and why it is right or wrong."""

    text: str
    right: bool
    why: str


@dataclass(frozen=True, slots=True)
class Number:
    """A numerical answer: the value itself and the range that is accepted."""

    value: float
    low: float
    high: float
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an unfolding case: what happens now, and a question with a single best answer."""

    tells: str
    stem: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the bank. Which of ``options``, ``items``, ``number`` and ``steps`` it has is told by its kind;
    ``sources`` are claims of its topic; ``picture`` is the name of a figure.
    """

    id: str
    kind: Kind
    objective: str
    difficulty: int
    stem: str
    explanation: str
    sources: tuple[str, ...]
    options: tuple[Option, ...] = ()
    items: tuple[str, ...] = ()
    number: Number | None = None
    steps: tuple[Step, ...] = ()
    picture: str = ""
    alt: str = ""

    @property
    def parts(self) -> tuple[Step, ...]:
        """What is answered one after the other: the steps of a case, or the question itself as one step."""
        return self.steps or (Step("", self.stem, self.options),)


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic: what the folder of its name holds. ``figures`` are SVG texts by file name; ``words`` counts those of
    lesson and case.
    """

    id: str
    title: str
    summary: str
    words: int
    version: str
    objectives: tuple[Objective, ...]
    claims: dict[str, Claim] = field(hash=False)
    reading: tuple[Reading, ...]
    lesson: str
    case: str
    questions: tuple[Question, ...]
    figures: dict[str, str] = field(hash=False)
    where: str = ""

    @property
    def minutes(self) -> int:
        """How long lesson and case take to read, in whole minutes; the check questions come on top."""
        return round(self.words / WORDS_A_MINUTE)

    @property
    def slug(self) -> str:
        """The id as part of an address."""
        return self.id.lower()


@dataclass(frozen=True, slots=True)
class Bank:
    """Every topic by its id, in the order of the courses."""

    topics: dict[str, Topic] = field(hash=False)

    def of_course(self, prefix: str) -> list[Topic]:
        """The topics of one course in their order."""
        return [topic for topic in self.topics.values() if topic.id.startswith(prefix)]
