"""The clinical picture of an episode: the newest answers, the fractures on record, and the person's age and sex."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from django.db.models import Q

from openfls.record.findings import Kind
from openfls.record.people import Sex, age_on
from openfls.record.picture import BoneDensity, EthnicGroup, FraxResult, PastFracture, Picture, Smoking
from openfls.record.sites import Site
from openfls.service.models import Answer, Episode, Fracture

_EARLIER = {"previous_hip_fracture": Site.HIP, "previous_vertebral_fracture": Site.VERTEBRA}
_MADE_HERE = {"on", "sex", "age", "fractures", "frax", "qfracture", "bone_density", "smoking", "ethnic_group"}
_PLAIN = {field.name for field in fields(Picture)} - _MADE_HERE
_NO_DRUG = "none"


def newest_answers(episode: Episode) -> dict[str, Answer]:
    """The answer that counts for each field: the last one given."""
    return {row.field: row for row in Answer.objects.filter(assessment__episode=episode).select_related("by")}


def picture_of(episode: Episode, on: date) -> Picture:
    """What is known of the person of ``episode`` on the day ``on``."""
    answers = {field: row.value for field, row in newest_answers(episode).items()}
    person = episode.person
    return Picture(
        on=on,
        sex=Sex(person.sex),
        age=age_on(person.birth_date, on) if person.birth_date else None,
        fractures=_fractures(episode, answers),
        ethnic_group=EthnicGroup(answers["ethnic_group"]) if answers.get("ethnic_group") else None,
        smoking=Smoking(answers["smoking"]) if answers.get("smoking") else None,
        frax=_frax(answers),
        bone_density=_bone_density(answers),
        **{name: _asked(value) for name, value in answers.items() if name in _PLAIN},
    )


def _asked(value: Any) -> Any:
    """The answer as the picture holds it: there, no drug after asking is the empty text."""
    return "" if value == _NO_DRUG else value


def _fractures(episode: Episode, answers: Mapping[str, Any]) -> tuple[PastFracture, ...]:
    recorded = [
        PastFracture(
            site=Site(row.site), on=row.on, fragility=row.fragility, kind=Kind(row.kind), levels=_levels(row)
        )
        for row in Fracture.objects.filter(
            # Another bone of the same event may have been told of some days later.
            Q(on__lte=episode.index_date) | Q(episode=episode),
            person=episode.person,
        )
        .exclude(episode__state="not_for_us")
        .exclude(fragility=False)  # a person found that it was no fragility fracture
        .order_by("on", "rank")
    ]
    told = [PastFracture(site=site, fragility=True) for field, site in _EARLIER.items() if answers.get(field)]
    if answers.get("previous_fracture") and not told:
        told = [PastFracture(site=Site.UNSPECIFIED, fragility=True)]
    return (*recorded, *told)


def _levels(fracture: Fracture) -> tuple[str, ...]:
    return tuple(fracture.levels.split(";")) if fracture.levels else ()


def _part(answers: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    return {
        field.removeprefix(prefix): value
        for field, value in answers.items()
        if field.startswith(prefix) and value is not None
    }


def _frax(answers: Mapping[str, Any]) -> FraxResult | None:
    given = _part(answers, "frax.")
    if len(given) < len(fields(FraxResult)):
        return None  # a result without its date, country model or BMD is not one to act on
    return FraxResult(**{**given, "on": date.fromisoformat(given["on"])})


def _bone_density(answers: Mapping[str, Any]) -> BoneDensity | None:
    given = _part(answers, "bone_density.")
    if "on" not in given:
        return None
    return BoneDensity(**{**given, "on": date.fromisoformat(given["on"])})
