"""What happens in the year: who breaks what on which day, who tells of it, who dies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from openfls.fiction import people
from openfls.fiction.bones import blow, bone, bones, fall, site_row
from openfls.fiction.tables import by_age, percent, stream, table, weighted
from openfls.fiction.values import BrokenBone, Event, FictionalPerson, Mechanism, Story, Teller
from openfls.record.feeds import Energy
from openfls.record.findings import Kind
from openfls.record.people import Sex, age_on
from openfls.record.sites import OUTSIDE_FLS, Site

_YOUNG_SITES = {
    Site.WRIST: 24, Site.HAND: 24, Site.ANKLE: 16, Site.CLAVICLE: 10, Site.TIBIA_FIBULA: 9, Site.FOREARM: 8,
    Site.FOOT: 9,
}  # fmt: skip
_HARD_SITES = {
    Site.RIB: 22, Site.VERTEBRA: 16, Site.TIBIA_FIBULA: 16, Site.WRIST: 16, Site.CLAVICLE: 12, Site.FEMUR: 10,
    Site.PELVIS: 8,
}  # fmt: skip
_OUTSIDE = {Site.HAND: 45, Site.FOOT: 38, Site.SKULL_FACE: 17}
_STORY_SITES = {
    Story.METASTATIC: {Site.VERTEBRA: 60, Site.FEMUR: 25, Site.HUMERUS: 15},
    Story.PERIPROSTHETIC: {Site.FEMUR: 100},
    Story.POSSIBLE: {Site.HIP: 30, Site.VERTEBRA: 30, Site.PELVIS: 20, Site.WRIST: 20},
    Story.OLD: {Site.RIB: 40, Site.HUMERUS: 25, Site.WRIST: 25, Site.CLAVICLE: 10},
}
_KINDS = {Story.METASTATIC: Kind.PATHOLOGICAL, Story.PERIPROSTHETIC: Kind.PERIPROSTHETIC}
_NOBODY = Mechanism("", "", Energy.UNKNOWN)


@dataclass(frozen=True, slots=True)
class _Draft:
    """An event before its key is known."""

    person: str
    on: date
    age: int
    story: Story
    bones: tuple[BrokenBone, ...]
    mechanism: Mechanism
    told_by: tuple[Teller, ...]
    incidental: bool = False
    refracture: bool = False


class Hospital:
    """Fills a stretch of days with events; `events` and `people` hold the result."""

    def __init__(self, seed: int, start: date, end: date, size: int) -> None:
        self._chance = stream(seed, "hospital")
        self._numbers = people.numbers(stream(seed, "numbers"))
        self._start, self._end = start, end
        self._people: dict[str, FictionalPerson] = {}
        self._drafts: list[_Draft] = []
        wanted = round(size * self._days / 365)
        while len(self._drafts) < wanted:
            self._fragility()
        for name, share in table("events")["besides"].items():
            for _ in range(round(wanted * share / 100)):
                self._besides(Story(name))
        ordered = sorted(self._drafts, key=lambda draft: (draft.on, draft.person))
        self.events = tuple(_numbered(ordered))
        self.people = tuple(self._people.values())

    @property
    def _days(self) -> int:
        return (self._end - self._start).days + 1

    def _a_day(self) -> date:
        return self._start + timedelta(days=self._chance.randrange(self._days))

    def _person(self, on: date, age: int, sex: Sex) -> str:
        chance = self._chance
        key = f"P{len(self._people) + 1:05d}"
        self._people[key] = people.make(
            chance,
            key,
            sex=sex,
            born=people.birth_date(chance, on, age),
            care_home=percent(chance, people.care_home_percent(age)),
            issued=next(self._numbers),
        )
        return key

    def _fragility(self) -> None:
        """A fragility fracture; perhaps a second one within the year; perhaps a death."""
        chance, on = self._chance, self._a_day()
        site = weighted(chance, {Site(name): row["weight"] for name, row in table("sites").items()})
        key = self._person(on, _age(chance, site), _sex(chance, site))
        first = self._add_fragility(key, on, site)
        self._perhaps_dies(key, on, first.age, site)
        if percent(chance, table("events")["within"]["refracture"]):
            again = on + timedelta(days=chance.randrange(1, 366))
            died = self._people[key].died_on
            if again <= self._end and (died is None or again < died):
                second = weighted(
                    chance,
                    {Site(name): row["weight"] for name, row in table("sites").items() if name != site},
                )
                self._add_fragility(key, again, second, refracture=True)

    def _add_fragility(self, key: str, on: date, site: Site, *, refracture: bool = False) -> _Draft:
        chance = self._chance
        incidental = site is Site.VERTEBRA and percent(
            chance, table("events")["within"]["incidental_vertebra"]
        )
        if incidental:
            broken: tuple[BrokenBone, ...] = (
                bone(chance, site, region=chance.choice(("thoracic", "lumbar"))),
            )
            told_by: tuple[Teller, ...] = (Teller.RADIOLOGY,)
            mechanism = _NOBODY
        else:
            broken, mechanism, told_by = bones(chance, site), fall(chance, site), _tellers(chance, site)
        born = self._people[key].demographics.birth_date
        assert born is not None
        draft = _Draft(
            key, on, age_on(born, on), Story.FRAGILITY, broken, mechanism, told_by, incidental, refracture
        )
        self._drafts.append(draft)
        return draft

    def _perhaps_dies(self, key: str, on: date, age: int, site: Site) -> None:
        chance, death = self._chance, table("events")["death"]
        draw = chance.random() * 100
        if site is Site.HIP and draw < death["hip_30"]:
            day = chance.randrange(1, 31)
        elif draw < (death["hip_365"] if site is Site.HIP else by_age(death["other_365"], age)):
            day = chance.randrange(31 if site is Site.HIP else 1, 366)
        else:
            return
        died = on + timedelta(days=day)
        if died <= self._end:
            person = self._people[key]
            told = replace(person.demographics, deceased=True, deceased_on=died)
            self._people[key] = replace(person, died_on=died, demographics=told)

    def _besides(self, story: Story) -> None:
        """An event that is not a fragility fracture of the service."""
        chance, on = self._chance, self._a_day()
        young = story is Story.YOUNG
        age = chance.randrange(18, 50) if young else int(chance.triangular(50, 95, 68))
        key = self._person(on, age, chance.choice((Sex.FEMALE, Sex.MALE)))
        site, broken = _story_bones(chance, story)
        hard = story is Story.HIGH_ENERGY or (young and percent(chance, 55))
        mechanism = blow(chance) if hard else fall(chance, site or Site.HIP)
        told_by: tuple[Teller, ...] = (Teller.RADIOLOGY,)
        if story in (Story.YOUNG, Story.HIGH_ENERGY, Story.OUTSIDE_SITE) and site:
            told_by = _tellers(chance, site)
        elif story is Story.PERIPROSTHETIC:
            told_by = (Teller.RADIOLOGY, Teller.WARD)
        elif story is Story.NO_FRACTURE and percent(chance, 60):
            told_by = (Teller.EMERGENCY, Teller.RADIOLOGY)
        self._drafts.append(_Draft(key, on, age, story, broken, mechanism, told_by))


def _numbered(drafts: list[_Draft]) -> Iterator[Event]:
    for number, draft in enumerate(drafts, 1):
        yield Event(
            key=f"E{number:05d}",
            person=draft.person,
            on=draft.on,
            age=draft.age,
            story=draft.story,
            bones=draft.bones,
            mechanism=draft.mechanism,
            told_by=draft.told_by,
            incidental=draft.incidental,
            refracture=draft.refracture,
        )


def _story_bones(chance: Random, story: Story) -> tuple[Site | None, tuple[BrokenBone, ...]]:
    if story is Story.NO_FRACTURE:
        return None, ()
    sites = {Story.YOUNG: _YOUNG_SITES, Story.HIGH_ENERGY: _HARD_SITES, Story.OUTSIDE_SITE: _OUTSIDE}
    site = weighted(chance, sites.get(story) or _STORY_SITES[story])
    kind = _KINDS.get(story, Kind.TRAUMATIC)
    return site, (bone(chance, site, kind=kind),)


def _age(chance: Random, site: Site) -> int:
    youngest, commonest, oldest = site_row(site)["age"]
    return int(chance.triangular(youngest, oldest, commonest))


def _sex(chance: Random, site: Site) -> Sex:
    return Sex.FEMALE if percent(chance, site_row(site)["female"]) else Sex.MALE


def _tellers(chance: Random, site: Site) -> tuple[Teller, ...]:
    """The systems that tell of a fracture of ``site``. Who is operated upon was on a ward; somebody tells."""
    row = site_row(site)
    told = [teller for teller, share in _shares(row).items() if percent(chance, share)]
    if Teller.THEATRE in told and Teller.WARD not in told:
        told.append(Teller.WARD)
    if site in OUTSIDE_FLS and Teller.EMERGENCY not in told:
        told.append(Teller.EMERGENCY)
    return tuple(teller for teller in Teller if teller in (told or [Teller.RADIOLOGY]))


def _shares(row: dict[str, float]) -> dict[Teller, float]:
    return {
        Teller.EMERGENCY: row["emergency"],
        Teller.RADIOLOGY: row["imaged"],
        Teller.WARD: row["admitted"],
        Teller.THEATRE: row["theatre"],
    }
