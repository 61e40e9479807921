"""Vertebral levels: "T11", "D12", "T7-T9", "L1 to 3", "T11/12", and discs between two of them."""

from __future__ import annotations

from typing import Final

from openfls.identification.reports.lexicon import word_set

_COUNTS: Final = {"C": 7, "T": 12, "L": 5}
ORDER: Final = tuple(
    f"{letter}{number}" for letter, count in _COUNTS.items() for number in range(1, count + 1)
)
"""All levels from top to bottom."""

_RANK: Final = {level: place for place, level in enumerate(ORDER)}
_WORDS: Final = {level.lower(): level for level in ORDER} | {
    f"{prefix}{number}": f"T{number}" for prefix in ("d", "th") for number in range(1, 13)
}
LEVEL_WORDS: Final = frozenset(_WORDS)
"""Every way to write one level: ``t12``, ``d12``, ``th12``."""

_RANGE: Final = frozenset({"-", "to", "through", "thru"})
_AND: Final = frozenset({",", "&", "and", "+"})
_DISC_JOINTS: Final = frozenset({"-", "/", ",", "and", "&", "s1", "intervertebral"})
_DISCS: Final = frozenset({"disc", "discs", "disk", "disks", "interspace", "interspaces"})
_ORDINALS: Final = {
    word: number
    for number, words in enumerate(
        [
            ("first", "1st"),
            ("second", "2nd"),
            ("third", "3rd"),
            ("fourth", "4th"),
            ("fifth", "5th"),
            ("sixth", "6th"),
            ("seventh", "7th"),
            ("eighth", "8th"),
            ("ninth", "9th"),
            ("tenth", "10th"),
            ("eleventh", "11th"),
            ("twelfth", "12th"),
        ],
        start=1,
    )
    for word in words
}
_REGIONS: Final = {"cervical": "C", "thoracic": "T", "dorsal": "T", "lumbar": "L"}
_NAMED: Final = frozenset(_WORDS) | frozenset(_REGIONS)

# T1 and T2 are also the names of magnetic resonance sequences.
_SEQUENCES: Final = frozenset({"T1", "T2"})
_MR_WORDS: Final = word_set("mr_sequence")

Found = tuple[int, int, tuple[str, ...], bool]
"""Tokens from, to (excluded), the levels, and whether they are written as a disc (``L4/5``)."""


def in_order(levels: set[str] | frozenset[str]) -> tuple[str, ...]:
    """Levels from top to bottom."""
    return tuple(sorted(levels, key=_RANK.__getitem__))


def read_levels(words: list[str]) -> list[Found]:
    """Every level, range of levels or disc among the tokens."""
    found: list[Found] = []
    if _NAMED.isdisjoint(words):
        return found
    at, count = 0, len(words)
    while at < count:
        level = _WORDS.get(words[at])
        if level is None:
            spelled = _spelled(words, at)
            if spelled:
                found.append(spelled)
                at = spelled[1]
            else:
                at += 1
            continue
        if level in _SEQUENCES and _is_sequence(words, at):
            at += 1
            continue
        end = at + 1
        levels: tuple[str, ...] = (level,)
        disc = False
        if end + 1 < count:
            other = _other(words, end + 1, level)
            if other and words[end] in _RANGE:
                levels, end = _between(level, other), end + 2
            elif words[end] == "/" and (other or words[end + 1] == "s1"):
                levels, end, disc = ((level, other) if other else (level,)), end + 2, True
                while end + 1 < count and words[end] == "/" and (more := _other(words, end + 1, level)):
                    levels, end, disc = (*levels, more), end + 2, False
            elif words[end] in _AND and other and not _is_counted(words, end + 1):
                levels, end = (level, other), end + 2
        found.append((at, end, levels, disc or _is_disc(words, at, end, levels)))
        at = end
    return found


def _is_disc(words: list[str], at: int, end: int, levels: tuple[str, ...]) -> bool:
    """ "L4-L5 and L5-S1 discs": two neighbours joined by a dash, and a disc or S1 in the list."""
    pair = len(levels) == 2 and words[at + 1] == "-"
    if not pair and words[end : end + 2] != ["-", "s1"]:
        return False
    sacral = False
    for word, before in zip(words[end:], words[end - 1 :], strict=False):
        if word in _DISCS:
            return True
        sacral = sacral or (word == "s1" and before == "-")
        if word not in _WORDS and word not in _DISC_JOINTS:
            break
    return sacral


def _is_sequence(words: list[str], at: int) -> bool:
    return words[max(0, at - 1)] == "on" or not _MR_WORDS.isdisjoint(words[max(0, at - 2) : at + 6])


def _other(words: list[str], at: int, first: str) -> str | None:
    """The level that ends a range; a bare number takes the first one's letter."""
    word = words[at]
    if word in _WORDS:
        return _WORDS[word]
    if word.isascii() and word.isdigit() and len(word) <= 2:
        level = f"{first[0]}{int(word)}"
        if level in _RANK and _RANK[level] > _RANK[first]:
            return level
    return None


def _is_counted(words: list[str], at: int) -> bool:
    """A bare number after "and" is a level only where no unit or noun follows that it could count."""
    if words[at] in _WORDS:
        return True  # a full level is read on its own, with its own range
    after = words[at + 1] if at + 1 < len(words) else ""
    return after not in {
        "",
        ",",
        ".",
        ")",
        "and",
        "fracture",
        "fractures",
        "vertebral",
        "vertebrae",
        "are",
        "with",
    }


def _between(first: str, last: str) -> tuple[str, ...]:
    low, high = sorted((_RANK[first], _RANK[last]))
    return ORDER[low : high + 1]


def _spelled(words: list[str], at: int) -> Found | None:
    """ "twelfth thoracic vertebra"."""
    number = _ORDINALS.get(words[at])
    if number is None or at + 2 >= len(words):
        return None
    letter = _REGIONS.get(words[at + 1])
    if letter is None or not words[at + 2].startswith("vert") or number > _COUNTS[letter]:
        return None
    return at, at + 3, (f"{letter}{number}",), False
