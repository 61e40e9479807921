"""A paper drawn from the bank: so many questions of each topic, near wished difficulties, shuffled by a seed.

What is drawn is kept whole as JSON with a hash of each question, so that a paper can be shown and marked later just as
it was, whatever has become of the bank.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from openfls.training.courses import Course
from openfls.training.twins import near, words_of
from openfls.training.values import Bank, Kind, Number, Option, Question, Step, Topic


@dataclass(frozen=True, slots=True)
class Source:
    """A claim behind a question, as it was when the paper was drawn."""

    says: str
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Item:
    """One question of a paper. ``shown`` has, a step each, the order in which options or items are shown: the n-th one
    shown is that of this number in the file. ``picture`` is the drawing itself.
    """

    topic: str
    topic_title: str
    version: str
    question: Question
    shown: tuple[tuple[int, ...], ...]
    picture: str
    sources: tuple[Source, ...]
    hash: str

    @property
    def steps(self) -> int:
        """How many answers it takes, one after the other."""
        return len(self.question.parts)


def practice(topic: Topic, course: Course) -> tuple[Question, ...]:
    """The questions of a topic's own check: the first of each objective, up to the course's number.

    They are never drawn for a paper, so that a paper asks what was not shown with its answer before.
    """
    chosen: list[Question] = []
    for objective in topic.objectives:
        chosen += [one for one in topic.questions if one.objective == objective.id][:1]
    return tuple(chosen[: course.practice])


def for_papers(topic: Topic, course: Course) -> tuple[Question, ...]:
    """The questions of a topic that a paper may draw."""
    kept = {question.id for question in practice(topic, course)}
    return tuple(question for question in topic.questions if question.id not in kept)


def draw(bank: Bank, course: Course, seed: str, seen: Collection[str] = ()) -> tuple[Item, ...]:
    """A paper of ``course``.

    Of two questions that ask nearly the same it has one, as long as there are others; questions in ``seen`` (earlier
    papers of the same person) come only when no other is left.

    The same seed and bank give the same paper.
    """
    chance = random.Random(seed)
    items: list[Item] = []
    asked: list[frozenset[str]] = []
    for topic in bank.of_course(course.prefix):
        chosen = _of_topic(topic, course, chance, seen, asked)
        asked += [words_of(one) for one in chosen]
        items += [item_of(topic, one, chance) for one in chosen]
    chance.shuffle(items)
    return tuple(items)


def _of_topic(
    topic: Topic,
    course: Course,
    chance: random.Random,
    seen: Collection[str],
    asked: Sequence[frozenset[str]],
) -> list[Question]:
    """The questions of one topic; ``asked`` has the words of each that the paper has already."""
    left = [(one, words_of(one)) for one in for_papers(topic, course)]
    chance.shuffle(left)
    chosen: list[Question] = []
    words = list(asked)
    for wish in course.wishes:
        if not left:
            break
        # Stable: among those equally fresh and equally near, the shuffle has decided.
        best = min(
            left, key=lambda one: (near(one[1], words), one[0].id in seen, abs(one[0].difficulty - wish))
        )
        left.remove(best)
        chosen.append(best[0])
        words.append(best[1])
    return chosen


def item_of(topic: Topic, question: Question, chance: random.Random) -> Item:
    """A question as it will be shown."""
    claims = [topic.claims[key] for key in question.sources if key in topic.claims]
    return Item(
        topic=topic.id,
        topic_title=topic.title,
        version=topic.version,
        question=question,
        shown=tuple(_order(question, step, chance) for step in question.parts),
        picture=topic.figures.get(question.picture, ""),
        sources=tuple(Source(claim.sentence, claim.source, str(claim.confidence)) for claim in claims),
        hash=hash_of(question),
    )


def _order(question: Question, step: Step, chance: random.Random) -> tuple[int, ...]:
    if question.kind is Kind.NUMBER:
        return ()
    order = list(range(len(question.items if question.kind is Kind.ORDER else step.options)))
    chance.shuffle(order)
    if question.kind is Kind.ORDER and order == sorted(order):
        order.reverse()  # items that stand in the right order already are no question
    return tuple(order)


def hash_of(question: Question) -> str:
    """Which wording of a question this is (SHA-256 of all that it says)."""
    return hashlib.sha256(json.dumps(asdict(question), sort_keys=True).encode()).hexdigest()


def paper_hash(items: Sequence[dict[str, Any]]) -> str:
    """The hash of a whole paper as it is kept."""
    return hashlib.sha256(json.dumps(list(items), sort_keys=True).encode()).hexdigest()


def to_json(item: Item) -> dict[str, Any]:
    """An item as it is kept."""
    return asdict(item)


def from_json(data: dict[str, Any]) -> Item:
    """A kept item as it was."""
    told = data["question"]
    question = Question(
        **{
            **told,
            "kind": Kind(told["kind"]),
            "sources": tuple(told["sources"]),
            "options": _options(told["options"]),
            "items": tuple(told["items"]),
            "number": Number(**told["number"]) if told["number"] else None,
            "steps": tuple(
                Step(one["tells"], one["stem"], _options(one["options"])) for one in told["steps"]
            ),
        }
    )
    return Item(
        **{
            **data,
            "question": question,
            "shown": tuple(tuple(order) for order in data["shown"]),
            "sources": tuple(Source(**one) for one in data["sources"]),
        }
    )


def _options(rows: list[dict[str, Any]]) -> tuple[Option, ...]:
    return tuple(Option(**row) for row in rows)
