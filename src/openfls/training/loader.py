"""Topics from their folders: `topic.yaml`, `lesson.md`, `case.md`, `questions.yaml` and the figures beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from openfls.record.advice import Confidence
from openfls.record.errors import BadInput
from openfls.training.courses import courses
from openfls.training.text import blocks_of, words
from openfls.training.values import (
    Bank,
    Claim,
    Kind,
    Number,
    Objective,
    Option,
    Question,
    Reading,
    Step,
    Topic,
)

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The compiled reader where it is there: the same values, ten times as fast."""
_ID = re.compile(r"[A-Z]\d{1,2}")


def load_bank(root: Path) -> Bank:
    """Every topic under ``root``: a folder for each course, a folder of topics, or one topic's own folder.

    Raises:
        BadInput: a file is missing or cannot be read, an id is used twice; the message names file, id and reason.
    """
    if not root.is_dir():
        raise BadInput("there is no such folder", where=str(root))
    found = sorted(path.parent for path in root.rglob("topic.yaml"))
    if not found:
        raise BadInput("no topic.yaml in it or under it", where=str(root))
    topics: dict[str, Topic] = {}
    for folder in found:
        topic = load_topic(folder)
        if topic.id in topics:
            raise BadInput(f"the id {topic.id} is that of {topics[topic.id].where} too", where=str(folder))
        topics[topic.id] = topic
    order = [course.prefix for course in courses().values()]
    return Bank(dict(sorted(topics.items(), key=lambda pair: (order.index(pair[0][0]), int(pair[0][1:])))))


@cache
def shipped() -> Bank:
    """The content that comes with the program."""
    return load_bank(Path(str(resources.files("openfls.training"))) / "content")


def load_topic(folder: Path) -> Topic:
    """One topic's folder.

    Raises:
        BadInput: as `load_bank`.
    """
    where = f"{folder.name}/topic.yaml"
    data = _mapping(_yaml(folder / "topic.yaml"), where)
    key = _text(data, "id", where)
    prefixes = {course.prefix for course in courses().values()}
    if not _ID.fullmatch(key) or key[0] not in prefixes:
        raise BadInput(f"{key!r} is no id of a topic, such as F1 or A12", where=where, field="id")
    claims = _claims(data.get("claims"), where)
    objectives = tuple(
        Objective(_text(row, "id", where), _text(row, "text", where))
        for row in _rows(data, "objectives", where)
    )
    reading = tuple(
        Reading(_text(row, "title", where), *(str(row.get(name) or "") for name in ("by", "why", "link")))
        for row in _rows(data, "reading", where, may_lack=True)
    )
    lesson, case = _read(folder / "lesson.md"), _read(folder / "case.md")
    return Topic(
        id=key,
        title=_text(data, "title", where),
        summary=_text(data, "summary", where),
        words=words(blocks_of(lesson)) + words(blocks_of(case)),
        version=_text(data, "version", where),
        objectives=objectives,
        claims=claims,
        reading=reading,
        lesson=lesson,
        case=case,
        questions=_questions(folder / "questions.yaml"),
        figures={path.name: _read(path) for path in sorted(folder.glob("*.svg"))},
        where=folder.name,
    )


def _claims(data: Any, where: str) -> dict[str, Claim]:
    claims = {}
    for key, value in _mapping(data or {}, where, "claims").items():
        at = f"{where}, claim {key}"
        row = _mapping(value, at)
        mark = _text(row, "confidence", at)
        if mark not in set(Confidence):
            raise BadInput(f"{mark!r} is none of {', '.join(Confidence)}", where=at, field="confidence")
        claims[str(key)] = Claim(str(key), _text(row, "says", at), _text(row, "source", at), Confidence(mark))
    return claims


def _questions(path: Path) -> tuple[Question, ...]:
    where = f"{path.parent.name}/{path.name}"
    rows = _yaml(path)
    if not isinstance(rows, list):
        raise BadInput("a list of questions is expected", where=where)
    made: dict[str, Question] = {}
    for number, row in enumerate(rows, start=1):
        at = f"{where}, {row.get('id', f'question {number}') if isinstance(row, dict) else f'question {number}'}"
        question = question_of(_mapping(row, at), at)
        if question.id in made:
            raise BadInput("the id is used twice", where=at, field="id")
        made[question.id] = question
    return tuple(made.values())


def question_of(row: Mapping[str, Any], where: str) -> Question:
    """One question from its mapping.

    Raises:
        BadInput: a field is missing or does not fit its kind.
    """
    kind = _text(row, "kind", where)
    if kind not in set(Kind):
        raise BadInput(f"{kind!r} is none of {', '.join(Kind)}", where=where, field="kind")
    difficulty = _whole(row, "difficulty", where)
    if difficulty not in (1, 2, 3):
        raise BadInput("1, 2 or 3 is expected", where=where, field="difficulty")
    made = Question(
        id=_text(row, "id", where),
        kind=Kind(kind),
        objective=_text(row, "objective", where),
        difficulty=difficulty,
        # The stem of a case may stand in its steps alone.
        stem=_text(row, "stem", where, may_lack=kind == Kind.UNFOLDING),
        explanation=_text(row, "explanation", where, may_lack=True),
        sources=tuple(str(key) for key in row.get("sources") or ()),
        options=_options(row, where) if kind in (Kind.SINGLE, Kind.SEVERAL, Kind.PICTURE) else (),
        items=tuple(str(item).strip() for item in row.get("items") or ()),
        number=_number(row, where) if kind == Kind.NUMBER else None,
        steps=tuple(_step(_mapping(step, where), where) for step in row.get("steps") or ()),
        picture=str(row.get("picture") or ""),
        alt=_text(row, "alt", where, may_lack=True),
    )
    for wants, have, name in (
        (Kind.ORDER, len(made.items) >= 3, "items"),
        (Kind.UNFOLDING, len(made.steps) >= 2, "steps"),
        (Kind.PICTURE, bool(made.picture and made.alt), "picture and alt"),
    ):
        if made.kind is wants and not have:
            raise BadInput(f"a question of the kind {wants} needs more", where=where, field=name)
    return made


def _options(row: Mapping[str, Any], where: str, *, single: bool = False) -> tuple[Option, ...]:
    options = []
    for one in _rows(row, "options", where):
        right = one.get("right")
        if not isinstance(right, bool):
            raise BadInput("each option says right: true or right: false", where=where, field="options")
        options.append(Option(_text(one, "text", where), right, _text(one, "why", where, may_lack=True)))
    right_ones = sum(option.right for option in options)
    if len(options) < 2 or not right_ones:
        raise BadInput("at least two options, one of them right", where=where, field="options")
    if (single or row.get("kind") in (Kind.SINGLE, Kind.PICTURE)) and right_ones != 1:
        raise BadInput(f"{right_ones} options are right where one is asked for", where=where, field="options")
    return tuple(options)


def _step(row: Mapping[str, Any], where: str) -> Step:
    return Step(
        _text(row, "tells", where, may_lack=True),
        _text(row, "stem", where),
        _options(row, where, single=True),
    )


def _number(row: Mapping[str, Any], where: str) -> Number:
    given = _mapping(row.get("answer"), where, "answer")
    try:
        value = float(given["value"])
        made = Number(
            value,
            float(given.get("low", value)),
            float(given.get("high", value)),
            str(given.get("unit") or ""),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput("value, low and high are numbers", where=where, field="answer") from error
    if not made.low <= made.value <= made.high:
        raise BadInput("the value lies outside low to high", where=where, field="answer")
    return made


def _yaml(path: Path) -> Any:
    try:
        return yaml.load(_read(path), Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        told = getattr(error, "problem", None) or "it is no YAML"
        raise BadInput(
            f"{told}", where=f"{path.parent.name}/{path.name}", row=mark.line + 1 if mark else None
        ) from error


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise BadInput("the file is missing", where=f"{path.parent.name}/{path.name}") from error
    except UnicodeDecodeError as error:
        raise BadInput("it is no UTF-8 text", where=f"{path.parent.name}/{path.name}") from error


def _mapping(value: Any, where: str, name: str = "") -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise BadInput("names with values are expected", where=where, field=name)
    return value


def _rows(data: Mapping[str, Any], name: str, where: str, *, may_lack: bool = False) -> Iterable[Any]:
    rows = data.get(name)
    if rows is None and may_lack:
        return ()
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadInput("a list of names with values is expected", where=where, field=name)
    return rows


def _text(data: Mapping[str, Any], name: str, where: str, *, may_lack: bool = False) -> str:
    value = data.get(name)
    text = "" if value is None else str(value).strip()
    if not text and not may_lack:
        raise BadInput("it is missing", where=where, field=name)
    return text


def _whole(data: Mapping[str, Any], name: str, where: str) -> int:
    value = data.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadInput("a whole number is expected", where=where, field=name)
    return value
