"""Sections to sentences, and sentences to hits: the known words, levels and sides that each one holds."""

from __future__ import annotations

import re
from functools import lru_cache
from operator import itemgetter
from typing import Final, NamedTuple

from openfls.identification.reports.lazy import lazy
from openfls.identification.reports.levels import LEVEL_WORDS, read_levels
from openfls.identification.reports.lexicon import ARTICLES, Entry, tree, word_set
from openfls.identification.reports.sections import Part, Section
from openfls.identification.reports.tokens import places_of_words, words_of
from openfls.identification.reports.typing_errors import meant_words

_STOP: Final = re.compile(
    r"[\n;.!](?:(?<=\n)|(?<=;)(?!\s*(?:(?:left|right|[lr]t)\s*|[lr]\s+)\d)"
    r"(?!\s*(?:(?:one|it|this)\s+)?(?:(?:is|has|been)\s+){0,2}now\s+(?:clearly\s+)?"
    r"(?:seen|visible|evident|apparent|shown|demonstrated|identified)\b)|(?<=[.!])(?=\s|\Z))"
)
_BULLET: Final = re.compile(r"[ \t]*(?:[-*•]|\d{1,2}[.)])[ \t]")
_NOT_A_STOP: Final = ("approx", " dr", " mr", "e.g", "i.e", " vs", " rt", " lt", " incl", " cf")
_FIRST_WORD: Final = re.compile(r"[ \t]*(\S+)")
_PLACE: Final = itemgetter(0, 1)
_GOES_ON: Final = frozenset({"and", "or", "of", "the", "with", "at", "in", "to"})
"""No sentence ends with one of these."""
_SHORT_LINE: Final = 30
_LONGEST: Final = 1200
_REMEMBERED: Final = 8192
"""Sentences: some 20 MB."""
_WRAPPED_LINES: Final = 3
_NARROW: Final = 55
_WIDE: Final = 132
_RAGGED: Final = 14
_SLACK: Final = 3

# Words that may stand inside a known phrase: "neck of the left femur", "loss of approximately 40% of height".
_PASSED_OVER: Final = word_set("inside") | LEVEL_WORDS
_MOST_INSIDE: Final = 5
_LOOSE: Final = frozenset({"fracture", "vertebral", "site", "look"})
"""Names may be parted by more than an article; "and T7 not" is no "and not"."""


class Hit(NamedTuple):
    """A known phrase: tokens ``start`` to ``end`` of a sentence (end excluded), and what it means.

    ``group`` is the class of the phrase (``entry.group``), kept here because it is asked for most.
    """

    start: int
    end: int
    entry: Entry
    group: str
    levels: tuple[str, ...] = ()


BONES: Final = frozenset({"site", "level"})
"""The groups of hits that say where a fracture may be."""

LEVEL: Final = Entry("level", "level", sites=("vertebra",), family="spine", rank=2)
DISC: Final = Entry("level.disc", "disc", sites=("vertebra",), family="spine", rank=2)
_LEFT: Final = Entry("side.letter", "side", value="left")
_RIGHT: Final = Entry("side.letter", "side", value="right")


class Sentence:
    """One sentence: ``folded[start:end]``; its tokens and hits are found when first asked for."""

    def __init__(self, folded: str, section: Section, start: int, end: int, number: int = 0) -> None:
        self.folded = folded
        self.section = section
        self.start = start
        self.end = end
        self.number = number

    @lazy
    def words(self) -> list[str]:
        """The tokens, those with a typing error as they were meant; shared with equal sentences, so never changed."""
        return words_meant(self.text)

    @lazy
    def places(self) -> tuple[list[int], list[int]]:
        """Where each token starts in the report, and where it ends."""
        return places_of_words(self.folded, self.start, self.end)

    @lazy
    def hits(self) -> list[Hit]:
        """The known phrases in their order, the longest at each place."""
        return known_phrases(self.text)[0]

    @lazy
    def groups(self) -> dict[str, list[Hit]]:
        """The hits by their group; most questions end with a group that the sentence does not have."""
        return known_phrases(self.text)[1]

    @lazy
    def bones(self) -> list[Hit]:
        """The hits that name a bone, a region or a level."""
        return [hit for hit in self.hits if hit.group in BONES]

    @lazy
    def text(self) -> str:
        """The folded text of the sentence."""
        return self.folded[self.start : self.end]


@lru_cache(maxsize=_REMEMBERED)
def words_meant(folded: str) -> list[str]:
    """The tokens of a sentence. Radiologists repeat themselves, so what a sentence holds is remembered for a while."""
    meant, words = meant_words(), words_of(folded, 0, len(folded))
    return words if meant.keys().isdisjoint(words) else [meant.get(word, word) for word in words]


@lru_cache(maxsize=_REMEMBERED)
def known_phrases(folded: str) -> tuple[list[Hit], dict[str, list[Hit]]]:
    """The hits of a sentence, and the same by their group."""
    hits = find_hits(words_meant(folded))
    groups: dict[str, list[Hit]] = {}
    for hit in hits:
        groups.setdefault(hit.group, []).append(hit)
    return hits, groups


def split_sentences(text: str, folded: str, parts: list[Part]) -> list[Sentence]:
    """All sentences of a report, in order; a line wrapped in mid-sentence is joined to the next.

    ``text`` is the report as it came: a small letter at a line's start shows a wrapped line.
    """
    width = _wrap_width(text)
    sentences: list[Sentence] = []
    for section, start, end in parts:
        at = line_start = start
        for match in _STOP.finditer(folded, start, end):
            place = match.start()
            sign = folded[place]
            if sign == "\n":
                long = width > 0 or place - line_start >= _SHORT_LINE
                wrapped = long and _is_wrapped(text, line_start, place, end, width)
                line_start = place + 1
                if wrapped:
                    continue
            elif sign != ";" and folded.endswith(_NOT_A_STOP, at, place):
                continue
            if at < place:
                _add(sentences, folded, section, at, place)
            at = place + 1
        _add(sentences, folded, section, at, end)
    return sentences


def _add(sentences: list[Sentence], folded: str, section: Section, start: int, end: int) -> None:
    """Add a sentence; one longer than any person writes is cut, so that the time stays in step with the length."""
    while end - start > _LONGEST:
        cut = folded.rfind(" ", start + 1, start + _LONGEST)
        cut = cut if cut > start else start + _LONGEST
        sentences.append(Sentence(folded, section, start, cut, len(sentences)))
        start = cut
    # Most begin with a letter after one space: only where they do not, the whole stretch is looked at.
    if end - start > 1 and folded[start + 1].isalnum():
        sentences.append(Sentence(folded, section, start, end, len(sentences)))
        return
    stretch = folded[start:end]
    if stretch and not stretch.isspace():
        sentences.append(Sentence(folded, section, start, end, len(sentences)))


def _wrap_width(text: str) -> int:
    """The width a report was wrapped at, or 0 where its lines end where its writer ended them."""
    if text.count("\n") < _WRAPPED_LINES - 1:
        return 0
    lengths = [len(line) for line in text.splitlines()]
    longest = max(lengths)
    if not _NARROW <= longest <= _WIDE:
        return 0
    near = sum(length >= longest - _RAGGED for length in lengths)
    return longest if near >= _WRAPPED_LINES else 0


def _is_wrapped(text: str, line_start: int, line_end: int, end: int, width: int) -> bool:
    line = text[line_start:line_end].strip()
    if not line or line[-1] in ".:;!?" or line_end + 1 >= end or text[line_end + 1] == "\n":
        return False
    begins = width == 0 and text[line_end + 1].isupper() and line.rsplit(None, 1)[-1] not in _GOES_ON
    if begins or _BULLET.match(text, line_end + 1, end):
        return False  # a capital where no margin was kept: the usual case
    following = _FIRST_WORD.match(text, line_end + 1, end)
    if following is None:
        return False
    word = following.group(1)
    if line.rsplit(None, 1)[-1] in _GOES_ON:
        return True
    if word[0].islower() and len(line) >= _SHORT_LINE:
        return True
    return width > 0 and line_end - line_start + 1 + len(word) > width - _SLACK


def find_hits(words: list[str]) -> list[Hit]:
    """The hits of a list of tokens: phrases, levels, and the single letters l and r as sides."""
    hits: list[Hit] = []
    root = tree()
    at = 0
    count = len(words)
    while at < count:
        node = root.get(words[at])
        if node is None:
            at += 1
            continue
        entries, end = node.entries, at + 1
        place, skipped, parted = end, 0, False
        following = node.following
        while following and place < count:
            word = words[place]
            place += 1
            node = following.get(word)
            if node is None:
                if skipped >= _MOST_INSIDE or not (word in _PASSED_OVER or word[0].isdigit()):
                    break
                skipped += 1
                parted = parted or word not in ARTICLES
                continue
            following = node.following
            if node.entries and not (parted and node.entries[0].group not in _LOOSE):
                entries, end = node.entries, place
        if not entries:
            at += 1
            continue
        for entry in entries:
            hits.append(Hit(at, end, entry, entry.group))
        if end - at > 2:
            hits.extend(_sides_inside(words, at, end, entries))
        at = end
    levels = read_levels(words)
    for start, end, named, disc in levels:
        hits.append(_level_hit(start, end, named, disc=disc))
    letters = _letters(words) if "l" in words or "r" in words else []
    if levels or letters:
        hits.extend(letters)
        hits.sort(key=_PLACE)
    return hits


def _level_hit(start: int, end: int, levels: tuple[str, ...], *, disc: bool) -> Hit:
    return Hit(start, end, DISC, "disc", levels) if disc else Hit(start, end, LEVEL, "level", levels)


def _sides_inside(words: list[str], start: int, end: int, found: tuple[Entry, ...]) -> list[Hit]:
    if found[0].group == "side":
        return []
    root = tree()
    inside: list[Hit] = []
    for place in range(start + 1, end - 1):
        word = words[place]
        if word in {"left", "right", "lt", "rt", "both"}:
            inside.extend(
                Hit(place, place + 1, entry, "side") for entry in root[word].entries if entry.group == "side"
            )
    return inside


def _stands_apart(words: list[str], place: int) -> bool:
    """ "XR humerus R - fracture clinic", but not "L - spine" and "L-1"."""
    following = words[place + 2] if place + 2 < len(words) else ""
    return place > 0 and not (following.startswith("spine") or following[:1].isdigit())


def _letters(words: list[str]) -> list[Hit]:
    hits = []
    for place, word in enumerate(words):
        if word in {"l", "r"}:
            before = words[place - 1] if place else ""
            after = words[place + 1] if place + 1 < len(words) else ""
            spine = after == "-" and not _stands_apart(words, place)
            if spine or after in {"/", ">", "<", "=", "spine", "'"} or before in {"/", ">", "<", "="}:
                continue
            hits.append(Hit(place, place + 1, _LEFT if word == "l" else _RIGHT, "side"))
    return hits
