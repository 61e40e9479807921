"""The rules of what stands out, from their data file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Rule:
    """One way in which access can stand out; ``numbers`` are its limits, which its words name."""

    id: str
    title: str
    words: str
    numbers: Mapping[str, int]


@cache
def rules() -> dict[str, Rule]:
    """Every rule by its id, in the order of the file."""
    text = (files("openfls.service") / "data" / "odd_access.toml").read_text(encoding="utf-8")
    found = {}
    for row in tomllib.loads(text)["rule"]:
        numbers = {name: value for name, value in row.items() if isinstance(value, int)}
        found[row["id"]] = Rule(row["id"], row["title"], row["words"].format(**numbers), numbers)
    return found
