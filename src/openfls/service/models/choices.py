"""The record's enumerations as choices of a column."""

from __future__ import annotations

from enum import StrEnum


def choices(kind: type[StrEnum]) -> list[tuple[str, str]]:
    """``(value, words)`` of each member; the words are its ``label`` where it has one."""
    return [(member.value, getattr(member, "label", member.value.replace("_", " "))) for member in kind]
