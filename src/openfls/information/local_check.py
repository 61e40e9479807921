"""A service's own wording of a letter: checked line by line, and put in the place of the standard one.

What no letter may leave out (whom to call, what to do after another fall, that the GP is not to prescribe what the
hospital gives) is data, ``data/wording/<language>/required.toml``; the standard wording is held to it too.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from openfls.information.letter import LetterKind
from openfls.information.local_text import LineFault, parse_text, text_of
from openfls.information.wording import LetterWording, default_wording
from openfls.information.words import ENGLISH
from openfls.record.errors import BadInput

_FOLDER = files("openfls.information") / "data" / "wording"
_NAME = re.compile(r"\{([a-z0-9_]+)[*|}]")
_MARK = re.compile(r"\{[?!][a-z0-9_]+\}")
_GUARDED = "guarded"


@dataclass(frozen=True, slots=True)
class Required:
    """Something that must be said in one line: all of ``fields``, ``marks`` and parts of ``words``."""

    what: str
    fields: frozenset[str] = frozenset()
    marks: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    def is_said_in(self, line: str) -> bool:
        """Whether ``line`` says it."""
        bare = re.sub(r"\{[^}]*\}", " ", line).casefold()
        return (
            self.fields <= set(_NAME.findall(line))
            and all(mark in line for mark in self.marks)
            and all(word in bare for word in self.words)
        )


@dataclass(frozen=True, slots=True)
class Guarded:
    """A line of ``kind`` that has all ``fields`` and one of ``words`` must have one of ``marks`` too."""

    what: str
    kind: str
    fields: frozenset[str]
    words: tuple[str, ...]
    marks: tuple[str, ...]

    def is_broken_by(self, line: str) -> bool:
        """Whether ``line`` says it without its mark."""
        bare = re.sub(r"\{[^}]*\}", " ", line).casefold()
        return (
            self.fields <= set(_NAME.findall(line))
            and any(word in bare for word in self.words)
            and not any(mark in line for mark in self.marks)
        )


@cache
def guarded(language: str = ENGLISH) -> tuple[Guarded, ...]:
    """What may be said only under a condition."""
    data = tomllib.loads((_FOLDER / language / "required.toml").read_text("utf-8"))
    return tuple(
        Guarded(row["what"], row["kind"], frozenset(row["fields"]), tuple(row["words"]), tuple(row["marks"]))
        for row in data[_GUARDED]
    )


@cache
def required(language: str = ENGLISH) -> Mapping[LetterKind, tuple[Required, ...]]:
    """What no wording of a kind may leave out."""
    data = tomllib.loads((_FOLDER / language / "required.toml").read_text("utf-8"))
    return {
        kind: tuple(
            Required(
                row["what"],
                frozenset(row.get("fields", ())),
                tuple(row.get("marks", ())),
                tuple(row.get("words", ())),
            )
            for row in data.get(kind, ())
        )
        for kind in LetterKind
    }


def faults_of(kind: LetterKind, text: str, language: str = ENGLISH) -> tuple[LineFault, ...]:
    """Everything that is wrong with a service's own text, by line; what is missing comes last, with line 0.

    Something missing is told with the sentence that says it in the standard wording.
    """
    parsed = parse_text(text)
    standard = [line for _, line in parse_text(standard_text(kind, language)).sentences]
    missing = [
        LineFault(0, f"nothing says {need.what}; the standard wording does so by: {_example(need, standard)}")
        for need in required(language)[kind]
        if not any(_said(need, line, standard) for _, line in parsed.sentences)
    ]
    loose = [
        LineFault(number, rule.what)
        for rule in guarded(language)
        for number, line in parsed.sentences
        if rule.kind == kind and rule.is_broken_by(line)
    ]
    by_line = sorted((*parsed.faults, *loose), key=lambda fault: (fault.line == 0, fault.line))
    return (*by_line, *missing)


def _said(need: Required, line: str, standard: list[str]) -> bool:
    """A line under a condition that the standard wording does not make may never be printed: it says nothing."""
    allowed = {mark for each in standard if need.is_said_in(each) for mark in _MARK.findall(each)}
    return need.is_said_in(line) and set(_MARK.findall(line)) <= allowed


def _example(need: Required, standard: list[str]) -> str:
    return next((line for line in standard if need.is_said_in(line)), "–")


def wording_with(kind: LetterKind, text: str, language: str = ENGLISH) -> LetterWording:
    """The standard wording of ``kind`` with ``text`` in its place. Raises `BadInput` with the first fault."""
    for fault in faults_of(kind, text, language):
        raise BadInput(fault.reason, where=f"line {fault.line}" if fault.line else f"{kind} letter")
    return replace(default_wording(language)[kind], **parse_text(text).parts)


def standard_text(kind: LetterKind, language: str = ENGLISH) -> str:
    """The standard wording of ``kind`` as text to edit."""
    return text_of(default_wording(language)[kind])
