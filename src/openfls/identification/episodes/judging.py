"""What a told fracture asks for: case, review or nothing, with the reason in words.

The report rule book gives the triage of each finding (`record.findings.triage_of`); here it is weighed with
what the record knows: the energy of the injury, diseases of bone, the age at the fracture, a death. Nothing
that is missing excludes; only what is known does.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from openfls.record.feeds import Bearing, Energy, Observation
from openfls.record.findings import Certainty, Finding, FractureAge, Kind, Triage, triage_of
from openfls.record.people import Demographics, age_on
from openfls.record.sites import OUTSIDE_FLS, Side, Site

MINIMUM_AGE = 50
OLDEST = 120


def triage_with_reason(
    pieces: Sequence[tuple[Observation, Finding]],
    person: Demographics,
    on: date | None,
    age: int | None,
    doubts: Sequence[str],
) -> tuple[Triage, str]:
    """The triage of one fracture and why. ``doubts`` are reasons for a person's look that the caller knows.

    A person who has died is named with ``none`` and is never offered for contact.
    """
    looks = [*doubts, *_doubts(pieces, on, age)]
    cases = any(
        triage_of(finding) is Triage.CASE and observation.bearing is Bearing.FRACTURE
        for observation, finding in pieces
    )
    if looks:
        triage, reason = Triage.REVIEW, "; ".join(looks)
    elif cases:
        triage, reason = Triage.CASE, _case_reason(pieces, age)
    else:
        triage, reason = Triage.REVIEW, _hedge(pieces)
    if person.deceased:
        died = f"died {person.deceased_on}" if person.deceased_on else "died, day not known"
        return Triage.NONE, f"{died}: not offered for contact ({reason})"
    return triage, reason


def age_at(person: Demographics, on: date | None) -> int | None:
    """Completed years at the fracture; None where the birth date or the day is not known or cannot be
    right."""
    if person.birth_date is None or on is None:
        return None
    age = age_on(person.birth_date, on)
    return age if 0 <= age <= OLDEST else None


def left_out_reason(observation: Observation, finding: Finding) -> str:
    """Why a finding makes no fracture of this service."""
    if finding.site in OUTSIDE_FLS:
        return f"{finding.site.label.lower()}: outside a fracture liaison service"
    if finding.age is FractureAge.OLD:
        return f"an old fracture: {finding.site.label.lower()}"
    return f"{finding.site.label.lower()}: {observation.remark or 'not for this service'}"


def _doubts(pieces: Sequence[tuple[Observation, Finding]], on: date | None, age: int | None) -> list[str]:
    looks: list[str] = []
    if on is None:
        looks.append("the day of the fracture is not known")
    elif age is None:
        looks.append("the age at the fracture is not known")
    kinds = {finding.kind for _, finding in pieces} & {Kind.PATHOLOGICAL, Kind.PERIPROSTHETIC, Kind.ATYPICAL}
    looks += [f"{kind} fracture" for kind in sorted(kinds)]
    energies = {observation.energy for observation, _ in pieces}
    if Energy.HIGH in energies:
        looks.append("high-energy injury recorded" + (", low-energy too" if Energy.LOW in energies else ""))
    elif Energy.REVIEW in energies and Energy.LOW not in energies:
        looks.append("judge how hard the blow was")
    if all(observation.bearing is not Bearing.FRACTURE for observation, _ in pieces):
        looks += sorted({observation.remark for observation, _ in pieces if observation.remark})
    return looks


def _case_reason(pieces: Sequence[tuple[Observation, Finding]], age: int | None) -> str:
    kinds = sorted({observation.source.kind for observation, _ in pieces})
    energies = {observation.energy for observation, _ in pieces}
    energy = "low-energy injury" if Energy.LOW in energies else "energy not recorded"
    old = all(finding.age is FractureAge.OLD for _, finding in pieces)
    what = "old vertebral fracture, may never have been acted upon" if old else "new fracture"
    return f"{what} at {age}, told by {', '.join(kinds)}; {energy}"


def _hedge(pieces: Sequence[tuple[Observation, Finding]]) -> str:
    if all(finding.certainty is Certainty.POSSIBLE for _, finding in pieces):
        return "the fracture is only possible"
    if all(finding.site is Site.UNSPECIFIED for _, finding in pieces):
        return "no record says which bone"
    remarks = sorted({observation.remark for observation, _ in pieces if observation.remark})
    return "; ".join(remarks) or "a person must look"


def one_side(sides: set[Side]) -> Side:
    """The side that pieces of one fracture give it together."""
    sided = sides - {Side.NONE}
    if not sided:
        return Side.NONE
    return next(iter(sided)) if len(sided) == 1 else Side.BOTH
