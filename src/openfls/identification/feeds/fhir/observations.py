"""Observation: a result with its unit and status, and each of its components, by LOINC or SNOMED CT."""

from __future__ import annotations

import re
from dataclasses import replace

from openfls.identification.feeds.fhir.context import Context, Entry, codings
from openfls.identification.feeds.fhir.shape import Json, obj, objs, text
from openfls.identification.feeds.measured import Result, from_result
from openfls.identification.feeds.numbers import iso_date
from openfls.identification.results.interpret import Raw
from openfls.record.feeds import Reading, ResultStatus, SourceKind

_STATUS = {
    "preliminary": ResultStatus.PRELIMINARY,
    "amended": ResultStatus.CORRECTED,
    "corrected": ResultStatus.CORRECTED,
}
_TAKEN_BACK = {
    "entered-in-error": "entered in error",
    "cancelled": "cancelled",
    "registered": "not ready yet",
}
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T(\d{2}:\d{2})")
Triple = tuple[str, str, str]
# A blood pressure whose position is told by the code of the whole (UK Core), its numbers by general codes.
_POSITION = {"163033001": "lying", "163034007": "standing"}
_GENERAL = {
    "8480-6": "systolic",
    "271649006": "systolic",
    "72313002": "systolic",
    "8462-4": "diastolic",
    "271650006": "diastolic",
    "1091811000000102": "diastolic",
}


def read_observation(entry: Entry, context: Context) -> list[Reading]:
    """The readings of one Observation; none where neither it nor a component of it is a result that we read."""
    if not context.options.measured:
        return []
    resource = entry.resource
    told = _told(entry, context)
    whole = _triples(resource.get("code"))
    position = next((_POSITION[code] for _, code, _ in whole if code in _POSITION), "")
    found: list[Reading] = []
    parts = [
        (whole, resource),
        *((_triples(part.get("code")), part) for part in objs(resource.get("component"))),
    ]
    for listed, part in parts:
        named = [*listed, *_placed(listed, position)]
        value, unit = _value(part)
        mark = "" if part is resource else next((f" {code}" for _, code, _ in listed if code), "")
        source = replace(told.source, record=f"{told.source.record}{mark}")
        own = context.options.results
        raw = Raw(tuple(named), value, unit, own, text(obj(resource.get("specimen")).get("display")))
        reading = from_result(raw, replace(told, source=source), context.options)
        if reading is not None:
            found.append(reading)
    return found


def _told(entry: Entry, context: Context) -> Result:
    resource = entry.resource
    status = text(resource.get("status"))
    moment = (
        text(resource.get("effectiveDateTime"))
        or text(resource.get("effectiveInstant"))
        or text(obj(resource.get("effectivePeriod")).get("start"))
    )
    clock = _MOMENT.match(moment)
    performers = [text(each.get("display")) for each in objs(resource.get("performer"))]
    return Result(
        source=context.source(entry, SourceKind.RESULT),
        person=context.person(resource.get("subject")),
        on=iso_date(moment),
        at=clock[1] if clock else "",
        status=_STATUS.get(status, ResultStatus.FINAL),
        withdrawn=_TAKEN_BACK.get(status, ""),
        teller=next(filter(None, performers), context.options.feed or f"FHIR {context.server}"),
    )


def _triples(concept: object) -> list[Triple]:
    found = [(each.system, each.code, each.display) for each in codings(concept)]
    words = text(obj(concept).get("text"))
    return [*found, ("", "", words)] if words else found


def _placed(listed: list[Triple], position: str) -> list[Triple]:
    """The codes of a reading in a position, where the whole told the position and the part only the number."""
    part = next((_GENERAL[code] for _, code, _ in listed if code in _GENERAL), "")
    return [("", "", f"{position} {part} blood pressure")] if position and part else []


def _value(part: Json) -> tuple[str, str]:
    """The value as text, and its unit: the UCUM code where there is one, else as displayed."""
    quantity = obj(part.get("valueQuantity"))
    if quantity:
        number = quantity.get("value")
        plain = "" if number is None or isinstance(number, bool | dict | list) else str(number)
        unit = text(quantity.get("code")) or text(quantity.get("unit"))
        return f"{text(quantity.get('comparator'))}{plain}" if plain else "", unit
    integer = part.get("valueInteger")
    if isinstance(integer, int) and not isinstance(integer, bool):
        return str(integer), ""
    concept = obj(part.get("valueCodeableConcept"))
    words = text(concept.get("text")) or next((each.display for each in codings(concept) if each.display), "")
    return words or text(part.get("valueString")), ""
