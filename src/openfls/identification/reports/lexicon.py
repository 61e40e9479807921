"""The words the reader knows, from the CSV files in ``data/``, as one tree of tokens.

A phrase is written as it is spoken, in small letters; ``{a|b}`` stands for either, and may be nested. Looking a
phrase up costs one dictionary step for each token, so time grows with the text and with nothing else.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Final

from openfls.identification.reports.tokens import split_words

RULES_VERSION: Final = "2026-11-22.7"
"""The dated version of the rule set: word lists and code together."""

ARTICLES: Final = frozenset({"the", "a", "an"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a data file: what a phrase means.

    ``group`` is its class (``fracture``, ``site``, ``neg``, ``age`` …), ``value`` the meaning within it. ``sites`` has
    more than one name where the rest of the report must decide; the first is the default. ``rank`` is 3 for a part of a
    bone, 2 for a bone, 1 for a region, 0 for a look-alike that names no bone.
    """

    rule: str
    group: str
    value: str = ""
    sites: tuple[str, ...] = ()
    family: str = ""
    rank: int = 0
    levels: tuple[str, ...] = ()
    kind: str = ""
    age: str = ""


def expand(pattern: str) -> list[str]:
    """All phrases that a pattern with braces stands for.

    Raises:
        ValueError: a brace is not closed.
    """
    alternatives, rest = _alternatives(pattern, 0, closed=False)
    if rest != len(pattern):
        raise ValueError(f"unbalanced braces in {pattern!r}")
    return alternatives


def _alternatives(pattern: str, at: int, *, closed: bool) -> tuple[list[str], int]:
    found: list[str] = []
    parts: list[list[str]] = [[""]]

    def finish() -> None:
        found.extend("".join(choice) for choice in product(*parts))

    while at < len(pattern):
        char = pattern[at]
        if char == "{":
            inner, at = _alternatives(pattern, at + 1, closed=True)
            parts.append(inner)
        elif char == "}" and closed:
            finish()
            return found, at + 1
        elif char == "|":
            finish()
            parts = [[""]]
            at += 1
        else:
            parts.append([char])
            at += 1
    if closed:
        raise ValueError(f"unbalanced braces in {pattern!r}")
    finish()
    return found, at


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one of the data files."""
    source = files("openfls.identification.reports") / "data" / name
    return list(csv.DictReader(source.read_text(encoding="utf-8").splitlines()))


@cache
def word_set(name: str) -> frozenset[str]:
    """One of the sets of small words in ``data/words.csv``."""
    return {row["id"]: frozenset(row["words"].split()) for row in rows("words.csv")}[name]


def _sites(value: str) -> tuple[str, ...]:
    return tuple(value.split("|")) if value else ()


def _entries() -> list[tuple[str, Entry]]:
    entries: list[tuple[str, Entry]] = []
    for row in rows("fractures.csv"):
        entry = Entry(
            row["id"],
            "vertebral" if row["type"] != "fracture" else "fracture",
            value=row["type"],
            sites=_sites(row["site"]),
            rank=int(row["rank"] or 0),
            kind=row["kind"],
            age=row["age"],
        )
        entries.append((row["phrases"], entry))
    for row in rows("sites.csv"):
        rank = int(row["rank"])
        entry = Entry(
            row["id"],
            "site" if rank else "look",
            sites=_sites(row["site"]),
            family=row["family"],
            rank=rank,
            levels=tuple(row["levels"].split(";")) if row["levels"] else (),
        )
        entries.append((row["phrases"], entry))
    for row in rows("context.csv"):
        entries.append((row["phrases"], Entry(row["id"], row["class"], value=row["value"])))
    return entries


class Node:
    """A step in the tree of phrases: what the phrase means that ends here, and the tokens that lead on."""

    __slots__ = ("entries", "following")

    def __init__(self) -> None:
        self.entries: tuple[Entry, ...] = ()
        self.following: dict[str, Node] = {}


@cache
def tree() -> dict[str, Node]:
    """The tree of all phrases, by their first token."""
    root = Node()
    for pattern, entry in _entries():
        for phrase in expand(pattern):
            words = split_words(phrase)
            # Articles inside a phrase are passed over by the search, so the tree holds none.
            words = [word for place, word in enumerate(words) if place == 0 or word not in ARTICLES]
            if not words:
                continue
            node = root
            for word in words:
                node = node.following.setdefault(word, Node())
            if entry not in node.entries:
                node.entries = (*node.entries, entry)
    return root.following
