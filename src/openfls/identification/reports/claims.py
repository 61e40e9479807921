"""From mentions to claims: each claim one site and side (of the spine, one level) with what the report says of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from openfls.identification.reports.case import Status
from openfls.identification.reports.mentions import Mention, Said
from openfls.identification.reports.places import UNSIDED, Place
from openfls.identification.reports.sections import Section
from openfls.identification.reports.sentences import Sentence
from openfls.record.findings import Kind
from openfls.record.sites import Site

_SITES: Final = {site.value: site for site in Site}
# Sites whose side the examined side settles: a limb is filmed on one side, a chest where it hurts; a skull is not.
LIMB = frozenset(
    {
        Site.HIP,
        Site.FEMUR,
        Site.WRIST,
        Site.FOREARM,
        Site.HUMERUS,
        Site.CLAVICLE,
        Site.SCAPULA,
        Site.TIBIA_FIBULA,
        Site.ANKLE,
        Site.PATELLA,
        Site.HAND,
        Site.FOOT,
        Site.UNSPECIFIED,
        Site.PELVIS,
        Site.RIB,
    }
)

SCANNED = frozenset({Site.VERTEBRA, Site.HIP, Site.FEMUR, Site.PELVIS, Site.SACRUM})
"""What a bone density scan may show; it tells of the wrist as a risk factor."""
VIEWED: Final = frozenset({Section.TECHNIQUE, Section.FINDINGS})
VIEWS: Final = frozenset({"view", "views", "projections", "radiograph", "radiographs", "films"})
_LEADING = 5
_KNEES: Final = frozenset({"knee", "tkr", "tka", "tkrs"})
_OPENING = 6
_FIRST_LINE = 120


@dataclass
class Claim:
    """What one mention says about one place. ``level`` is empty outside the spine and where none is named."""

    site: Site
    side: str
    level: str
    possible: bool
    age: str
    kind: Kind | None
    section: Section
    sentence: int
    own_place: bool
    definite: bool
    rule: str
    asks: bool = False
    added: bool = False
    said: list[Said] = field(default_factory=list)


class Exam:
    """What was examined and asked, from the title, the first line and the request; worked out when first needed."""

    def __init__(self, sentences: list[Sentence]) -> None:
        self._sentences = sentences
        self._known: tuple[list[Place], str] | None = None

    @property
    def sites(self) -> list[Place]:
        """The places that the title names."""
        return self._look()[0]

    @property
    def side(self) -> str:
        """``left`` or ``right`` where title or request name only one."""
        return self._look()[1]

    @property
    def families(self) -> set[str]:
        """The limbs that were examined."""
        return {place.family for place in self.sites if place.family}

    def _look(self) -> tuple[list[Place], str]:
        if self._known is not None:
            return self._known
        sites: list[Place] = []
        sides: set[str] = set()
        asked_sides: set[str] = set()
        for sentence in self._sentences[:_OPENING]:
            heading = sentence.section is Section.TITLE or (
                sentence.number == 0 and sentence.start < _FIRST_LINE
            )
            viewed = sentence.section in VIEWED and _tells_views(sentence.words[:_LEADING])
            if not heading and not viewed and sentence.section is not Section.REQUEST:
                continue
            named = {hit.entry.value for hit in sentence.groups.get("side", ())}
            if not heading:
                asked_sides |= named
                continue
            sides |= named
            for hit in sentence.bones:
                entry = hit.entry
                levels = frozenset(hit.levels)
                sites.append(Place(entry.sites, "", levels, entry.rank, entry.family, [hit], sentence))
        settled = sides or asked_sides
        side = next(iter(settled)) if len(settled) == 1 else ""
        self._known = sites, side if side in {"left", "right"} else ""
        return self._known


def _tells_views(words: list[str]) -> bool:
    """ "Three views of the left wrist": a sentence on what was filmed."""
    return any(word in VIEWS and after == "of" for word, after in pairwise(words))


def claims_of(mention: Mention, places: list[Place], exam: Exam) -> list[Claim]:
    """The claims of an affirmed mention at the given places; two words for one bone are one claim."""
    claims: dict[tuple[str, str, str, str], Claim] = {}
    said = mention.said
    aged = len(places) > 1 and any([place.age and place.levels for place in places])
    last = {level: place for place in places for level in place.levels} if aged else {}
    near_knee = not _KNEES.isdisjoint(mention.sentence.words)
    for place in places:
        if aged and place.levels and all(last[level] is not place for level in place.levels):
            continue  # said again later in the sentence with its age
        here = place.sentence or mention.sentence
        words = [(here, hit) for hit in place.hits]
        site = settle(place, places, exam, near_knee=near_knee)
        side = "" if site.value in UNSIDED else place.side
        if not side and site in LIMB:
            side = exam.side
        age = place.age or mention.age
        for level in sorted(place.levels) if site is Site.VERTEBRA and place.levels else [""]:
            key = site.value, side, level, age
            if key in claims:
                claims[key].said.extend(words)
                continue
            claims[key] = Claim(
                site=site,
                side=side,
                level=level,
                possible=mention.verdict.status is Status.POSSIBLE,
                age=age,
                kind=mention.kind,
                section=mention.sentence.section,
                sentence=mention.sentence.number,
                own_place=mention.own_place,
                definite=mention.definite,
                rule=mention.rule,
                asks=mention.verdict.asks,
                added=mention.added,
                said=said + words,
            )
    return list(claims.values())


def settle(place: Place, places: list[Place], exam: Exam, *, near_knee: bool = False) -> Site:
    """The site of a place; where a word fits two bones, the sentence and then the examination decide."""
    if len(place.choices) == 1:
        return _SITES[place.site]
    around = [other for other in places if other is not place] + exam.sites
    for other in around:
        for choice in place.choices:
            if choice in other.choices[:1] and len(other.choices) == 1:
                return Site(choice)
    knee = near_knee or any("knee" in hit.entry.rule for other in around for hit in other.hits)
    if "femur" in place.choices and (knee or "thigh" in exam.families or "leg" in exam.families):
        return Site.FEMUR
    if "foot" in place.choices and "leg" in exam.families:
        return Site.FOOT
    return Site(place.site)


def aged_levels(sentence: Sentence) -> list[tuple[frozenset[str], str, list[Said]]]:
    """Levels that a sentence without a fracture word calls old or new: "T8 and T9 are chronic"."""
    ages = [hit for hit in sentence.groups.get("age", ()) if hit.entry.value != "indeterminate"]
    found: list[tuple[frozenset[str], str, list[Said]]] = []
    if not ages:
        return found
    for hit in sentence.groups.get("level", ()):
        nearest = min(ages, key=lambda age: max(age.start - hit.end, hit.start - age.end))
        value = "new" if nearest.entry.value in {"new", "progress"} else nearest.entry.value
        found.append((frozenset(hit.levels), value, [(sentence, hit), (sentence, nearest)]))
    return found
