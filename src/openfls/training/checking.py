"""What is wrong with content, as one line a fault, so that an author can mend it before anybody learns from it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

from openfls.training.bias import bias
from openfls.training.courses import course_of_topic
from openfls.training.text import blocks_of, cited, figures, plain
from openfls.training.twins import TWINS, pairs
from openfls.training.values import WORDS_A_MINUTE, Bank, Kind, Question, Topic

Grade = Callable[[str], float]
"""The school grade of a text (United States years); given by the caller, so that this room knows no other."""
FEWEST_QUESTIONS = 10
MINUTES = (10, 20)
"""What a lesson takes with its case, by its words."""
_ACTIVE = re.compile(
    r"<\s*(script|foreignObject|iframe|image)\b|\bon\w+\s*=|(?:href|src)\s*=\s*[\"'](?!#)|@import|url\(\s*['\"]?(?!#)",
    re.I,
)
_NOWHERE = re.compile(
    r"\bshared (data|facts|clinical|standards|economics|safety)|\bfacts:|\bin the facts\b|\bfacts gathered\b",
    re.I,
)
"""Working notes that no reader has."""
_OURS = re.compile(r"\b(the|our) facts (list|say|give|name)|\bour sources\b|\bthis (file|pack)\b", re.I)
"""Words about how the content was made, which say nothing to whoever learns from it."""
_EVERY = re.compile(r"\b(all|none|both|neither) of the (above|others|these)\b", re.I)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something to mend: in which file, about which id, and why."""

    where: str
    id: str
    reason: str

    def __str__(self) -> str:
        return f"{self.where}: {self.id}: {self.reason}"


def check(bank: Bank, grade: Grade) -> list[Fault]:
    """Every fault of the content, by topic."""
    found = [fault for topic in bank.topics.values() for fault in check_topic(topic, grade)]
    home = {one.id: topic.where for topic in bank.topics.values() for one in topic.questions}
    every = [one for topic in bank.topics.values() for one in topic.questions]
    found += [
        Fault(
            f"{home[pair.other.id]}/questions.yaml",
            pair.other.id,
            f"asks nearly what {pair.one.id} asks: {pair.share:.0%} of their words are the same",
        )
        for pair in pairs(every, TWINS)
    ]
    return found


def check_topic(topic: Topic, grade: Grade) -> list[Fault]:
    """Every fault of one topic."""
    return [*_objectives(topic), *_text(topic, grade), *_figures(topic), *_questions(topic), *_bias(topic)]


def _objectives(topic: Topic) -> Iterator[Fault]:
    where = f"{topic.where}/topic.yaml"
    tested = {question.objective for question in topic.questions}
    known = [objective.id for objective in topic.objectives]
    for key in known:
        if key not in tested:
            yield Fault(where, key, "no question tests this objective")
        if known.count(key) > 1:
            yield Fault(where, key, "the id is used twice")
    for one in topic.reading:
        if one.link and not one.link.startswith("https://"):
            yield Fault(where, topic.id, f"the link of “{one.title}” does not begin with https://")


def _text(topic: Topic, grade: Grade) -> Iterator[Fault]:
    limit = course_of_topic(topic.id).audience_grade
    if not MINUTES[0] * WORDS_A_MINUTE <= topic.words <= MINUTES[1] * WORDS_A_MINUTE:
        yield Fault(
            f"{topic.where}/lesson.md",
            topic.id,
            f"{topic.words} words with its case, {topic.words / WORDS_A_MINUTE:.1f} minutes at {WORDS_A_MINUTE} words "
            f"a minute; a lesson takes {MINUTES[0]} to {MINUTES[1]}",
        )
    used = set()
    for name, text in (("lesson.md", topic.lesson), ("case.md", topic.case)):
        where = f"{topic.where}/{name}"
        blocks = blocks_of(text)
        for key in cited(blocks):
            used.add(key)
            if key not in topic.claims:
                yield Fault(where, f"@{key}", "cites a claim that topic.yaml does not have")
        if any(block.kind == "heading" and block.level < 2 for block in blocks):
            yield Fault(where, topic.id, "headings begin at ##; the title comes from topic.yaml")
        yield from (Fault(where, topic.id, reason) for reason in _about_itself(text))
        found = grade(plain(blocks))
        if found > limit:
            yield Fault(
                where, topic.id, f"reads like grade {found:.1f}; {limit:g} is the limit of its audience"
            )
    used |= {key for question in topic.questions for key in question.sources}
    for key, claim in topic.claims.items():
        if key not in used:
            yield Fault(f"{topic.where}/topic.yaml", key, "nothing cites this claim")
        if _NOWHERE.search(claim.source):
            yield Fault(f"{topic.where}/topic.yaml", key, "its source is a working note that no reader has")
        yield from (Fault(f"{topic.where}/topic.yaml", key, reason) for reason in _about_itself(claim.says))


def _figures(topic: Topic) -> Iterator[Fault]:
    named = set()
    for name, text in (("lesson.md", topic.lesson), ("case.md", topic.case)):
        for figure in figures(blocks_of(text)):
            named.add(figure.name)
            if figure.name not in topic.figures:
                yield Fault(f"{topic.where}/{name}", figure.name, "the figure is missing")
            if len(figure.alt.split()) < 3:
                yield Fault(
                    f"{topic.where}/{name}", figure.name, "the alt text does not say what is to be seen"
                )
    named |= {question.picture for question in topic.questions}
    for name, svg in topic.figures.items():
        where = f"{topic.where}/{name}"
        if name not in named:
            yield Fault(where, name, "nothing shows this figure")
        yield from (Fault(where, name, reason) for reason in drawing_faults(svg))


def drawing_faults(svg: str) -> list[str]:
    """What keeps a drawing from being shown safely and described."""
    try:
        root = ElementTree.fromstring(svg)
    except ElementTree.ParseError as error:
        return [f"it is no XML ({error})"]
    found = [] if root.get("viewBox") else ["it has no viewBox"]
    names = {element.tag.rpartition("}")[2] for element in root}
    found += [f"it has no <{name}>" for name in ("title", "desc") if name not in names]
    if _ACTIVE.search(svg):
        found.append("it holds a script or fetches something from outside")
    return found


def _questions(topic: Topic) -> Iterator[Fault]:
    where = f"{topic.where}/questions.yaml"
    objectives = {objective.id for objective in topic.objectives}
    if len(topic.questions) < FEWEST_QUESTIONS:
        yield Fault(
            where, topic.id, f"{len(topic.questions)} questions; at least {FEWEST_QUESTIONS} are asked for"
        )
    kinds = {question.kind for question in topic.questions}
    if topic.questions and len(kinds) < 3:
        yield Fault(where, topic.id, f"only the kinds {', '.join(sorted(kinds))}; at least three are mixed")
    for question in topic.questions:
        for reason in (*_question(topic, question, objectives), *_spoken(question)):
            yield Fault(where, question.id, reason)


def _spoken(question: Question) -> Iterator[str]:
    told = (question.stem, question.explanation, *(step.stem for step in question.parts))
    yield from _about_itself(" ".join(told))


def _about_itself(text: str) -> list[str]:
    """What a text says about its own making, as a fault."""
    found = _OURS.search(text)
    return [f"“{found.group()}” says how it was made, not what is so"] if found else []


def _question(topic: Topic, question: Question, objectives: set[str]) -> Iterator[str]:
    if not re.match(rf"{topic.id[0]}0?{topic.id[1:]}-\d+$", question.id):
        yield f"the id is not {topic.id}- and a number"
    if question.objective not in objectives:
        yield f"there is no objective {question.objective}"
    if not question.explanation:
        yield "it has no explanation"
    if not question.sources:
        yield "it has no source"
    yield from (f"there is no claim {key}" for key in question.sources if key not in topic.claims)
    if question.picture and question.picture not in topic.figures:
        yield f"the picture {question.picture} is missing"
    if question.kind is Kind.ORDER and len(set(question.items)) < len(question.items):
        yield "two items to be put in order are the same"
    for step in question.parts:
        if question.kind in (Kind.ORDER, Kind.NUMBER):
            continue
        texts = [option.text for option in step.options]
        if not 3 <= len(texts) <= (6 if question.kind is Kind.SEVERAL else 5):
            yield f"{len(texts)} options; three to five are asked for"
        if len(set(texts)) < len(texts):
            yield "two options are the same"
        if any(_EVERY.search(text) for text in texts):
            yield "an option speaks of the others, which are shuffled"
        if not all(option.why for option in step.options):
            yield "an option does not say why it is right or wrong"


def _bias(topic: Topic) -> Iterator[Fault]:
    for reason in bias(topic.questions).faults():
        yield Fault(f"{topic.where}/questions.yaml", topic.id, reason)
