"""Each resource type that may tell of a fracture, as a reading; every other type is counted, not read."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from openfls.identification.feeds.evidence import Told, from_codes, is_named, side_in
from openfls.identification.feeds.fhir.context import Context, Entry, codings
from openfls.identification.feeds.fhir.observations import read_observation
from openfls.identification.feeds.fhir.patient import demographics
from openfls.identification.feeds.fhir.reports import read_diagnostic_report
from openfls.identification.feeds.fhir.shape import Json, codes, obj, objs, text
from openfls.identification.feeds.numbers import iso_date
from openfls.record.feeds import Energy, Notice, Observation, Reading, Rejection, SourceKind
from openfls.record.findings import Certainty

_OPERATION = re.compile(r"reduction|fixation|replacement|nail|\bplat(?:e|ing)\b|plasty", re.IGNORECASE)
_WITHDRAWN = frozenset({"entered-in-error", "cancelled", "not-done"})
_HEDGED = frozenset({"provisional", "differential", "unconfirmed"})


def read_resource(entry: Entry, context: Context) -> list[Reading]:
    """What one resource says; nothing where it is not about fractures, to be counted by its type.

    An encounter may have several reasons: from the second on, the record's key carries ``#2``, ``#3`` …
    """
    read = _READERS.get(text(entry.resource.get("resourceType")))
    readings = read(entry, context) if read is not None else None
    listed = readings if isinstance(readings, list) else [readings] if readings is not None else []
    return [listed[0], *map(_numbered, listed[1:], range(2, len(listed) + 1))] if listed else []


def _numbered(reading: Reading, number: int) -> Reading:
    return replace(reading, source=replace(reading.source, record=f"{reading.source.record}#{number}"))


def _patient(entry: Entry, context: Context) -> Reading | None:
    source = context.source(entry, SourceKind.ENCOUNTER)
    told = demographics(entry.resource, context.server)
    if not is_named(told):
        return Rejection(source, "a Patient without id, number or name", told)
    return Notice(source, told, "death" if told.deceased else "demographics")


def _condition(entry: Entry, context: Context) -> Reading | None:
    resource = entry.resource
    status = set(codes(resource.get("verificationStatus")))
    told = Told(
        source=context.source(entry, SourceKind.DIAGNOSIS),
        person=context.person(resource.get("subject")),
        on=condition_date(resource, context),
        energy=context.energies.get(text(obj(resource.get("encounter")).get("reference")), Energy.UNKNOWN),
        certainty=Certainty.POSSIBLE if status & _HEDGED else Certainty.PRESENT,
        side=side_in(*_words(resource.get("bodySite")), *_words(resource.get("code"))),
    )
    reading = _coded(resource.get("code"), told, context)
    if reading is None:
        return None
    if status & {"refuted", "entered-in-error"}:
        return Rejection(told.source, f"the diagnosis is {', '.join(sorted(status))}", told.person)
    return reading


def _encounter(entry: Entry, context: Context) -> list[Reading]:
    resource = entry.resource
    emergency = text(obj(resource.get("class")).get("code")).upper() == "EMER"
    told = Told(
        source=context.source(entry, SourceKind.EMERGENCY if emergency else SourceKind.ENCOUNTER),
        person=context.person(resource.get("subject")),
        on=iso_date(obj(resource.get("period")).get("start")),
        energy=_energy_of(entry, context),
    )
    return _unless_withdrawn(resource, told, _reasons(resource, told, context))


def _procedure(entry: Entry, context: Context) -> list[Reading]:
    resource = entry.resource
    period = obj(resource.get("performedPeriod"))
    told = Told(
        source=context.source(entry, SourceKind.THEATRE),
        person=context.person(resource.get("subject")),
        on=iso_date(resource.get("performedDateTime")) or iso_date(period.get("start")),
        side=side_in(*_words(resource.get("bodySite"))),
    )
    # An operation that no list has is read from its words; care after a fracture is no evidence of a new one.
    operation = _OPERATION.search(" ".join(_words(resource.get("code")))) is not None
    own = _coded(resource.get("code"), told, context, words=operation)
    readings: list[Reading] = [] if isinstance(own, Observation) else _reasons(resource, told, context)
    if not readings and own is not None:
        readings = [own]
    return _unless_withdrawn(resource, told, readings)


def _reasons(resource: Json, told: Told, context: Context) -> list[Reading]:
    """The reasons that are about fractures. A reason that is a Condition is dated by that Condition."""
    readings: list[Reading] = []
    for reference in objs(resource.get("reasonReference")):
        condition = context.resolve(reference)
        if condition.get("resourceType") == "Condition":
            dated = replace(told, on=condition_date(condition, context) or told.on)
            readings += filter(None, [_coded(condition.get("code"), dated, context)])
    for concept in objs(resource.get("reasonCode")):
        readings += filter(None, [_coded(concept, told, context)])
    observed: list[Reading] = [reading for reading in readings if isinstance(reading, Observation)]
    return observed or readings[:1]


def _coded(concept: object, told: Told, context: Context, words: bool = True) -> Reading | None:
    listed = codings(concept)
    if not words:
        listed = [replace(each, display="") for each in listed]
    return from_codes(listed, told, context.options.lists, text(obj(concept).get("text")) if words else "")


def condition_date(condition: Json, context: Context) -> date | None:
    """When the bone broke: onset, else the encounter's start, else the day it was recorded."""
    onset = obj(condition.get("onsetPeriod")).get("start")
    encounter = context.resolve(condition.get("encounter"))
    return (
        iso_date(condition.get("onsetDateTime"))
        or iso_date(onset)
        or iso_date(obj(encounter.get("period")).get("start"))
        or iso_date(condition.get("recordedDate"))
    )


def _energy_of(entry: Entry, context: Context) -> Energy:
    keys = (entry.full_url, f"Encounter/{text(entry.resource.get('id'))}")
    return next((context.energies[key] for key in keys if key in context.energies), Energy.UNKNOWN)


def _words(concepts: object) -> list[str]:
    return [
        word
        for concept in objs(concepts)
        for word in (text(concept.get("text")), *(each.display for each in codings(concept)))
    ]


def _unless_withdrawn(resource: Json, told: Told, readings: list[Reading]) -> list[Reading]:
    status = text(resource.get("status"))
    if readings and status in _WITHDRAWN:
        return [Rejection(told.source, f"its status is {status}", told.person)]
    return readings


_READERS: dict[str, Callable[[Entry, Context], list[Reading] | Reading | None]] = {
    "Patient": _patient,
    "Condition": _condition,
    "Encounter": _encounter,
    "Procedure": _procedure,
    "DiagnosticReport": read_diagnostic_report,
    "Observation": read_observation,
}
