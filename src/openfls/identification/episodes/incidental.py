"""Spine fractures found on images taken for something else: the opportunistic stream.

The rule, ours: every fracture of the event is of the spine; imaging reports are all that tells of it; each of these
names an examination that is neither of the spine nor of the bones as such nor for an injury; and none was asked for
because of a fall, an injury, back pain or a fracture. Where the report says neither what was examined nor why,
nothing is claimed. The mark only tells a reader what she is looking at: it takes nobody off a list.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from openfls.identification.reports.sections import Section, split_sections
from openfls.identification.reports.tokens import fold
from openfls.record.feeds import Observation, SourceKind
from openfls.record.sites import Site

_OF_THE_BONES = re.compile(
    r"\bspin(?:e|es|al)\b|\b[ctl]-?spine|\b(?:lumb|thoracolumb|lumbosacr)\w*|\bcervical|\bthoracic vert|\bvertebr"
    r"|\bsacr|\bcoccyx|\bscolio|\bmyelo|\bkypho|\bdxa\b|\bdexa\b|\bvfa\b|\bbone\b|\bskelet|\bwhole body"
)
_FOR_AN_INJURY = re.compile(
    r"\btrauma|\bfall(?:s|en|ing)?\b|\bfell\b|\binjur|\brt[ac]\b|\bmva\b|\bassault|\bpan-?scan\b|\btripped\b|\bslip(?:ped)?\b"
)
_ABOUT_THE_BACK = re.compile(
    r"\bback ?(?:pain|ache)|\b(?:spinal|vertebral|spine) |\bfracture|#|\bosteopor|\bkypho|\bheight loss|\bcollapsed? v"
)


def incidental_reason(observations: Sequence[Observation], sites: set[Site]) -> str:
    """Why the event counts as found by chance, for example ``seen on CT chest``; empty where it does not.

    Args:
        observations: all that tells of the event.
        sites: the sites of all its fractures.
    """
    if sites != {Site.VERTEBRA} or not observations:
        return ""
    exams = [_other_exam(each) for each in observations]
    return f"seen on {'; '.join(dict.fromkeys(exams))}" if all(exams) else ""


def _other_exam(observation: Observation) -> str:
    """What was examined, where it was something else; empty where it was the spine, or nobody says."""
    if observation.source.kind is not SourceKind.RADIOLOGY or not observation.text:
        return ""
    folded = fold(observation.text)
    parts = split_sections(folded)
    title = _joined(observation.text, parts, Section.TITLE)
    exam = observation.display.strip() or title
    asked = _joined(observation.text, parts, Section.REQUEST)
    named = fold(f"{exam} {title}")
    if not exam or _OF_THE_BONES.search(named) or _FOR_AN_INJURY.search(named):
        return ""
    # A report without a labelled request is searched whole: a fall named anywhere takes the mark away.
    why = fold(asked) or folded
    if _FOR_AN_INJURY.search(why) or (asked and _ABOUT_THE_BACK.search(why)):
        return ""
    return exam[:60].rstrip(" .:")


def _joined(text: str, parts: list[tuple[Section, int, int]], section: Section) -> str:
    return " ".join(text[start:end].strip() for kind, start, end in parts if kind is section).strip()
