"""The questions of an assessment as data, and their answers as typed values.

A page, an import and a letter all read this one list; a new question is a new entry in ``data/questions.toml``.
An answer is JSON: true or false, a number, a date as ISO text, or the key of an option; None is not known.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files

from openfls.record.people import Sex
from openfls.record.written_dates import read_date

Value = bool | int | float | str | None
LONGEST_TEXT = 200


class QuestionKind(StrEnum):
    """What sort of answer a question takes."""

    YES_NO = "yes_no"
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    TEXT = "text"


class Earlier(StrEnum):
    """What an answer of the person's earlier episode is good for."""

    OFFERED = "offered"
    STAYS = "stays"
    STAYS_IF_YES = "stays if yes"
    ANEW = "asked anew"


@dataclass(frozen=True, slots=True)
class Question:
    """One question. ``only``: asked of one sex alone; a person whose sex is not known is asked.

    ``more``: folded away, and not counted among what a section still lacks. ``ahead``: its day may be in the future.
    ``with_rest``: asked in a row with others, so that one no to the rest answers it too.
    """

    field: str
    label: str
    kind: QuestionKind
    unit: str = ""
    options: tuple[tuple[str, str], ...] = ()
    only: Sex | None = None
    more: bool = False
    ahead: bool = False
    with_rest: bool = False
    earlier: Earlier = Earlier.OFFERED

    def stays(self, value: Value) -> bool:
        """Whether an answer of an earlier episode is still true without asking."""
        if self.earlier is Earlier.STAYS_IF_YES:
            return value is True
        return self.earlier is Earlier.STAYS

    def asked_of(self, sex: Sex) -> bool:
        """Whether a person of this sex is asked."""
        return self.only is None or sex in (self.only, Sex.UNKNOWN)

    def words(self, value: Value) -> str:
        """An answer as a reader sees it; ``not known`` for None."""
        if value is None:
            return "not known"
        if isinstance(value, bool):
            return "Yes" if value else "No"
        if self.kind is QuestionKind.CHOICE:
            return dict(self.options).get(str(value), str(value))
        if self.kind is QuestionKind.DATE:
            day = date.fromisoformat(str(value))
            return f"{day.day} {day:%B %Y}"
        return f"{value:g} {self.unit}".strip() if isinstance(value, int | float) else str(value)


@dataclass(frozen=True, slots=True)
class Section:
    """Questions that belong together. ``results``: what a laboratory or a scan answers, often later.

    ``can_wait``: nobody is asked on the telephone, so the section stays closed while it is empty.
    """

    title: str
    questions: tuple[Question, ...]
    results: bool = False
    can_wait: bool = False


class NotAnAnswer(ValueError):
    """What was typed is no answer to the question; the message says what is."""


@cache
def sections() -> tuple[Section, ...]:
    """All questions in the order in which they are asked."""
    text = files("openfls.record").joinpath("data", "questions.toml").read_text(encoding="utf-8")
    return tuple(
        Section(
            title=section["title"],
            questions=tuple(
                Question(
                    field=item["field"],
                    label=item["label"],
                    kind=QuestionKind(item["kind"]),
                    unit=item.get("unit", ""),
                    options=tuple((key, words) for key, words in item.get("options", ())),
                    only=Sex(item["only"]) if "only" in item else None,
                    more=item.get("more", False),
                    ahead=item.get("ahead", False),
                    earlier=Earlier(item.get("earlier", Earlier.OFFERED)),
                    with_rest=item.get("with_rest", section.get("rest_is_no", False)),
                )
                for item in section["question"]
            ),
            results=section.get("results", False),
            can_wait=section.get("can_wait", False),
        )
        for section in tomllib.loads(text)["section"]
    )


@cache
def by_field() -> Mapping[str, Question]:
    """The questions by field name."""
    return {question.field: question for section in sections() for question in section.questions}


_NUMBER = re.compile(r"(?:[-−] ?)?\d{1,6}([.,]\d{1,4})?")
# 1,234 is a thousand to one reader and one and a bit to another.
_THOUSANDS = re.compile(r"[-−]?[1-9]\d{0,2},\d{3}")


def read_answer(question: Question, typed: str, today: date) -> Value:
    """What was typed, as an answer; None for an empty field.

    Raises:
        NotAnAnswer: it cannot be one.
    """
    typed = typed.strip()
    if not typed:
        return None
    match question.kind:
        case QuestionKind.YES_NO:
            if typed not in ("yes", "no"):
                raise NotAnAnswer("Answer yes or no, or leave it as not known")
            return typed == "yes"
        case QuestionKind.CHOICE:
            if typed not in dict(question.options):
                raise NotAnAnswer("Choose one of the answers")
            return typed
        case QuestionKind.DATE:
            day = read_date(typed)
            if day is None:
                raise NotAnAnswer("Enter a date, for example 27 3 2026")
            if day > today and not question.ahead:
                raise NotAnAnswer("The date must be today or in the past")
            return day.isoformat()
        case QuestionKind.TEXT:
            if len(typed) > LONGEST_TEXT:
                raise NotAnAnswer(f"Use {LONGEST_TEXT} characters or fewer")
            return typed
        case QuestionKind.INTEGER | QuestionKind.NUMBER:
            return _number(question, typed)


def _number(question: Question, typed: str) -> int | float:
    if not _NUMBER.fullmatch(typed):
        unit = f" in {question.unit}" if question.unit else ""
        raise NotAnAnswer(f"Enter a number{unit}, without the unit")
    if _THOUSANDS.fullmatch(typed):
        raise NotAnAnswer("Enter the number without a comma, with a point before any decimals")
    value = float(typed.replace("−", "-").replace(" ", "").replace(",", "."))
    if question.kind is QuestionKind.NUMBER:
        return value
    if not value.is_integer() or value < 0:
        raise NotAnAnswer("Enter a whole number, 0 or more")
    return int(value)
