"""A report's sections: request, technique, comparison, findings, conclusion, addendum.

UK reports often have no headings at all: a title line, a line of clinical details, the findings. US reports have many,
sometimes all on one line. Both are cut at the headings of ``data/headings.csv``; what follows an unlabelled start is
taken as findings.
"""

from __future__ import annotations

import re
from enum import IntEnum
from functools import cache
from typing import Final

from openfls.identification.reports.lexicon import expand, rows


class Section(IntEnum):
    """The parts of a report; a higher one among the last three overrides the lower ones."""

    TITLE = 0
    REQUEST = 1
    TECHNIQUE = 2
    COMPARISON = 3
    FINDINGS = 4
    CONCLUSION = 5
    ADDENDUM = 6


SAID: Final = frozenset({Section.FINDINGS, Section.CONCLUSION, Section.ADDENDUM})
"""The sections that say what this examination shows."""

Part = tuple[Section, int, int]
"""A section and the stretch of text it covers."""

Head = tuple[Section, int, int]
"""A heading's section, where it starts, and where the text after it starts."""

_TITLE: Final = re.compile(
    r"\s*(?:xr|x-ray|xray|x ray|cxr|axr|ct\w*|mri?|mra|dxa|dexa|nm|fl|ii|us|uss|pet|spect|exam(?:ination)?"
    r"|fluoro\w*|plain films?|radiographs?|mammo\w*|bone scan|vertebroplasty|chest|pelvis|skull|tomosynthesis)\b"
)
_END_OF_SENTENCE: Final = re.compile(r"[.!?\n](?:(?<=\n)|(?<!\s\?)(?=\s|$))")
# A first line that names a fracture and does not ask for one is no title: "Chest: old rib fractures".
_NAMES_FRACTURE: Final = re.compile(
    r"^(?![^\n]*(?:\?|\bfor\b|\bquery\b|\bre\b))[^\n]*(?:fract|#)", re.MULTILINE
)
_TITLE_LENGTH: Final = 50
_LONG_LINE: Final = 50
_MARGIN: Final = 66
_OPEN_HEADINGS: Final = (
    "clinical details", "clinical history", "clinical information", "clinical info", "clinical indication",
    "clin details", "clin info", "clin hx", "clin history", "reason for exam", "indication ", "clinical ?", "clinical;",
)  # fmt: skip
_LONGEST: Final = 80


@cache
def _headings() -> dict[str, Section]:
    return {
        phrase: Section[row["section"].upper()]
        for row in rows("headings.csv")
        for phrase in expand(row["phrases"])
    }


@cache
def _endings() -> frozenset[str]:
    """The last two letters of the headings, and those letters before a space: a quick test of each colon."""
    return frozenset(phrase[-2:] for phrase in _headings()) | {phrase[-1:] + " " for phrase in _headings()}


def _heads(folded: str) -> list[Head]:
    """Each heading: its section, where it starts, and where the text after it starts.

    A heading ends in a colon anywhere after a stop, or in a dash or the line's end at the start of a line. "Addendum"
    alone may carry a date or a name before its colon.
    """
    heads: list[Head] = []
    line_start = 0
    for line in folded.split("\n"):
        found = _before_colons(line) if ":" in line else []
        if not found and len(line) > 1:
            found = _without_colon(line)
        for section, start, stop in found:
            heads.append((section, line_start + start, line_start + stop))
        line_start += len(line) + 1
    return heads


def _before_colons(line: str) -> list[Head]:
    """Headings of one line that end in a colon."""
    known, endings = _headings(), _endings()
    adds = "addend" in line
    found: list[Head] = []
    at, colon = 0, line.find(":")
    while colon >= 0:
        if adds or line[max(0, colon - 2) : colon] in endings:
            start = at
            section = known.get(line[at:colon].strip(" \t*"))
            if section is None:
                start = max([line.rfind(stop, at, colon) for stop in ".;!?)"]) + 1 or at
                word = line[start:colon].strip(" \t*")
                section = known.get(word)
                if section is None and " - " in word:
                    start = line.rindex(" - ", at, colon) + 2
                    section = known.get(line[start:colon].strip(" \t*"))
                if section is None and word.startswith("addend") and len(word) <= _LONGEST:
                    section = Section.ADDENDUM
                if (
                    section is None
                    and colon - at <= _LONGEST
                    and line[at:colon].strip().startswith("addendum")
                ):
                    section, start = Section.ADDENDUM, at
            if section is not None:
                found.append((section, start, colon + 1))
        at = colon + 1
        colon = line.find(":", at)
    return found


def _without_colon(line: str) -> list[Head]:
    """A heading that stands alone on its line, ends in a dash, or opens the line and needs no sign."""
    known = _headings()
    word = line.strip(" \t*")
    if word in known:
        return [(known[word], 0, len(line))]
    if " - " in line and (dashed := _dashed(line, known)):
        return dashed
    if word.startswith(_OPEN_HEADINGS):
        opening = next(heading for heading in _OPEN_HEADINGS if word.startswith(heading))
        return [(Section.REQUEST, 0, line.index(opening) + len(opening))]
    if word.startswith("addendum"):
        return [(Section.ADDENDUM, 0, line.index("addendum") + len("addendum"))]
    return []


def _dashed(line: str, known: dict[str, Section]) -> list[Head]:
    """Headings of one line that end in a dash: "Clinical history - fall. Findings - no fracture."."""
    found: list[Head] = []
    at = 0
    dash = line.find(" - ")
    while dash >= 0:
        start = max(line.rfind(stop, at, dash) for stop in ".;!?)") + 1 or at
        section = known.get(line[start:dash].strip(" \t*"))
        if section is not None:
            found.append((section, start, dash + 2))
        at = dash + 3
        dash = line.find(" - ", at)
    return found


def split_sections(folded: str, text: str = "") -> list[Part]:
    """The sections of a folded text, in its order, headings left out.

    ``text`` is the report as it came: where it is given, a capital letter after a line well short of the margin shows
    that the line before was no wrapped one.
    """
    heads = _heads(folded)
    parts: list[Part] = []
    first = heads[0][1] if heads else len(folded)
    if first:
        parts.extend(_opening(folded, first))
    for number, (section, _, start) in enumerate(heads):
        following = heads[number + 1] if number + 1 < len(heads) else None
        end = following[1] if following else len(folded)
        if section >= Section.FINDINGS or (
            following and following[0] in {Section.FINDINGS, Section.TECHNIQUE, Section.COMPARISON}
        ):
            parts.append((section, start, end))
            continue
        stop = _end_of_block(folded, start, end, text, one_sentence=section is Section.COMPARISON)
        if following is None and stop >= end - 1 and not _is_told(parts):
            # Nothing would be left to say: the request is the first sentence, the rest is the report.
            stop = _end_of_block(folded, start, end, text, one_sentence=True)
        parts.append((section, start, stop))
        if stop < end:
            parts.append((Section.FINDINGS, stop, end))
    return parts


def _is_told(parts: list[Part]) -> bool:
    """Whether some part before says what the examination shows."""
    return any(section in SAID and end - start > _TITLE_LENGTH for section, start, end in parts)


def _opening(folded: str, end: int) -> list[Part]:
    """The text before the first heading: a title line, if it looks like one, and findings."""
    lead = len(folded) - len(folded.lstrip())
    line_end = folded.find("\n", lead, end)
    if line_end == -1:
        line_end = end
    if not _TITLE.match(folded, lead):
        return [(Section.FINDINGS, 0, end)]
    stop = _END_OF_SENTENCE.search(folded, lead, line_end)
    colon = folded.find(":", lead, line_end)
    stops = [place for place in (stop.end() if stop else -1, colon + 1 if colon != -1 else -1) if place > 0]
    title_end = min(stops, default=line_end)
    if title_end >= end == len(folded) or _NAMES_FRACTURE.search(folded, lead, title_end):
        return [(Section.FINDINGS, 0, end)]
    parts: list[Part] = [(Section.TITLE, 0, title_end)]
    if title_end < end:
        parts.append((Section.FINDINGS, title_end, end))
    return parts


def _end_of_block(folded: str, start: int, end: int, text: str, *, one_sentence: bool) -> int:
    """Where a request, technique or comparison ends that no heading ends: its line, wrapped lines joined."""
    at = start
    while at < end and folded[at] in " \t\n":
        at += 1
    if one_sentence:
        match = _END_OF_SENTENCE.search(folded, at, end)
        return match.end() if match else end
    while True:
        line_end = folded.find("\n", at, end)
        if line_end == -1:
            return end
        line = folded[at:line_end].rstrip()
        next_char = folded[line_end + 1 : line_end + 2]
        wrapped = len(line) >= _LONG_LINE and line[-1:] not in ".?!:" and next_char not in ("\n", "")
        begins = len(line) < _MARGIN and text[line_end + 1 : line_end + 2].isupper()
        if not wrapped or begins:
            return line_end
        at = line_end + 1
