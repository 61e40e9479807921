"""The Patient resource as demographics."""

from __future__ import annotations

import re

from openfls.identification.episodes.persons import PATIENT_ID
from openfls.identification.feeds.fhir.shape import Json, codes, first, obj, objs, text
from openfls.identification.feeds.numbers import NOT_A_PERSONS, is_nhs_system, iso_date, nhs_identifier
from openfls.record.people import Demographics, Identifier, Sex

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


def patient_identifier(resource_id: str, server: str) -> Identifier:
    """A server's own id of a person. A UUID is the same everywhere; another id only within its server."""
    return Identifier(PATIENT_ID if UUID.fullmatch(resource_id) else f"{PATIENT_ID} ({server})", resource_id)


def identifiers(listed: object) -> list[Identifier]:
    """FHIR identifiers that may name a person: NHS and hospital numbers, no licences, passports or visits."""
    kept = []
    for each in objs(listed):
        system, value = text(each.get("system")), text(each.get("value")).strip()
        types = set(codes(each.get("type")))
        if not value or types & NOT_A_PERSONS or text(each.get("use")) == "old":
            continue
        if is_nhs_system(system) or types & {"NH", "NHS"}:
            number = nhs_identifier(value)
            if number is not None:
                kept.append(number)
        elif system:
            kept.append(Identifier(system, value))
    return kept


def demographics(resource: Json, server: str) -> Demographics:
    """What a Patient resource says; ``server`` names where its id counts."""
    names = sorted(objs(resource.get("name")), key=lambda name: text(name.get("use")) != "official")
    name = names[0] if names else {}
    address = first(resource.get("address"))
    lines = _texts(address.get("line"))
    sex = text(resource.get("gender")).lower()
    died = resource.get("deceasedDateTime")
    phones = [each for each in objs(resource.get("telecom")) if text(each.get("system")) == "phone"]
    own = [patient_identifier(text(resource.get("id")), server)] if text(resource.get("id")) else []
    return Demographics(
        identifiers=tuple([*own, *identifiers(resource.get("identifier"))]),
        family_name=text(name.get("family")),
        given_name=" ".join(_texts(name.get("given"))),
        birth_date=iso_date(resource.get("birthDate")),
        sex=Sex(sex) if sex in ("female", "male") else Sex.UNKNOWN,
        deceased=bool(text(died)) or resource.get("deceasedBoolean") is True,
        deceased_on=iso_date(died),
        address=", ".join([*lines, *([text(address.get("city"))] if text(address.get("city")) else [])]),
        postcode=text(address.get("postalCode")),
        telephone=text(phones[0].get("value")) if phones else "",
        general_practice=_practice(resource),
    )


def _practice(resource: Json) -> str:
    practice = first(resource.get("generalPractitioner"))
    return text(obj(practice.get("identifier")).get("value")) or text(practice.get("display"))


def _texts(listed: object) -> list[str]:
    return [text(each) for each in listed if text(each)] if isinstance(listed, list) else []
