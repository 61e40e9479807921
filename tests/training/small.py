"""Two small topics with every kind of question, written into a folder; and answers as a form sends them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from openfls.training.papers import Item
from openfls.training.values import Kind

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 40"><title>Two bars</title>'
    "<desc>One bar is twice as high as the other.</desc>"
    '<rect x="10" y="20" width="20" height="20"/><rect x="50" y="0" width="20" height="40"/></svg>'
)
LESSON = (
    """Bone is alive.[@alive] It is built and taken away all the time.

## How it is built

> **Red flag.** Pain at night that does not go away needs a doctor.[@shaky]

![Two bars, the second twice as high as the first](bars.svg)

- one cell builds
- one cell takes away

| Cell | Does |
|---|---|
| one | builds |
| other | takes away |

## Much of the same

"""
    + "A bone that is used stays strong. " * 300
)
CASE = "Mrs Finch is 70. She fell on her way home.[@alive] You ask how it happened.\n"


def _options(right: str, *wrong: str) -> list[dict[str, Any]]:
    made = [{"text": right, "right": True, "why": f"because {right}"}]
    return made + [{"text": text, "right": False, "why": f"not {text}"} for text in wrong]


def _turned(options: list[dict[str, Any]], by: int) -> list[dict[str, Any]]:
    return options[by:] + options[:by]


def questions(key: str) -> list[dict[str, Any]]:
    """Ten questions of a topic: four of its check, six for papers."""
    common = {"explanation": "It is as the lesson says.", "sources": ["alive"]}
    made: list[dict[str, Any]] = []
    for number in range(1, 7):
        options = _options(f"{key} truth {number}", *(f"{key} slip {letter}{number}" for letter in "abc"))
        made.append(
            {
                "kind": "single",
                "stem": f"{key}: which of these is true, {number}?",
                "options": _turned(options, number % 4),
            }
        )
    several = [*_options("red", "blue", "pink"), {"text": "tan", "right": True, "why": "because tan"}]
    made += [
        {"kind": "several", "stem": f"{key}: which two are warm?", "options": several},
        {
            "kind": "order",
            "stem": f"{key}: put these in order",
            "items": ["first", "second", "third", "fourth"],
        },
        {
            "kind": "number",
            "stem": f"{key}: half of 62, whole?",
            "answer": {"value": 31, "low": 30, "high": 32, "unit": "mL/min"},
        },
        {
            "kind": "unfolding",
            "stem": f"{key}: Mr Hale rings.",
            "steps": [
                {
                    "tells": "He fell.",
                    "stem": "What now?",
                    "options": _options("Ask how", "Say nay", "Wait on"),
                },
                {
                    "tells": "He slipped.",
                    "stem": "And then?",
                    "options": _options("Note it", "Go home", "Move on"),
                },
            ],
        },
        {
            "kind": "picture",
            "picture": "bars.svg",
            "alt": "Two bars, the second twice as high",
            "stem": f"{key}: how much higher is the second?",
            "options": _options("Twofold", "Thrice", "Halfway"),
        },
    ]
    for number, row in enumerate(made, start=1):
        objective = number if number <= 4 else number % 4 + 1
        # Words of its own, so that it is no twin of another.
        own = " ".join(f"{key}{letter}{number}" for letter in "abcdefghijkl")
        row |= {
            "stem": f"{row['stem']} {own}",
            "id": f"{key}-{number:02}",
            "objective": f"{key}.{objective}",
            "difficulty": number % 3 + 1,
            **common,
        }
    return made


def topic(key: str) -> dict[str, Any]:
    """What topic.yaml says."""
    return {
        "id": key,
        "title": f"A small topic {key}",
        "summary": "How bone is built.",
        "version": "2026-11",
        "objectives": [{"id": f"{key}.{number}", "text": f"Explain part {number}"} for number in range(1, 5)],
        "claims": {
            "alive": {"says": "Bone is alive", "source": "A book, 2020", "confidence": "checked"},
            "shaky": {"says": "Night pain matters", "source": "Somebody", "confidence": "recalled, medium"},
        },
        "reading": [{"title": "A book", "by": "Somebody", "why": "It is good"}],
    }


def write(
    root: Path, *keys: str, change: Callable[[dict[str, Any], list[dict[str, Any]]], None] | None = None
) -> Path:
    """Write topics under ``root``; ``change`` may alter what a topic and its questions say before."""
    for key in keys or ("F1", "F2"):
        folder = root / key.lower()
        folder.mkdir(parents=True, exist_ok=True)
        told, asked = topic(key), questions(key)
        if change:
            change(told, asked)
        (folder / "topic.yaml").write_text(yaml.safe_dump(told, sort_keys=False), encoding="utf-8")
        (folder / "questions.yaml").write_text(yaml.safe_dump(asked, sort_keys=False), encoding="utf-8")
        (folder / "lesson.md").write_text(LESSON, encoding="utf-8")
        (folder / "case.md").write_text(CASE, encoding="utf-8")
        (folder / "bars.svg").write_text(SVG, encoding="utf-8")
    return root


def sent(item: Item, step: int = 0, *, right: bool = True) -> dict[str, list[str]]:
    """The fields that a browser would send for the right answer, or for one that earns nothing."""
    question, order = item.question, item.shown[step]
    if question.number is not None:
        return {"number": [f"{question.number.value if right else question.number.high + 1:g}"]}
    if question.kind is Kind.ORDER:
        ranks = {number: number + 1 if right else len(order) - number for number in order}
        return {f"place-{place}": [str(ranks[number])] for place, number in enumerate(order)}
    options = question.parts[step].options
    return {"choice": [str(place) for place, number in enumerate(order) if options[number].right is right]}


def sent_one(item: Item, step: int = 0, *, right: bool = True) -> dict[str, list[str]]:
    """The same, with one choice where only one may be made."""
    given = sent(item, step, right=right)
    if "choice" in given and item.question.kind is not Kind.SEVERAL:
        return {"choice": given["choice"][:1]}
    return given
