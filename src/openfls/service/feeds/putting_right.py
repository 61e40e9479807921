"""What a person put right of a fracture holds for all that tells of it, whatever comes later and in whatever order.

The evidence is grouped as it was told first. Of each group that holds a record which a correction names, and is about
the place that was told, the day and the place are replaced; then everything is grouped anew. So a check film of the
wrongly dated fracture follows it, and a record that tells the right day or place joins it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from openfls.identification.episodes import sort_out
from openfls.record.feeds import FoundFracture, Observation
from openfls.record.findings import Finding, FractureAge
from openfls.record.people import Demographics
from openfls.record.sites import Side, Site
from openfls.service.models import FractureCorrection, Person, SourceRecord

Told = dict[Observation, SourceRecord]
"""Evidence as it counts, each with the record behind it; a record can stand behind two."""


def standing_for(person: Person) -> list[FractureCorrection]:
    """The corrections that stand of any fracture of ``person``, in the order in which they were made."""
    rows = FractureCorrection.objects.filter(person=person, ended_at=None)
    return list(rows.order_by("pk"))


def put_right(
    told: Told,
    corrections: Sequence[FractureCorrection],
    person: Demographics,
    brought_back: Mapping[Observation, str],
) -> tuple[Told, dict[Observation, str]]:
    """The evidence with what people put right of it, and ``brought_back`` by the evidence as it is now."""
    if not corrections:
        return told, dict(brought_back)
    groups = sort_out(told, person=person, brought_back=brought_back).found
    right: Told = dict(told)
    back = dict(brought_back)
    for correction in corrections:
        for observation in _about(correction, told, groups):
            if observation not in right:
                continue  # an earlier correction has taken it
            record = right.pop(observation)
            reason = back.pop(observation, "")
            for part in _parts(observation, correction):
                right[part] = record
                if reason:
                    back[part] = reason
    return right, back


def _about(correction: FractureCorrection, told: Told, groups: Sequence[FoundFracture]) -> list[Observation]:
    """All that tells of the fracture: the records that are named, and what is grouped with them."""
    named = [
        observation
        for observation, record in told.items()
        if record.row.record in correction.records
        and any(_meant(each, correction) for each in observation.findings)
    ]
    chosen = dict.fromkeys(named)
    for group in groups:
        if _same_place(group.site, group.side, correction) and any(
            each in chosen for each in group.observations
        ):
            chosen |= dict.fromkeys(
                each for each in group.observations if any(_meant(one, correction) for one in each.findings)
            )
    return list(chosen)


def _meant(finding: Finding, correction: FractureCorrection) -> bool:
    return _same_place(finding.site, finding.side, correction) and _levels_meet(finding, correction)


def _same_place(site: Site, side: Side, correction: FractureCorrection) -> bool:
    if site not in (correction.told_site, Site.UNSPECIFIED):
        return False
    open_sides = {Side.NONE, Side.BOTH}
    return side in open_sides or correction.told_side in open_sides or side == correction.told_side


def _levels_meet(finding: Finding, correction: FractureCorrection) -> bool:
    levels = set(filter(None, correction.told_levels.split(";")))
    return not levels or not finding.levels or not levels.isdisjoint(finding.levels)


def _parts(observation: Observation, correction: FractureCorrection) -> list[Observation]:
    """The observation as it counts: what is meant put right, and apart from it what it tells of other bones."""
    meant = [each for each in observation.findings if _meant(each, correction)]
    others = tuple(each for each in observation.findings if each not in meant)
    levels = tuple(filter(None, correction.levels.split(";")))
    same_levels = correction.levels == correction.told_levels
    findings = dict.fromkeys(
        replace(
            each,
            site=Site(correction.site),
            side=Side(correction.side),
            levels=each.levels if same_levels else levels,
            # Whoever puts the day right says when it broke: it is that fracture, not one seen to be old then.
            age=FractureAge.NEW if correction.on != correction.told_on else each.age,
        )
        for each in meant
    )
    on = correction.on if correction.on != correction.told_on else observation.on
    right = replace(observation, on=on, findings=tuple(findings))
    return [right, replace(observation, findings=others)] if others else [right]
