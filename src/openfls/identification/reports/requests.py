"""The request of a report that has no headings: its first sentences, where they ask."""

from __future__ import annotations

import re
from typing import Final

from openfls.identification.reports.case import Status
from openfls.identification.reports.lexicon import word_set
from openfls.identification.reports.mentions import Mention
from openfls.identification.reports.sections import Section
from openfls.identification.reports.sentences import Hit, Sentence

# Words of the person and the accident: a question beside them is the request, not the answer.
_STORY: Final = re.compile(
    r"\b(?:fall|fell|fallen|falls|tripp?\w*|slipp?\w*|foosh|rt[ac]|mv[ac]|pain\w*|tender\w*|injur\w*|trauma|twist\w*"
    r"|yrs?|years?|yo|\d\d ?[mf]|[mf] ?\d\d|assault\w*|punch\w*|kick\w*|nwb|unable|swell\w*|swollen"
    r"|bruis\w*|dropped|hit|inversion|eversion|inverted|everted|landed|football|rugby|netball|ski(?:ing|ed)?|cycl\w*|bike|stairs|ladder"
    r"|heavy lifting)\b"
)
ADVICE: Final = re.compile(
    r"correlat|suggest|advis|recommend|repeat|please|follow|refer|\b(?:ct|mri?)\b|\bconcern\b"
)
"""Words of a sentence that advises and says nothing of what is seen."""
DENSITOMETRY: Final = re.compile(
    r"\W{0,9}(?:exam(?:ination)?\W{1,3}|study\W{1,3}|nm |xr )?(?:dxa|dexa|vfa)\b"
    r"|\W{0,9}bone (?:mineral )?densit(?:ometry|y)(?: scan| study| report| measurement| assessment)?"
    r"\s*(?:[:.,(\n]|with\b)"
)
"""The title of a bone density scan: what it tells of other bones is the person's history."""
_NO_WORDS: Final = (
    "no (?:(?:acute|definite|obvious|evidence of|visible|new|traumatic|significant|radiographic) )*"
)
_ANY_INJURY: Final = "(?:bony|bone|osseous|skeletal) (?:injur|abnormalit|trauma)"
_NO: Final = re.compile(rf"\b{_NO_WORDS}(?:{_ANY_INJURY}|(?:bony |bone )?(?:#|fract|injury))")
_NO_INJURY: Final = re.compile(rf"\b{_NO_WORDS}{_ANY_INJURY}")
# Without the border of a word it opens with a plain letter, which makes the search through a whole report quick.
_MAY_SAY_NO_INJURY: Final = re.compile(_NO_WORDS + _ANY_INJURY)
_VERSUS: Final = word_set("versus")
_ENDS: Final = frozenset({",", "?", ":"})
_QUESTIONS: Final = (Status.POSSIBLE, Status.ASKED)
_OPENING: Final = 3
_LEAD: Final = 2


def denies_any_injury(text: str) -> bool:
    """ "No acute bony injury": a denial of any fracture that does not name one."""
    return _NO_INJURY.search(text) is not None


def may_deny_any_injury(report: str) -> bool:
    """Whether one of the report's sentences may do so: a quick answer that is never wrongly no."""
    return _MAY_SAY_NO_INJURY.search(report) is not None


def is_unlabelled_request(sentence: Sentence, mentions: list[Mention], sentences: list[Sentence]) -> bool:
    """Whether one of the first sentences asks: it tells of the person or opens with its question mark.

    "Suspected hip fracture" without a question mark asks where a later sentence answers that there is none.
    """
    if sentence.number > _OPENING or not all([mention.verdict.status in _QUESTIONS for mention in mentions]):
        return False
    if any(other.section is Section.REQUEST for other in sentences[: sentence.number]):
        return False
    if "sign" in sentence.groups or any(mention.age == "old" for mention in mentions):
        return False
    if any(_is_weighed(sentence, mention.fracture) for mention in mentions):
        return False  # a reading weighed against another is no question of the referrer
    following = sentences[sentence.number + 1 :]
    text = sentence.text.strip()
    if "?" in text or text.startswith(("query", "rule out", "r/o")):
        told = text.startswith(("?", "query")) or _STORY.search(text) is not None
        return told and any(not ADVICE.search(other.text) for other in following)
    return sentence.number < _LEAD and any(_NO.search(other.text) for other in following)


def _is_weighed(sentence: Sentence, fracture: Hit) -> bool:
    """ "fracture versus vascular groove", but not "car v pedestrian, ?fracture"."""
    words = sentence.words
    for place, word in enumerate(words):
        first, last = sorted((place, fracture.start))
        if word in _VERSUS and _ENDS.isdisjoint(words[first:last]):
            return True
    return False
