"""Results for tests: as a feed brings them, to a person who is known."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import Any

import world
from openfls.identification.feeds.measured import NOT_MAPPED
from openfls.record.feeds import Measured, Rejection, ResultStatus, Source, SourceKind, Unread
from openfls.record.people import Demographics
from openfls.service.investigation import mapping
from openfls.service.models import Episode, HeldResult, LabCode, Service, ToldValue
from openfls.service.roles import Role

_number = count(1)
LAB = "WINPATH RXX"
DXA = {
    "bone_density.lumbar_spine_t": -2.1,
    "bone_density.lumbar_spine_vertebrae": 4,
    "bone_density.total_hip_t": -2.6,
    "bone_density.femoral_neck_t": -2.4,
    "dxa.total_hip_bmd": 0.64,
    "dxa.machine": "Horizon 1",
}


def result(
    episode: Episode,
    field: str,
    value: Any,
    *,
    on: date | None = None,
    record: str = "",
    version: str = "",
    status: ResultStatus = ResultStatus.FINAL,
    teller: str = LAB,
    at: str = "",
) -> Measured:
    """A result of the episode's person, of five days ago."""
    return Measured(
        source=Source("lab", record or f"result {next(_number)}", SourceKind.RESULT, "line 1", version),
        person=episode.person.demographics(),
        on=on or world.TODAY - timedelta(days=5),
        field=field,
        value=value,
        as_sent=str(value),
        at=at,
        status=status,
        teller=teller,
    )


def taken_back(told: Measured, why: str, version: str = "") -> Rejection:
    """The sender takes a result back."""
    source = Source("lab", told.source.record, SourceKind.RESULT, "line 2", version)
    return Rejection(source, f"result x: {why}", told.person)


def bring(episode: Episode, **fields: Any) -> None:
    """Results of five days ago by the laboratory."""
    world.deliver(episode.service, *(result(episode, field, value) for field, value in fields.items()))


def scan(episode: Episode, on: date, **changed: Any) -> None:
    """A bone density scan by feed."""
    values = {**DXA, **{name.replace("__", "."): value for name, value in changed.items()}}
    world.deliver(
        episode.service,
        *(result(episode, field, value, on=on, teller="DXA RXX") for field, value in values.items()),
    )


def states(episode: Episode) -> list[str]:
    """The states of everything that was told of a person, in the order in which it came."""
    return list(
        ToldValue.objects.filter(person=episode.person).order_by("pk").values_list("state", flat=True)
    )


OWN = {"teller": LAB, "code": "K12", "unit": "umol/l serum"}
"""A code of the laboratory's own, as it sends it."""


def unread(
    person: Demographics, value: str = "82", *, on: date | None = None, record: str = "", version: str = ""
) -> Rejection:
    """A number under that code."""
    sent = Unread(
        code=OWN["code"],
        name="Creat",
        value=value,
        unit=OWN["unit"],
        on=on or world.TODAY - timedelta(days=5),
        teller=LAB,
    )
    source = Source("lab", record or f"result {next(_number)}", SourceKind.RESULT, "line 1", version)
    return Rejection(source, NOT_MAPPED.format("Creat"), person, unread=sent)


def own_code(service: Service) -> dict[str, str]:
    """What is to be said of the code, with a result that waits under it."""
    world.deliver(service, unread(world.demographics()))
    return {**OWN, "field": "creatinine_umol_l", "as_unit": "umol/l"}


def mapped(service: Service) -> LabCode:
    """The code with a meaning."""
    lead = world.member(service, Role.CLINICIAN, "lead of codes")
    return mapping.map_code(**own_code(service), by=lead)


def held_result(service: Service) -> HeldResult:
    """A result that waits under the code."""
    own_code(service)
    return HeldResult.objects.get(service=service)
