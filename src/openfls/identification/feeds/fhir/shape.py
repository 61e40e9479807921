"""Reading JSON that may be of any shape: a wrong type is as good as nothing there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]


def obj(value: object) -> Json:
    """``value`` where it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def objs(value: object) -> list[Json]:
    """The objects in a list; a single object counts as a list of one."""
    if isinstance(value, dict):
        return [value]
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def text(value: object) -> str:
    """``value`` where it is text, else empty."""
    return value if isinstance(value, str) else ""


def first(value: object) -> Json:
    """The first object of a list, or an empty one."""
    return next(iter(objs(value)), {})


def codes(concepts: object) -> Iterator[str]:
    """The codes of CodeableConcepts."""
    for concept in objs(concepts):
        for coding in objs(concept.get("coding")):
            yield text(coding.get("code"))
