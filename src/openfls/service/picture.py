"""The clinical picture of an episode: what counts of all that is known, the fractures on record, age and sex."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from openfls.investigation.scan_standing import implied
from openfls.record.findings import Kind
from openfls.record.people import Sex, age_on
from openfls.record.picture import EthnicGroup, FraxResult, PastFracture, Picture, Smoking
from openfls.record.sites import Site
from openfls.service import rows
from openfls.service.claims import Known
from openfls.service.investigation.earlier_fractures import beyond_record
from openfls.service.known import known_of
from openfls.service.models import Episode, Fracture
from openfls.service.remembering import reading
from openfls.service.scans import changes, falling, scans_of

_MADE_HERE = {"on", "sex", "age", "fractures", "frax", "qfracture", "bone_density", "smoking", "ethnic_group"}
_PLAIN = {field.name for field in fields(Picture)} - _MADE_HERE
_NO_DRUG = "none"


@reading()
def picture_of(episode: Episode, on: date, known: Mapping[str, Known] | None = None) -> Picture:
    """What is known of the person of ``episode`` on the day ``on``; ``known`` where it has been looked up already."""
    known = known_of(episode, on) if known is None else known
    answers = {field: one.value for field, one in known.items() if one.value is not None}
    answers |= implied(answers)
    scans = scans_of(episode, known, on)
    person = episode.person
    return Picture(
        on=on,
        sex=Sex(person.sex),
        age=age_on(person.birth_date, on) if person.birth_date else None,
        fractures=_fractures(episode, known),
        ethnic_group=EthnicGroup(answers["ethnic_group"]) if answers.get("ethnic_group") else None,
        smoking=Smoking(answers["smoking"]) if answers.get("smoking") else None,
        frax=_frax(answers),
        bone_density=scans[-1].density if scans else None,
        **{
            "bmd_falling": falling(changes(scans)),
            "vfa_positive": scans[-1].vfa_positive if scans else None,
            "dxa_planned": _planned(answers),
            **{name: _asked(value) for name, value in answers.items() if name in _PLAIN},
        },
    )


def _planned(answers: Mapping[str, Any]) -> bool | None:
    """Whether a scan was asked for that has not been done yet; nothing is known of one that nobody noted."""
    asked = answers.get("dxa.requested_on")
    if not asked:
        return None
    return str(answers.get("bone_density.on") or "") < str(asked)


def _asked(value: Any) -> Any:
    """The answer as the picture holds it: there, no drug after asking is the empty text."""
    return "" if value == _NO_DRUG else value


def _fractures(episode: Episode, known: Mapping[str, Known]) -> tuple[PastFracture, ...]:
    recorded = [
        PastFracture(
            site=Site(row.site), on=row.on, fragility=row.fragility, kind=Kind(row.kind), levels=_levels(row)
        )
        for row in rows.fractures_of(episode)
    ]
    return (*recorded, *beyond_record(episode, known))


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
