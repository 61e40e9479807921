"""Radiology reports in the style of a hospital's, each with what the rule book says it contains."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from openfls.fiction.tables import stream, table
from openfls.fiction.values import BrokenBone, Event, FictionalPerson, Report, Story, Teller
from openfls.record.findings import Certainty, Finding, FractureAge, Kind
from openfls.record.people import Sex
from openfls.record.sites import Side, Site

_WHOLE = {
    Story.METASTATIC: "metastatic",
    Story.PERIPROSTHETIC: "periprosthetic",
    Story.POSSIBLE: "possible",
    Story.OLD: "old",
}
_SHORT = {Side.LEFT: "Lt", Side.RIGHT: "Rt", Side.BOTH: "Both", Side.NONE: ""}


@dataclass(frozen=True, slots=True)
class _Words:
    """What the placeholders of a template stand for."""

    side: str
    short: str
    levels: str
    age: int
    sex: str
    cause: str
    signature: str

    def fill(self, template: str, **more: str) -> str:
        text = template.format(
            side=self.side,
            Side=self.side.capitalize(),
            rl=self.short,
            levels=self.levels,
            age=self.age,
            sex=self.sex,
            cause=self.cause,
            signature=self.signature,
            **more,
        )
        return "\n".join(" ".join(line.split()) for line in text.split("\n"))


def reports(seed: int, events: tuple[Event, ...], people: dict[str, FictionalPerson]) -> Iterator[Report]:
    """Every report of the events that radiology tells of: one for each bone, or one that finds none."""
    for event in events:
        if Teller.RADIOLOGY not in event.told_by:
            continue
        chance = stream(seed, "report", event.key)
        sex = people[event.person].demographics.sex
        for number, bone in enumerate(event.bones or (None,), 1):
            modality, text, expected = _write(chance, event, bone, sex)
            key = f"R{event.key[1:]}{number}"
            yield Report(key, event.key, event.person, event.on, modality, text, expected)


def _write(
    chance: Random, event: Event, bone: BrokenBone | None, sex: Sex
) -> tuple[str, str, tuple[Finding, ...]]:
    texts = table("reports")
    words = _words(chance, event, bone, sex)
    if bone is None:
        row = chance.choice(texts["no_fracture"])
        return row["modality"], words.fill(row["text"]), ()
    expected = (_expected(event, bone),)
    if event.story in _WHOLE:
        rows = [row for row in texts[_WHOLE[event.story]] if row["site"] == bone.site]
        row = chance.choice(rows)
        return row["modality"], words.fill(row["text"]), expected
    if event.incidental:
        region = (
            "thoracic" if bone.levels[0].startswith("T") and bone.levels[-1].startswith("T") else "lumbar"
        )
        row = chance.choice([row for row in texts["incidental"] if row["region"] == region])
        finding = words.fill(chance.choice(texts["incidental_finding"][_number(bone)]))
        return row["modality"], words.fill(row["text"], finding=finding), expected
    row = texts[bone.site.value]
    return row["modality"], _compose(chance, texts["frames"], row, words, bone), expected


def _compose(chance: Random, frames: list[str], row: dict[str, Any], words: _Words, bone: BrokenBone) -> str:
    both = bone.side is Side.BOTH
    if bone.site is Site.VERTEBRA:
        sentences = row["fracture"][_number(bone)]
    else:
        sentences = row["fracture"]["both" if both else bone.icd10]
    finding = chance.choice(sentences)
    # Both sides are summed up in their own words: "bilateral … fracture" in the singular reads wrong.
    conclusion = finding if both else chance.choice(row["conclusion"])
    return words.fill(
        chance.choice(frames),
        exam=words.fill(chance.choice([exam for exam in row["exam"] if not (both and "{side}" in exam)])),
        request=words.fill(chance.choice(row["request"])),
        findings=words.fill(finding),
        besides=chance.choice(row["besides"]),
        conclusion=words.fill(conclusion),
    )


def _words(chance: Random, event: Event, bone: BrokenBone | None, sex: Sex) -> _Words:
    side = bone.side if bone else chance.choice((Side.LEFT, Side.RIGHT))
    levels = bone.levels if bone else ()
    return _Words(
        side="bilateral" if side is Side.BOTH else side.value,
        short=_SHORT[side],
        levels=" and ".join(levels),
        age=event.age,
        sex={Sex.FEMALE: "F", Sex.MALE: "M"}.get(sex, ""),
        cause=event.mechanism.words or "Fall",
        signature=chance.choice(table("places")["radiology"]["signatures"]),
    )


def _number(bone: BrokenBone) -> str:
    return "many" if len(bone.levels) > 1 else "one"


def _expected(event: Event, bone: BrokenBone) -> Finding:
    kind = bone.kind
    if bone.site is Site.SACRUM:
        kind = Kind.STRESS
    return Finding(
        site=bone.site,
        side=bone.side,
        levels=bone.levels,
        certainty=Certainty.POSSIBLE if event.story is Story.POSSIBLE else Certainty.PRESENT,
        age=FractureAge.OLD if event.story is Story.OLD else FractureAge.NEW,
        kind=kind,
    )
