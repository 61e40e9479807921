"""How hard a letter is to read, measured: Flesch–Kincaid grade and SMOG.

Sources: Kincaid JP, Fishburne RP, Rogers RL, Chissom BS (1975), Derivation of new readability formulas for
Navy enlisted personnel, Research Branch Report 8-75. McLaughlin GH (1969), SMOG grading: a new readability
formula, Journal of Reading 12(8):639-646; made for samples of 30 sentences. The papers were cited from memory
(recalled, high); the constants agree with two public implementations (checked), whose worked examples are in
the tests.

Both give United States school grades. A pupil of grade *g* is about *g* + 5 years old, so a reading age of 9
to 11 is grade 4 to 6. Syllables are counted by rules from the spelling, held to a list of words in the tests.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from openfls.information.compose import block_texts
from openfls.information.letter import ActionBox, Addition, Block, Heading, KeyValueTable, Letter

_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")
_SENTENCE_END = re.compile(r"[.!?]+(?:\s|$)|\n")
_VOWELS = re.compile(r"[aeiouy]+")
# Vowels that stand together and are still spoken apart: sci-ence, ra-di-o, cal-ci-um, i-de-a, go-ing, qui-et.
_APART = re.compile(
    r"i(?:a(?!l\b)|o(?!u|n)|um|en|et)|(?<!p)eo(?!u)|ui(?=d)|ua(?=l)|uou|yi"
    r"|(?<=[aeiouy][^aeiouy])ea\b|(?<=cr)ea(?=t)|(?<=[aeou])ing\b"
)


@dataclass(frozen=True, slots=True)
class Readability:
    """Counts of a text and its grades (United States school years)."""

    sentences: int
    words: int
    syllables: int
    polysyllables: int

    @property
    def flesch_kincaid_grade(self) -> float:
        """Grade by sentence length and syllables per word; 0 for no words."""
        if not self.words:
            return 0.0
        return 0.39 * self.words / self.sentences + 11.8 * self.syllables / self.words - 15.59

    @property
    def smog_grade(self) -> float:
        """Grade by the number of words with three or more syllables; 0 for no words."""
        if not self.words:
            return 0.0
        return 1.0430 * math.sqrt(30 * self.polysyllables / self.sentences) + 3.1291

    @property
    def reading_age(self) -> float:
        """Years: the Flesch–Kincaid grade plus five."""
        return self.flesch_kincaid_grade + 5


def syllables(word: str) -> int:
    """The syllables of one English word, at least one, by rules from the spelling."""
    bare = word.lower().replace("'", "").replace("’", "")
    count = len(_VOWELS.findall(bare)) + len(_APART.findall(bare))
    if re.search(r"[^aeiouy](?:e|es|ed)$", bare) and not re.search(
        r"(?:[^aeiouy]le|[sxz]es|[cgs]es|ches|shes|[td]ed)$", bare
    ):
        count -= 1
    if re.search(r"[aeiouy][^aeiouy]+e(?:ful|ly|ment|ments|less)", bare):
        count -= 1
    return max(count, 1)


def readability(text: str) -> Readability:
    """The counts of ``text``. A sentence ends at ``.``, ``?``, ``!`` or a line end."""
    sentences = [part for part in _SENTENCE_END.split(text) if part and _WORD.search(part)]
    words = [word for part in sentences for word in _WORD.findall(part)]
    counts = [syllables(word) for word in words]
    return Readability(len(sentences), len(words), sum(counts), sum(count >= 3 for count in counts))


def readable_text(letter: Letter) -> str:
    """What a person reads as sentences, one block or item a line.

    Headings and tables are looked at, not read; headings as short sentences would make a letter seem easier.
    """
    return blocks_text(letter.blocks)


def blocks_text(blocks: Iterable[Block]) -> str:
    """What a person reads of ``blocks`` as sentences; see `readable_text`."""
    texts: list[str] = []
    for block in blocks:
        if isinstance(block, ActionBox):
            texts.extend(block.items)
        elif isinstance(block, Addition):
            texts.extend(block.texts)
        elif not isinstance(block, (Heading, KeyValueTable)):
            texts.extend(block_texts(block))
    return "\n".join(texts)


def letter_readability(letter: Letter) -> Readability:
    """The readability of ``letter``."""
    return readability(readable_text(letter))
